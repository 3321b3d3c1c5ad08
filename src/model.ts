/**
 * The nouns of the audit and its closed lists. Everything else in the program speaks these words;
 * docs/records.md says what each means to a reader of the records.
 */

import type { KeyAccount } from './account.js'
import type { Fingerprint, Stated } from './errors.js'

declare const brand: unique symbol
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name }

/**
 * A calendar day, `YYYY-MM-DD`.
 * @pattern ^\d{4}-\d{2}-\d{2}$
 */
export type Day = Branded<string, 'Day'>

/**
 * A moment, RFC 3339 in UTC with a trailing `Z`; fraction digits as they were given (0, 3, 6 or 9).
 * @pattern ^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.(\d{3}|\d{6}|\d{9}))?Z$
 */
export type Instant = Branded<string, 'Instant'>

/** The service name of the Gemini API (Vertex AI's `aiplatform.googleapis.com` is another API). */
export const GEMINI_API = 'generativelanguage.googleapis.com'

export const KEY_TYPES = ['standard', 'auth', 'unknown'] as const
export type KeyType = (typeof KEY_TYPES)[number]

export const API_RESTRICTIONS = ['none', 'gemini-only', 'gemini-and-others', 'others-only'] as const
export type ApiRestriction = (typeof API_RESTRICTIONS)[number]

export const CLIENT_RESTRICTIONS = ['none', 'browser', 'server', 'android', 'ios'] as const
export type ClientRestriction = (typeof CLIENT_RESTRICTIONS)[number]

/** `latent`: the key could call the Gemini API, but it is not enabled in its project. */
export const GEMINI_ACCESS = ['yes', 'no', 'latent', 'unknown'] as const
export type GeminiAccess = (typeof GEMINI_ACCESS)[number]

/** What Google has made of a deadline: carried out already, or announced and not seen in force. */
export const DEADLINE_STATUSES = ['in-force', 'announced'] as const
export type DeadlineStatus = (typeof DEADLINE_STATUSES)[number]

export const VERDICTS = [
  'overdue',
  'due',
  'unknown',
  'exempt',
  'latent',
  'compliant',
  'not-affected',
  'deleted',
] as const
export type Verdict = (typeof VERDICTS)[number]

/** The verdicts that ask for something to be done. */
export const AFFECTED_VERDICTS: readonly Verdict[] = ['overdue', 'due', 'unknown']

/** The verdicts of keys to which rules are put: they have to move, be it later. */
export const RULED_VERDICTS: readonly Verdict[] = ['overdue', 'due', 'exempt']

export const ACTIONS = [
  'migrate',
  'restrict',
  'split',
  'retire',
  'move-to-backend',
  'provider-managed',
  'investigate',
  'none',
] as const
export type Action = (typeof ACTIONS)[number]

/** What a gap can be missing, in the order in which reports list it. */
export const GAP_KINDS = ['projects', 'keys', 'type', 'services', 'usage', 'policy', 'accounts'] as const
export type GapKind = (typeof GAP_KINDS)[number]

/** Something that should have been read and was not. A gap is never taken for "none". */
export interface Gap {
  readonly missing: GapKind
  /** What it covers: `projects/NUMBER`, `organizations/N`, a key's name. */
  readonly subject: string
  /** Why it was not read, and what makes it readable: records make sentences of it. */
  readonly problem: Stated
  readonly fingerprint: Fingerprint
}

export interface Project {
  /** Decimal digits. */
  readonly number: string
  /** The project ID; the number again where the ID is not known. */
  readonly id: string
  /** Resource Manager's lifecycle state, or `GONE` since it was listed; only `ACTIVE` projects are judged. */
  readonly state: string
  readonly labels: Readonly<Record<string, string>>
  /** Nearest first: `folders/1`, …, `organizations/9`. */
  readonly ancestors: readonly string[]
}

/** One `restrictions.apiTargets` entry. */
export interface ApiTarget {
  /** As Google has it, not lower-cased: remedies restate it. */
  readonly service: string
  readonly methods: readonly string[]
}

export interface AndroidApplication {
  readonly sha1Fingerprint: string
  readonly packageName: string
}

/** All restrictions of a key; an empty list says "none of this kind". */
export interface Restrictions {
  readonly apiTargets: readonly ApiTarget[]
  readonly allowedReferrers: readonly string[]
  readonly allowedIps: readonly string[]
  readonly allowedApplications: readonly AndroidApplication[]
  readonly allowedBundleIds: readonly string[]
  /** How many clients there are, where these lists were cut for their size. */
  readonly clientCount?: number
}

/**
 * A key as Google shows it, without its string, which is never read.
 * @see https://cloud.google.com/api-keys/docs/reference/rest/v2/projects.locations.keys
 */
export interface Key {
  /** `projects/NUMBER/locations/global/keys/ID`. The ID may be chosen by users and differ from `uid`. */
  readonly name: string
  /** Google's own identifier: what Cloud Monitoring knows the key by. */
  readonly uid: string
  readonly projectNumber: string
  /** Empty where the key has no display name. */
  readonly displayName: string
  readonly createTime?: Instant
  readonly updateTime?: Instant
  readonly deleteTime?: Instant
  /** Set on auth keys only. */
  readonly serviceAccountEmail?: string
  readonly restrictions: Restrictions
  /** Why the key cannot be judged, when a field of it was not what Google documents. */
  readonly flaw?: string
}

/** Where a fact comes from and when it was read. */
export interface Source<From extends string> {
  /** The request that showed it. */
  readonly from: From
  /** When it was read. */
  readonly readAt: Instant
}

export interface Evidence {
  /** Of the key itself and its restrictions. */
  readonly key: Source<'assets' | 'keys.list'>
  /** Of its type, which never changes; a remembered one was read by the earlier run whose reading began then. */
  readonly type: Source<'keys.list' | 'assets' | 'remembered'>
  /**
   * `assets`: the search over the scope; `services.get`: the project itself; `inherited`: what a folder or the
   * organization enables for every project below; `none`: could not be read.
   */
  readonly services: Source<'assets' | 'services.get' | 'inherited' | 'none'>
}

/** The inventory that showed projects and keys: changes of its last hours may be missing. */
export interface Listing {
  /** `assets`: its listing; `export`: an export of it. */
  readonly from: 'assets' | 'export'
  /** The oldest moment that was read of it. */
  readonly readAt: Instant
}

/** What reports say of a reading as a whole, beside its gaps. */
export interface ReadingNotes {
  /**
   * `not-read`: which services folders and the organization enable for all projects below them could not be read,
   * a preview of Google's. No gap; absent where it was read, or did not matter.
   */
  readonly inheritedServices?: 'not-read'
  /** How old what is known of projects and keys may be; absent where they were read one by one. */
  readonly listing?: Listing
}

/** Whether the Gemini API is enabled in a project. */
export type GeminiState = 'on' | 'off' | 'unknown'

/** Calls of one key to the Gemini API in the window. */
export interface GeminiCalls {
  readonly accepted: number
  readonly refused: number
  readonly failed: number
  /** Failed calls by HTTP response code. */
  readonly failedCodes: Readonly<Record<string, number>>
  readonly lastAccepted?: Day
  readonly lastRefused?: Day
}

export interface KnownUsage {
  /** First day of the window, in UTC as all days of traffic; for the whole look-back 42 days before the reading. */
  readonly since: Day
  readonly gemini: GeminiCalls
  /** Every service that any request of the key reached, whatever the answer, in alphabetical order. */
  readonly services: readonly string[]
  /** Day of the last request of any service and any answer. */
  readonly lastRequest?: Day
  /** Gemini calls by day, oldest first; days without calls are left out. */
  readonly daily: readonly DayCalls[]
  /** The day since which all keys of the project are answered 403 and nothing else, where several worked before. */
  readonly projectRefusedSince?: Day
}

/** Calls of one key to the Gemini API on one day. */
export interface DayCalls {
  readonly day: Day
  readonly accepted: number
  readonly refused: number
  readonly failed: number
  /** The same by HTTP response code; `none` where Google gives none. */
  readonly codes: Readonly<Record<string, number>>
}

/** Traffic of a key, or why it is not known. Unknown is never zero. */
export type Usage = { readonly unknown: string } | KnownUsage

/**
 * Whether the organization policy `constraints/iam.managed.disableServiceAccountApiKeyCreation` may keep
 * people from making an auth key in a project. `in-force`: it is enforced there, and the Gemini API is not
 * among the services that it allows; `absent`: it is not, or it allows that API; `unknown`: it could not be
 * read, which a gap says.
 */
export interface AuthKeyBlocker {
  readonly state: 'in-force' | 'absent' | 'unknown'
}

/**
 * The services besides the Gemini API that are enabled in the project of a key without API restriction, which it
 * may call as well, where they take API keys; or why they are not known. Unknown is never none.
 */
export type AlsoReaches =
  | {
      /** Why they are not known: they are then never none. */
      readonly unknown: string
    }
  | {
      /** At most 25 of them, the first in alphabetical order. */
      readonly services: readonly string[]
      /** How many more there are; absent where all are named. */
      readonly more?: number
      /** When they were read. */
      readonly readAt: Instant
    }

/** The auth key that probably replaces a standard key of its project. */
export interface Replacement {
  /** The name of the auth key. */
  readonly key: string
  /** Absent where it has none. */
  readonly displayName?: string
  /** One sentence: what the guess rests on. */
  readonly because: string
  /** Always there: Google does not say which key replaces which. */
  readonly guess: true
  /** The calls of both by day, without days that had none; absent where the standard key had none at all. */
  readonly calls?: readonly CallsOfBoth[]
}

/** Accepted calls of the Gemini API on one day, in UTC. */
export interface CallsOfBoth {
  readonly day: Day
  /** Of the standard key. */
  readonly standard: number
  /** Of the auth key; absent where they are not known. */
  readonly auth?: number
}

/** A key and all that was read about it: what the inventory hands to judging. */
export interface Observation {
  readonly key: Key
  readonly project: Project
  readonly type: KeyType
  readonly gemini: GeminiState
  readonly usage: Usage
  /** Of its project; absent where nobody asked, since no auth key has to be made there. */
  readonly blocker?: AuthKeyBlocker
  /** Of a key without API restriction that can call the Gemini API or may. */
  readonly alsoReaches?: AlsoReaches
  /** Of an auth key that is not deleted. */
  readonly account?: KeyAccount
  /** Of a standard key. */
  readonly replacement?: Replacement
  readonly evidence: Evidence
}

/** An observation and what follows from it without any calendar. */
export interface KeyFacts extends Observation {
  readonly apiRestriction: ApiRestriction
  /** `none` as well where the list of clients lets everybody in. */
  readonly clientRestriction: ClientRestriction
  readonly geminiAccess: GeminiAccess
  readonly dormant: boolean | 'unknown'
  /** Calendar days since it was made; absent where that is not known. */
  readonly ageDays?: number
}

/** Which run this is. */
export interface Run {
  /** `AUDIT_NAME`: runs are compared, chained and kept apart by it. */
  readonly audit: string
  /** The run's time, to the second: the schedule's, or the start. */
  readonly time: Instant
  /** When this reading began: distinguishes the attempts of one run. */
  readonly reading: Instant
  /** The day by which keys are judged. */
  readonly asOf: Day
  readonly asOfOverridden: boolean
  readonly scope: readonly string[]
}
