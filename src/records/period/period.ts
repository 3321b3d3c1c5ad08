import { addDays, dayOf, daysBetween } from '../../calendar.js'
import { type Day, type Instant, RULED_VERDICTS, type Verdict } from '../../model.js'
import type { HoldingExemption } from '../../policy/judgement-types.js'
import { ASKING, recordsFix } from '../fixes.js'
import { type GoneRecord, identityOf, isGone } from '../gone-record.js'
import type { KeyRecord } from '../key-record.js'
import type { PassedOver } from '../run-record.js'
import { type HygieneMove, HygieneMoves, LookedKeys } from './hygiene-changes.js'
import { isRetired, Moves, type OwnerMove } from './moves.js'

/** Which days of an audit are asked for, and of whose keys. */
export interface Question {
  readonly since: Day
  /** An owner as records name it. */
  readonly owner?: string
  /** A project's ID or number. */
  readonly project?: string
}

/** The verdicts that a period counts. */
export const COUNTED = ['overdue', 'due', 'exempt', 'unknown'] as const
type Counted = (typeof COUNTED)[number]
export type Counts = Readonly<Record<Counted, number>>

/**
 * How a day went, by its runs: the last complete one, else the last incomplete one. `damaged`: what is remembered
 * is not what was written. `not-remembered`: a run began and left nothing, since it failed or still goes on.
 */
export type DayOutcome = 'complete' | 'incomplete' | 'damaged' | 'not-remembered' | 'no-run'

export interface PeriodDay {
  readonly day: Day
  readonly outcome: DayOutcome
  /** The run that counts for the day. */
  readonly run?: Instant
  /** Present where a run counts; of an incomplete one they are what it could read. */
  readonly counts?: Counts
  /** Keys that the runs of the day found fixed. */
  readonly fixed: number
  /** What is wrong with a damaged run. */
  readonly why?: string
}

/** Whose key it is. */
export interface Subject {
  /** `projects/NUMBER/locations/global/keys/ID`. */
  readonly name: string
  readonly uid: string
  readonly displayName?: string
  /** The project's ID. */
  readonly project: string
  readonly owner?: string
}

/** A key that had to change and no longer has to, because it was changed or is gone. */
export interface Fix {
  readonly day: Day
  /** The run that found it. */
  readonly run: Instant
  readonly key: Subject
  readonly was: Verdict
  readonly is: Verdict | 'gone'
  readonly firstSeen?: Instant
  /** Calendar days (UTC) from the first run that saw the key to the run that found it fixed. */
  readonly days?: number
}

/** A key that is exempt by the newest run of the period. */
export interface ExemptKey extends Omit<HoldingExemption, 'rules'> {
  readonly key: Subject
  readonly rules: readonly string[]
}

/** How far one owner is. */
export interface OwnerProgress {
  /** Absent for keys without an owner. */
  readonly owner?: string
  /** Keys that are overdue or due by the newest run. */
  readonly affected: number
  readonly exempt: number
  /** Keys that were fixed in the period. */
  readonly fixed: number
  /** The median of the days from first seen to fixed; absent where nothing was fixed. */
  readonly medianDays?: number
}

/** What the remembered runs of an audit say of a period. */
export interface Period extends Question {
  readonly audit: string
  /** From the first day with a run to the last one with a run, or to yesterday; days without a run among them. */
  readonly days: readonly PeriodDay[]
  /** In the order in which they were found. */
  readonly fixed: readonly Fix[]
  /** The day whose run `owners`, `migration` and `exempt` are by; absent where no run judged keys. */
  readonly newest?: Day
  /** Most affected keys first. */
  readonly owners: readonly OwnerProgress[]
  /** Most standard keys first. */
  readonly migration: readonly OwnerMove[]
  /** What is to be looked at where no deadline asks anything, by row and owner. */
  readonly hygiene: readonly HygieneMove[]
  /** The one that ends first comes first. */
  readonly exempt: readonly ExemptKey[]
  /** What stands in the archive and was not believed. */
  readonly passedOver: readonly PassedOver[]
}

/** The keys of one run that are asked for. */
export class RunKeys {
  readonly #day: Day
  readonly #question: Question
  readonly #counts: Record<Counted, number> = { overdue: 0, due: 0, exempt: 0, unknown: 0 }
  readonly fixed: Fix[] = []
  readonly exempt: ExemptKey[] = []
  /** Affected keys by owner. */
  readonly affected = new Map<string | undefined, number>()
  readonly moves = new Moves()
  readonly looked = new LookedKeys()
  readonly retired: Subject[] = []
  /** The standard keys that have to move. */
  readonly moving = new Set<string>()

  constructor(day: Day, question: Question) {
    this.#day = day
    this.#question = question
  }

  get counts(): Counts {
    return { ...this.#counts }
  }

  add(record: KeyRecord | GoneRecord): void {
    if (!this.#isAskedFor(record)) return
    const fix = this.#fixOf(record)
    if (fix !== undefined) this.fixed.push(fix)
    if (isRetired(record)) this.retired.push(subjectOf(record))
    this.looked.add(record)
    if (!isGone(record)) this.#judged(record)
  }

  /** Counts an auth key, which has nothing else that counts. */
  addAuth(record: KeyRecord | GoneRecord): void {
    if (this.#isAskedFor(record) && !isGone(record)) this.moves.addAuth(record, this.#question.since)
  }

  #isAskedFor({ key: { project } }: KeyRecord | GoneRecord): boolean {
    const { owner, project: asked } = this.#question
    if (owner !== undefined && project.owner !== owner) return false
    return asked === undefined || project.id === asked || project.number === asked
  }

  #judged(record: KeyRecord): void {
    const { verdict, exemption, key } = record
    const counted = COUNTED.find((each) => each === verdict)
    if (counted !== undefined) this.#counts[counted] += 1
    const { owner } = key.project
    this.moves.addStandard(record)
    if (RULED_VERDICTS.includes(verdict)) this.moving.add(identityOf(key))
    if (ASKING.includes(verdict)) this.affected.set(owner, (this.affected.get(owner) ?? 0) + 1)
    if (verdict === 'exempt' && exemption) this.exempt.push({ key: subjectOf(record), ...exemption })
  }

  #fixOf(record: KeyRecord | GoneRecord): Fix | undefined {
    const { previousVerdict: was, firstSeen } = record
    if (was === undefined || !recordsFix(record)) return undefined
    return {
      day: this.#day,
      run: record.run,
      key: subjectOf(record),
      was,
      is: isGone(record) ? 'gone' : record.verdict,
      ...(firstSeen && { firstSeen, days: daysBetween(dayOf(firstSeen, 'UTC'), dayOf(record.run, 'UTC')) }),
    }
  }
}

function subjectOf({ key }: KeyRecord | GoneRecord): Subject {
  const { name, uid, displayName, project } = key
  const { id, owner } = project
  return { name, uid, ...(displayName && { displayName }), project: id, ...(owner && { owner }) }
}

/** The run by which owners are counted. */
interface NewestRun {
  readonly day: Day
  readonly run: Instant
  readonly keys: RunKeys
}

/** What one run adds to a period. */
export interface ReadRun extends PeriodDay {
  readonly keys?: RunKeys
  /** Whether the run looked at hygiene: earlier versions did not. */
  readonly isLooking?: boolean
}

/** Which of two runs of a day counts: the complete one, else the one that judged keys, else the later one. */
const WORTH: readonly DayOutcome[] = ['no-run', 'not-remembered', 'damaged', 'incomplete', 'complete']

export class PeriodBuilder {
  readonly #days = new Map<Day, PeriodDay>()
  readonly #fixed: Fix[] = []
  /** The owners of retired keys, by the key, without those that were restored. */
  readonly #retired = new Map<string, string | undefined>()
  readonly #hygiene = new HygieneMoves()
  #newest: NewestRun | undefined

  /** The newest run that counts for its day. */
  get newest(): NewestRun | undefined {
    return this.#newest
  }

  /** The keys on which something was to be looked at by the runs so far. */
  get lookedAt(): ReadonlySet<string> {
    return this.#hygiene.keys
  }

  add({ keys, isLooking, ...run }: ReadRun): void {
    const before = this.#days.get(run.day)
    const counts = before === undefined || WORTH.indexOf(run.outcome) >= WORTH.indexOf(before.outcome)
    this.#days.set(run.day, { ...(counts ? run : before), fixed: run.fixed + (before?.fixed ?? 0) })
    if (keys === undefined) return
    this.#fixed.push(...keys.fixed)
    if (isLooking) this.#hygiene.add(keys.looked, run.outcome === 'complete')
    for (const key of keys.retired) this.#retired.set(identityOf(key), key.owner)
    for (const key of this.#retired.keys()) if (keys.moving.has(key)) this.#retired.delete(key)
    if (counts && run.run !== undefined) this.#newest = { day: run.day, run: run.run, keys }
  }

  period(today: Day): Omit<Period, keyof Question | 'audit' | 'passedOver'> {
    return {
      ...(this.#newest && { newest: this.#newest.day }),
      days: this.#everyDay(today),
      fixed: this.#fixed,
      owners: this.#owners(),
      migration: this.#newest?.keys.moves.byOwner(this.#retired.values()) ?? [],
      hygiene: this.#hygiene.moves,
      exempt: [...(this.#newest?.keys.exempt ?? [])].sort((one, other) => compare(one.until, other.until)),
    }
  }

  /** Today may still have its run. */
  #everyDay(today: Day): readonly PeriodDay[] {
    const days = [...this.#days.keys()].sort(compare) // a run without a record has its day in UTC
    const [first] = days
    const last = [...days, addDays(today, -1)].sort(compare).at(-1)
    if (first === undefined || last === undefined) return []
    return Array.from({ length: daysBetween(first, last) + 1 }, (_, index) => {
      const day = addDays(first, index)
      return this.#days.get(day) ?? { day, outcome: 'no-run', fixed: 0 }
    })
  }

  #owners(): readonly OwnerProgress[] {
    const owners = new Map<string | undefined, OwnerCount>()
    const of = (owner: string | undefined) => {
      const known = owners.get(owner) ?? { affected: 0, exempt: 0, fixes: [] }
      owners.set(owner, known)
      return known
    }
    for (const [owner, count] of this.#newest?.keys.affected ?? []) of(owner).affected += count
    for (const { key } of this.#newest?.keys.exempt ?? []) of(key.owner).exempt += 1
    for (const fix of this.#fixed) of(fix.key.owner).fixes.push(fix)
    return [...owners]
      .map(([owner, { affected, exempt, fixes }]) => ({
        ...(owner !== undefined && { owner }),
        ...{ affected, exempt, fixed: fixes.length },
        ...medianDays(fixes),
      }))
      .sort((one, other) => other.affected - one.affected || compare(one.owner ?? '', other.owner ?? ''))
  }
}

interface OwnerCount {
  affected: number
  exempt: number
  readonly fixes: Fix[]
}

function medianDays(fixes: readonly Fix[]): { readonly medianDays?: number } {
  const days = fixes.flatMap((fix) => fix.days ?? []).sort((one, other) => one - other)
  const [low, high] = [days[Math.ceil(days.length / 2) - 1], days[Math.floor(days.length / 2)]]
  return low === undefined || high === undefined ? {} : { medianDays: (low + high) / 2 }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}
