import type { ApiRestriction, Day, GeminiAccess, Instant, KeyType, Verdict } from '../model.js'
import type { Rule } from '../policy/rules.js'
import type { GoneKey } from '../records/gone-record.js'
import { type KeyRecord, trafficIn } from '../records/key-record.js'

/** The last judgement of a key that was not `unknown`, and what it was made from. */
export interface LastJudgement {
  readonly verdict: Verdict
  /** The day by which it was judged. */
  readonly on: Day
  readonly type: KeyType
  readonly apiRestriction: ApiRestriction
  readonly access: GeminiAccess
  readonly dormant: boolean | 'unknown'
  /** Where one held. */
  readonly exemption?: { readonly rules: readonly Rule[]; readonly until: Day }
}

/** All that later runs need to know of a key; it moves from run to run, also while the key cannot be seen. */
export interface Knowledge {
  /** `type` is the last one that was known: a key's type never changes. */
  readonly key: GoneKey
  readonly verdict: Verdict
  /** Absent while the key never could be judged. */
  readonly last?: LastJudgement
  readonly firstSeen: Instant
  /** The newest run that saw the key. */
  readonly lastSeen: Instant
  /** The start of the reading that last showed the type. */
  readonly typeReadAt?: Instant
  /** The service account to which an auth key is bound: that never changes, and the inventory may not show it. */
  readonly boundTo?: string
  readonly overdueSince?: Day
  readonly lastAcceptedSeen?: Day
  /** What the traffic showed when it was last known. */
  readonly traffic?: ReturnType<typeof trafficIn>
  /** The run that recorded that the key has vanished. */
  readonly goneSince?: Instant
}

/** What is known of a key after a run has recorded it. */
export function knowledgeOf(record: KeyRecord, earlier: Knowledge | undefined): Knowledge {
  const { key, verdict, overdueSince } = record
  const type = key.type === 'unknown' ? (earlier?.key.type ?? 'unknown') : key.type
  const typeReadAt = readsType(record) ? record.reading : earlier?.typeReadAt
  const boundTo = key.serviceAccountEmail ?? earlier?.boundTo
  const last = lastJudgement(record) ?? earlier?.last
  const overdue = verdict === 'unknown' ? earlier?.overdueSince : overdueSince
  const accepted = latest(record, earlier?.lastAcceptedSeen)
  const traffic = trafficIn(record) === 'unknown' ? earlier?.traffic : trafficIn(record)
  return {
    key: {
      name: key.name,
      uid: key.uid,
      ...(key.displayName === undefined ? {} : { displayName: key.displayName }),
      project: key.project,
      type,
    },
    verdict,
    ...(last === undefined ? {} : { last }),
    firstSeen: record.firstSeen ?? record.run,
    lastSeen: record.run,
    ...(typeReadAt === undefined ? {} : { typeReadAt }),
    ...(boundTo === undefined ? {} : { boundTo }),
    ...(overdue === undefined ? {} : { overdueSince: overdue }),
    ...(accepted === undefined ? {} : { lastAcceptedSeen: accepted }),
    ...(traffic === undefined ? {} : { traffic }),
  }
}

/** Whether a run has seen the type of a key itself. */
function readsType({ key, evidence }: KeyRecord): boolean {
  return key.type !== 'unknown' && evidence.type.from !== 'remembered'
}

function lastJudgement(record: KeyRecord): LastJudgement | undefined {
  const { verdict, asOf, key, geminiAccess, dormant, exemption } = record
  if (verdict === 'unknown') return undefined
  return {
    verdict,
    on: asOf,
    type: key.type,
    apiRestriction: key.apiRestriction,
    access: geminiAccess,
    dormant,
    ...(exemption === undefined ? {} : { exemption: { rules: exemption.rules, until: exemption.until } }),
  }
}

/** The record with the last day with accepted calls that this run or any before it saw. */
export function withLastAccepted(record: KeyRecord, before: Day | undefined): KeyRecord {
  const { usage } = record
  const day = latest(record, before)
  if (day === undefined) return record
  if ('unknown' in usage) return { ...record, usage: { ...usage, lastAcceptedSeen: day } }
  return { ...record, usage: { ...usage, gemini: { ...usage.gemini, lastAcceptedSeen: day } } }
}

/** Cloud Monitoring forgets after some weeks; runs do not. */
function latest({ usage }: Pick<KeyRecord, 'usage'>, before: Day | undefined): Day | undefined {
  const fresh = 'unknown' in usage ? undefined : usage.gemini.lastAccepted
  return [fresh ?? [], before ?? []].flat().toSorted().at(-1)
}
