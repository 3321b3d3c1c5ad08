import type { Advice } from '../errors.js'
import type {
  Action,
  ApiRestriction,
  GapKind,
  GeminiAccess,
  Instant,
  KeyType,
  Run,
  Verdict,
} from '../model.js'
import type { AssetChange, AssetChangeKind } from '../policy/asset-change.js'
import type { HygieneRule } from '../policy/hygiene.js'
import type { HoldingExemption, Note } from '../policy/judgement-types.js'
import { truncatedToEntry } from './fit.js'
import { headOf, type RecordHead } from './head.js'
import type { KeyRecord, RecordedFinding, RecordedProject } from './key-record.js'
import type { Tool } from './run-record.js'

/** A key that a change concerns, as it was judged when the change was read: the main fields of a `key` record. */
export interface EventKey {
  /** `projects/NUMBER/locations/global/keys/ID`. */
  readonly name: string
  /** Google's own identifier of the key. */
  readonly uid: string
  /** Absent where the key has none. */
  readonly displayName?: string
  /** As in a `key` record. */
  readonly type: KeyType
  /** As in a `key` record. */
  readonly apiRestriction: ApiRestriction
  /** As in a `key` record. */
  readonly geminiAccess: GeminiAccess
  /** As in a `key` record. */
  readonly verdict: Verdict
  /** One for each rule that applies, exempt ones included. */
  readonly findings: readonly RecordedFinding[]
  /** What else is worth knowing of the key. */
  readonly notes: readonly Note[]
  /** The exemption that holds for the key, where one does. */
  readonly exemption?: HoldingExemption
  /** What is to be looked at where no deadline asks anything, as in a `key` record. */
  readonly hygiene?: readonly HygieneRule[]
  /** One sentence for the key's owner. */
  readonly impact: string
  /** What is to be done, in one word. */
  readonly action: Action
}

interface EventHead extends RecordHead<'event'> {
  /** What wrote the record. */
  readonly tool: Tool
}

/**
 * - `news`: at least one key asks for something, and it was to be posted
 * - `harmless`: nothing does, as Google shows the keys now
 * - `gone`: the key, or its project, is no longer there
 * - `excluded`: the policy leaves the project out
 * - `outside`: the project is in no scope of the audit
 * - `unread`: the project could not be read, which does not pass by itself: the next run says it as a gap
 */
export const EVENT_OUTCOMES = ['news', 'harmless', 'gone', 'excluded', 'outside', 'unread'] as const
export type EventOutcome = (typeof EVENT_OUTCOMES)[number]

/** A change that was judged when it happened, between two runs. Its `run` is the time of the change. */
export interface JudgedEventRecord extends EventHead {
  /** What happened. */
  readonly change: AssetChangeKind
  /** The full name of the asset that was changed. */
  readonly asset: string
  /** When it was changed, as exactly as Google says. */
  readonly changedAt: Instant
  /** The project that holds it. */
  readonly project: RecordedProject
  /** What came of it; see docs/events.md. */
  readonly outcome: EventOutcome
  /** The keys that the change concerns and that ask for something, the most urgent first; at most 100. */
  readonly keys: readonly EventKey[]
  /** How many these are. */
  readonly keyCount: number
  /** What could not be read of them; absent where everything was. */
  readonly unread?: readonly UnreadFact[]
}

/** Something that could not be read of the keys of a change. */
export interface UnreadFact {
  /** What was not read. */
  readonly missing: GapKind
  /** Why, in one sentence. */
  readonly because: string
  /** What makes it readable. */
  readonly fix: string
}

/** A message of the feed that could not be read: it was taken, so that it does not come again. */
export interface UnreadableEventRecord extends EventHead {
  /** It could not be read. */
  readonly outcome: 'unreadable'
  /** Why. */
  readonly because: string
  /** What to do about it. */
  readonly advice: Advice
  /** The ID that Pub/Sub gave the message, where it has one. */
  readonly message?: string
}

export type EventRecord = JudgedEventRecord | UnreadableEventRecord

/** Keys of one change that its record names. */
const MOST_KEYS = 100

interface EventFacts extends Pick<JudgedEventRecord, 'project' | 'outcome'> {
  readonly change: AssetChange
  /** The keys that ask for something. */
  readonly keys: readonly KeyRecord[]
  readonly unread: readonly UnreadFact[]
  readonly tool: Tool
}

/** The record of a change. `run` has the time of the change. */
export function eventRecord(
  run: Run,
  { change, project, outcome, keys, unread, tool }: EventFacts,
): JudgedEventRecord {
  return truncatedToEntry({
    ...headOf('event', run),
    change: change.kind,
    asset: change.asset,
    changedAt: change.at,
    project,
    outcome,
    keys: keys.slice(0, MOST_KEYS).map(eventKey),
    keyCount: keys.length,
    ...(unread.length > 0 && { unread }),
    tool,
  })
}

/** The record of a message that could not be read. `run` has the time at which it came. */
export function unreadableEventRecord(
  run: Run,
  said: Pick<UnreadableEventRecord, 'because' | 'advice' | 'message' | 'tool'>,
): UnreadableEventRecord {
  return truncatedToEntry({ ...headOf('event', run), outcome: 'unreadable' as const, ...said })
}

function eventKey({ key, remedy, ...record }: KeyRecord): EventKey {
  const { geminiAccess, verdict, findings, notes, exemption, hygiene, impact } = record
  return {
    name: key.name,
    uid: key.uid,
    ...(key.displayName !== undefined && { displayName: key.displayName }),
    type: key.type,
    apiRestriction: key.apiRestriction,
    geminiAccess,
    verdict,
    findings,
    notes,
    ...(exemption && { exemption }),
    ...(hygiene && { hygiene: hygiene.map(({ id }) => id) }),
    impact,
    action: remedy.action,
  }
}
