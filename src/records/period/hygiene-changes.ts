import { HYGIENE_RULES, HYGIENE_TABLE, type HygieneRule, isAccountUnknown } from '../../policy/hygiene.js'
import { openHygiene } from '../findings.js'
import { type GoneRecord, identityOf, isGone } from '../gone-record.js'
import type { KeyRecord } from '../key-record.js'

/** What became of one row of hygiene in a period, on the keys of one owner. */
export interface HygieneMove {
  readonly id: HygieneRule
  /** Absent for keys without an owner. */
  readonly owner?: string
  /** Keys that have it by the newest run, or had it when that was last known. */
  readonly open: number
  /** Keys that a run found with it, and the run before without. */
  readonly opened: number
  /** The other way round; a key that is gone, or exempt, has it no more. */
  readonly closed: number
}

interface Looked {
  readonly id: HygieneRule
  readonly owner: string | undefined
  /** What distinguishes the key from all others. */
  readonly key: string
}

/** What one run found to be looked at, and of which keys it does not know enough to say. */
export class LookedKeys {
  readonly found = new Map<string, Looked>()
  readonly #seen = new Set<string>()
  readonly #unjudged = new Set<string>()
  readonly #unknown = new Set<string>()

  add(record: KeyRecord | GoneRecord): void {
    const key = identityOf(record.key)
    this.#seen.add(key)
    if (isGone(record)) return
    if (record.verdict === 'unknown') this.#unjudged.add(key)
    if (isAccountUnknown(record.key.type, record.account)) this.#unknown.add(key)
    for (const { id } of openHygiene(record)) {
      this.found.set(`${id} ${key}`, { id, key, owner: record.key.project.owner })
    }
  }

  /** Whether it may be there although the run did not find it; one that is not complete may have missed the key. */
  isHidden({ id, key }: Looked, isComplete: boolean): boolean {
    if (!isComplete && !this.#seen.has(key)) return true
    return this.#unjudged.has(key) || (HYGIENE_TABLE[id].isOfAccount === true && this.#unknown.has(key))
  }
}

/** Compares each run with the one before. Memory grows with what is to be looked at in one run. */
export class HygieneMoves {
  readonly #counts = new Map<
    string,
    { id: HygieneRule; owner: string | undefined; opened: number; closed: number }
  >()
  #before: ReadonlyMap<string, Looked> | undefined

  /** The keys on which something is open: of these a run that is not complete has to have all records. */
  get keys(): ReadonlySet<string> {
    return new Set([...(this.#before?.values() ?? [])].map(({ key }) => key))
  }

  add(now: LookedKeys, isComplete: boolean): void {
    const still = new Map(now.found)
    for (const [name, looked] of this.#before ?? []) {
      if (now.found.has(name)) continue
      if (!now.isHidden(looked, isComplete)) this.#of(looked).closed += 1
      else still.set(name, looked)
    }
    for (const [name, looked] of now.found) {
      if (this.#before?.has(name) === false) this.#of(looked).opened += 1
    }
    this.#before = still
  }

  /** In the order of the rows, then by owner; what never was there is left out. */
  get moves(): readonly HygieneMove[] {
    const open = new Map<string, number>()
    for (const looked of this.#before?.values() ?? []) {
      this.#of(looked)
      open.set(nameOf(looked), (open.get(nameOf(looked)) ?? 0) + 1)
    }
    return [...this.#counts]
      .map(([name, { id, owner, opened, closed }]) => ({
        id,
        ...(owner !== undefined && { owner }),
        open: open.get(name) ?? 0,
        opened,
        closed,
      }))
      .sort(
        (one, other) =>
          HYGIENE_RULES.indexOf(one.id) - HYGIENE_RULES.indexOf(other.id) ||
          ((one.owner ?? '') < (other.owner ?? '') ? -1 : 1),
      )
  }

  #of(looked: Looked) {
    const { id, owner } = looked
    const known = this.#counts.get(nameOf(looked)) ?? { id, owner, opened: 0, closed: 0 }
    this.#counts.set(nameOf(looked), known)
    return known
  }
}

function nameOf({ id, owner }: Pick<Looked, 'id' | 'owner'>): string {
  return JSON.stringify([id, owner])
}
