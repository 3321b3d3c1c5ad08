import type { CALLS } from '../google/calls.js'
import type { GoogleClient } from '../google/client.js'
import type { ArchiveStore } from '../history/archive-store.js'
import type { InventoryMode } from '../inventory/options.js'
import type { Day, Instant } from '../model.js'
import type { Policy } from '../policy/policy.js'
import type { LogTrial, SlackTrial } from './delivery-trials.js'
import type { Findings } from './findings.js'
import type { Trial } from './trial.js'

export type CallName = keyof typeof CALLS

/** What a run is configured to read and to tell. */
export interface Plan {
  readonly scopes: readonly string[]
  /** Whether nobody named a scope, so that the one organization was taken that the credentials see. */
  readonly isScopeFound: boolean
  /** `export` is `auto` with `exportTo`. */
  readonly mode: Exclude<InventoryMode, 'export'>
  /** `gs://BUCKET`, where assets are exported to; undefined where they are not. */
  readonly exportTo?: string
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
