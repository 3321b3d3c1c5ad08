import { stringify } from 'yaml'
import type { Day, GapKind } from '../model.js'
import { type Deadline, GOOGLE_DEADLINES } from './deadlines.js'
import type { HygieneRule } from './hygiene.js'
import type { Rule } from './rules.js'

/** An approved decision, with an end, that something does not count against the organization. */
export interface Decision {
  /** The last day on which it holds. */
  readonly until: Day
  readonly reason: string
  readonly approvedBy: string
}

/** A project, or everything under a folder, that is counted but gets no records of its own. */
export interface Exclusion extends Decision {
  readonly kind: 'exclusion'
  /** `projects/ID`, `projects/NUMBER` or `folders/N`. */
  readonly subject: string
}

/** Rules from which a key, the keys of a project, or all keys under a folder are exempt. */
export interface Exemption extends Decision {
  readonly kind: 'exemption'
  /** A key's name (with the project's number or ID), `projects/ID`, `projects/NUMBER` or `folders/N`. */
  readonly subject: string
  readonly rules: readonly (Rule | HygieneRule)[]
}

/** A gap that is expected: still recorded, but it does not make a run incomplete. */
export interface KnownGap extends Decision {
  readonly kind: 'known-gap'
  /** A key's name, a project, `folders/N` or `organizations/N`: that one and whatever lies under it. */
  readonly subject: string
  readonly missing: GapKind
}

/** A deadline that differs from Google's. */
export interface Override {
  readonly kind: 'deadline'
  readonly deadline: Deadline
  /** The last day on which it holds; without one it holds until the file says otherwise. */
  readonly until?: Day
  readonly reason: string
  readonly approvedBy: string
}

/** Everything of the policy that needs approval. */
export type Waiver = Exclusion | Exemption | KnownGap | Override

/** A further Slack channel, with a digest of the keys of one owner, folder or project. */
export interface Route {
  readonly by: 'owner' | 'folder' | 'project'
  /** The owner's name, `folders/N`, `projects/ID` or `projects/NUMBER`. */
  readonly subject: string
  /** A Slack channel ID. */
  readonly channel: string
}

export interface Owners {
  /** Project labels that name the owner; the first one present wins. */
  readonly labels: readonly string[]
  /** Owner by `folders/N`. */
  readonly folders: ReadonlyMap<string, string>
  /** Slack user or group ID by owner. */
  readonly slack: ReadonlyMap<string, string>
}

/** What an organization has decided about the audit, read once for a run and for its day. */
export interface Policy {
  /** The file or object it came from, or `built-in`. */
  readonly source: string
  /** The file as it was read; empty for the built-in policy. */
  readonly text: string
  /** SHA-256 of `text` in UTF-8, in hexadecimal; absent for the built-in policy. */
  readonly sha256?: string
  /** The deadlines that hold on the day for which the policy was read, moved ones included. */
  readonly deadlines: Readonly<Record<Rule, Deadline>>
  /** All moved deadlines of the file, those that have run out included. */
  readonly overrides: readonly Override[]
  /** Days without any request after which a key counts as dormant, 1 to 42. */
  readonly dormantDays: number
  /** The rows of hygiene that apply only because the policy asks for them. */
  readonly hygiene: readonly HygieneRule[]
  readonly exclude: readonly Exclusion[]
  readonly exemptions: readonly Exemption[]
  readonly knownGaps: readonly KnownGap[]
  readonly owners: Owners
  readonly routes: readonly Route[]
  /** Where a key's owner asks or objects. */
  readonly contact?: string
}

/** The policy of an organization that has written none: Google's dates, nobody exempt, owners by two usual labels. */
export function builtInPolicy(): Policy {
  return {
    source: 'built-in',
    text: '',
    deadlines: GOOGLE_DEADLINES,
    overrides: [],
    dormantDays: 30,
    hygiene: [],
    exclude: [],
    exemptions: [],
    knownGaps: [],
    owners: { labels: ['owner', 'team'], folders: new Map(), slack: new Map() },
    routes: [],
  }
}

/** The built-in policy as a policy file would say it: the text of its record, where it takes over from a file. */
export function builtInText({ deadlines, dormantDays }: Pick<Policy, 'deadlines' | 'dormantDays'>): string {
  const entries = Object.values(deadlines).map(({ rule, date, precision, status, source, checked }) => [
    rule,
    { date, precision, status, source, checked },
  ])
  return stringify({ deadlines: Object.fromEntries(entries), 'dormant-days': dormantDays })
}
