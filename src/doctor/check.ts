import type { DeliveryError } from '../deliver/delivery.js'
import type { CALLS } from '../google/calls.js'
import type { GoogleClient } from '../google/client.js'
import type { ArchiveStore } from '../history/archive-store.js'
import type { InventoryMode } from '../inventory/reading.js'
import type { Day, Instant, Project } from '../model.js'
import type { Policy } from '../policy/policy.js'
import type { Trial } from './trial.js'

export type CallName = keyof typeof CALLS

/** What a run is configured to read and to deliver. */
export interface Plan {
  readonly scopes: readonly string[]
  /** Whether nobody named a scope, so that the one organization was taken that the credentials see. */
  readonly isScopeFound: boolean
  /** `export` is `auto` with `exportTo`. */
  readonly mode: Exclude<InventoryMode, 'export'>
  /** `gs://BUCKET`, where assets are exported to; undefined where they are not. */
  readonly exportTo?: string
  /** The source of Security Command Center; undefined where none is written to. */
  readonly findings?: string
  /** Milliseconds. */
  readonly timeBudget: number
  readonly pace: number | 'off'
  /** Where the policy is read from; undefined for the built-in one. */
  readonly policy?: string
}

/** The place that is to be checked: a plan, and the parts that carry it out. */
export interface Site {
  readonly plan: Plan
  readonly google: GoogleClient
  readonly now: () => Instant
  /** In the time zone of the audit. */
  readonly today: Day
  readonly readPolicy: () => Promise<Policy>
  /** Where runs are remembered, and the name of this audit there. */
  readonly archive?: { readonly store: ArchiveStore; readonly audit: string }
  /** Where findings are written as OCSF; absent where they are not. */
  readonly ocsf?: ArchiveStore
  /** Absent where no records are written. */
  readonly log?: LogTrial
  /** Absent where no message is sent. */
  readonly slack?: SlackTrial
}

/** Who acts in a check: the credentials at Google, the bot at Slack, or this process. */
export type Actor = 'google' | 'slack' | 'process'

/** One kind of thing that a run needs, and how it is tried. */
export interface Check {
  /** What is called, as its vendor names it. */
  readonly call: string
  readonly actor: Actor
  /** Of the table of calls: those of which this tries the rights. */
  readonly covers: readonly CallName[]
  /** What a run needs it for. */
  readonly needs: string
  /** What it means where it does not work. */
  readonly otherwise: string
  readonly isNeeded: (site: Site) => boolean
  /** One outcome for each resource. Notes down what later checks go by. */
  readonly try: (site: Site, found: Findings) => Promise<readonly Omit<Trial, 'check'>[]>
}

/** How many of something there are, as far as was counted. */
export interface Counted {
  readonly count: number
  /** Whether that is all. */
  readonly isAll: boolean
}

/** What one check finds and others go by. */
export class Findings {
  /** Projects to try rights on, most telling first: `projects/123`. */
  readonly samples = new Set<string>()
  /** Folders to try rights on: `folders/1`. */
  readonly folders = new Set<string>()
  readonly organizations = new Set<string>()
  /** Projects that lie in no organization, by each of their names (`projects/acme`, `projects/123`): their IDs. */
  readonly standalone = new Map<string, string>()
  readonly sizes: { projects: Counted[]; keys: Counted[]; gemini: Counted[] } = {
    projects: [],
    keys: [],
    gemini: [],
  }
  policy: Policy | undefined
  /** The number of projects and keys of the newest remembered run. */
  remembered: { readonly projects: number; readonly keys: number } | undefined
  /** Whose token it is: `gemini-key-audit in Acme`. */
  slackBot: string | undefined
  /** What the Slack token may do. */
  slackScopes: readonly string[] | undefined

  /** Takes note of what a project lies in, or that it lies in nothing. */
  placeProject({ number, id }: Project, ancestors: readonly string[]): void {
    this.place(ancestors)
    if (ancestors.length > 0 || id === number) return
    for (const name of [number, id]) this.standalone.set(`projects/${name}`, id)
  }

  /** Takes note of what a project or folder lies in. */
  place(ancestors: readonly string[]): void {
    for (const name of ancestors) {
      if (name.startsWith('folders/')) this.folders.add(name)
      if (name.startsWith('organizations/')) this.organizations.add(name.slice('organizations/'.length))
    }
  }
}

/** Cloud Logging, as far as it can be tried without a trace. */
export interface LogTrial {
  /** `projects/acme`. */
  readonly project: string
  readonly logName: string
  /** Asks Cloud Logging to check a write and not to store it. Throws a `DeliveryError`. */
  rehearse(): Promise<void>
}

/** Who a Slack token is. */
export interface SlackBot {
  readonly name: string
  readonly team: string
  readonly scopes: readonly string[]
}

/** Slack, as far as it can be tried without posting. */
export interface SlackTrial {
  readonly channel: string
  /** Throws a `DeliveryError`. */
  who(): Promise<SlackBot>
  /** Why nothing could be posted to a channel; undefined where nothing stands in the way. */
  obstacle(channel: string, scopes: readonly string[]): Promise<DeliveryError | undefined | 'unseen'>
}
