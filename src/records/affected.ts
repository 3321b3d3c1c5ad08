import type { Rule } from '../policy/rules.js'
import { openFindings } from './findings.js'
import { isBroken, isInUse, isNewlyStopped } from './in-use.js'
import type { KeyRecord } from './key-record.js'
import { compareUrgency, type Urgency, urgencyOf } from './urgency.js'

/** What is said of the keys of which one rule asks something, overdue or due. */
export interface RuleShare {
  readonly projects: number
  /** Keys with accepted calls that have not stopped working. */
  readonly inUse: number
  /** Keys that worked and have stopped. */
  readonly broken: number
  /** Keys whose traffic is not known. */
  readonly unseen: number
  /** Calendar days to the deadline, negative after it; the same for all of them. */
  readonly daysLeft: number
}

/** All that a digest says of the affected keys of a run, however many they are. */
export interface Affected {
  readonly count: number
  /** The most urgent ones, at most `MOST_NAMED`, in their order. */
  readonly worst: readonly KeyRecord[]
  /** The same of those that have changed since the run before. */
  readonly changed: readonly KeyRecord[]
  readonly new: number
  readonly worse: number
  readonly inUse: number
  /** Those whose traffic is not known. */
  readonly unseen: number
  /** Those whose owner is not known. */
  readonly ownerless: number
  /** By rule and state, where there are any. */
  readonly rules: Readonly<Partial<Record<`${Rule} ${'overdue' | 'due'}`, RuleShare>>>
}

/** Keys that a message names one by one. */
export const MOST_NAMED = 10

/** Counts affected keys in any order. Memory grows with their projects, and not with them. */
export class AffectedCount {
  readonly #worst = new Worst()
  readonly #changed = new Worst()
  readonly #counts = { count: 0, new: 0, worse: 0, inUse: 0, unseen: 0, ownerless: 0 }
  readonly #shares = new Map<`${Rule} ${'overdue' | 'due'}`, Share>()

  add(record: KeyRecord): void {
    const counts = this.#counts
    counts.count += 1
    counts.new += Number(record.change === 'new')
    counts.worse += Number(record.change === 'worse')
    counts.inUse += Number(isInUse(record))
    counts.unseen += Number('unknown' in record.usage)
    counts.ownerless += Number(record.key.project.owner === undefined)
    for (const { rule, state, daysLeft } of openFindings(record)) {
      this.#share(`${rule} ${state}`, daysLeft).add(record)
    }
    this.#worst.add(record)
    if (isChanged(record)) this.#changed.add(record)
  }

  get affected(): Affected {
    const rules = Object.fromEntries([...this.#shares].map(([name, share]) => [name, share.told]))
    return { ...this.#counts, worst: this.#worst.records, changed: this.#changed.records, rules }
  }

  #share(name: `${Rule} ${'overdue' | 'due'}`, daysLeft: number): Share {
    const share = this.#shares.get(name) ?? new Share(daysLeft)
    this.#shares.set(name, share)
    return share
  }
}

/** What a digest says of these keys. */
export function affectedOf(records: Iterable<KeyRecord>): Affected {
  const count = new AffectedCount()
  for (const record of records) count.add(record)
  return count.affected
}

/** A key that has stopped working is changed as well, whatever its verdict. */
export function isChanged(record: KeyRecord): boolean {
  const { change } = record
  return (change !== undefined && change !== 'same') || isNewlyStopped(record)
}

class Share {
  readonly #daysLeft: number
  readonly #projects = new Set<string>()
  #inUse = 0
  #broken = 0
  #unseen = 0

  constructor(daysLeft: number) {
    this.#daysLeft = daysLeft
  }

  add(record: KeyRecord): void {
    this.#projects.add(record.key.project.number)
    this.#inUse += Number(isInUse(record))
    this.#broken += Number(isBroken(record))
    this.#unseen += Number('unknown' in record.usage)
  }

  get told(): RuleShare {
    return {
      projects: this.#projects.size,
      inUse: this.#inUse,
      broken: this.#broken,
      unseen: this.#unseen,
      daysLeft: this.#daysLeft,
    }
  }
}

/** The most urgent ones of all that were added. */
class Worst {
  readonly #found: { readonly urgency: Urgency; readonly record: KeyRecord }[] = []

  add(record: KeyRecord): void {
    const urgency = urgencyOf(record)
    const before = this.#found.findLastIndex((other) => compareUrgency(other.urgency, urgency) < 0)
    this.#found.splice(before + 1, 0, { urgency, record })
    if (this.#found.length > MOST_NAMED) this.#found.pop()
  }

  get records(): readonly KeyRecord[] {
    return this.#found.map(({ record }) => record)
  }
}
