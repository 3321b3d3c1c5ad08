import { dayOf } from '../../calendar.js'
import { type Day, RULED_VERDICTS } from '../../model.js'
import { trafficClass } from '../../policy/traffic-classes.js'
import { type GoneRecord, isGone } from '../gone-record.js'
import { type KeyRecord, trafficIn } from '../key-record.js'

/** How far the move of one owner's keys from standard to auth keys is. Keys that cannot call the Gemini API do not count. */
export interface OwnerMove {
  /** Absent for keys without an owner. */
  readonly owner?: string
  /** Standard keys by the newest run: overdue, due or exempt. */
  readonly standard: number
  /** Those of them that were accepted in the last 7 days. */
  readonly inUse: number
  /** Those that worked and do not any more. */
  readonly stopped: number
  /** Those whose traffic is not known. */
  readonly notKnown: number
  /** Standard keys that were deleted, or went with their project, in the period. */
  readonly retired: number
  /** Auth keys by the newest run. */
  readonly auth: number
  /** Those of them that were made in the period. */
  readonly made: number
}

/** Whether a run found that a standard key is gone, or deleted, that had to move when it was last seen. */
export function isRetired(record: KeyRecord | GoneRecord): boolean {
  const { previousVerdict: was } = record
  if (was === undefined || !RULED_VERDICTS.includes(was)) return false
  return isGone(record) || record.verdict === 'deleted'
}

type Counts = { -readonly [Name in Exclude<keyof OwnerMove, 'owner'>]: number }

/** Counts the keys of one run by owner. */
export class Moves {
  readonly #owners = new Map<string | undefined, Counts>()

  /** Of other keys than standard keys that have to move nothing is counted. */
  addStandard({ verdict, key, ...record }: KeyRecord): void {
    if (!RULED_VERDICTS.includes(verdict)) return
    const counts = this.#of(key.project.owner)
    const { state } = trafficClass(trafficIn(record))
    counts.standard += 1
    counts.inUse += Number(state === 'works')
    counts.stopped += Number(state === 'stopped')
    counts.notKnown += Number(state === 'unknown')
  }

  /** Of other keys than auth keys for the Gemini API nothing is counted. `since`: the first day of the period. */
  addAuth({ verdict, key }: KeyRecord, since: Day): void {
    if (verdict !== 'compliant') return
    const counts = this.#of(key.project.owner)
    counts.auth += 1
    counts.made += Number(key.createTime !== undefined && dayOf(key.createTime, 'UTC') >= since)
  }

  /** How far each owner is, the one with the most standard keys first. `retired`: the owners of retired keys. */
  byOwner(retired: Iterable<string | undefined>): readonly OwnerMove[] {
    const owners = new Map([...this.#owners].map(([owner, counts]) => [owner, { ...counts }]))
    for (const owner of retired) {
      const counts = owners.get(owner) ?? { ...NONE }
      counts.retired += 1
      owners.set(owner, counts)
    }
    return [...owners]
      .map(([owner, counts]) => ({ ...(owner !== undefined && { owner }), ...counts }))
      .sort(
        (one, other) => other.standard - one.standard || ((one.owner ?? '') < (other.owner ?? '') ? -1 : 1),
      )
  }

  #of(owner: string | undefined): Counts {
    const known = this.#owners.get(owner) ?? { ...NONE }
    this.#owners.set(owner, known)
    return known
  }
}

const NONE: Counts = { standard: 0, inUse: 0, stopped: 0, notKnown: 0, retired: 0, auth: 0, made: 0 }
