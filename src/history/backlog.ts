import { isOutOfTime } from '../google/errors.js'
import type { Knowledge } from '../memory/knowledge.js'
import type { Gap } from '../model.js'
import {
  type EarlierProject,
  greaterStake,
  isCallingGemini,
  type Stake,
  stakeOf,
} from '../policy/reading-order.js'

/** What runs left for want of time, as many of them in a row: `projects/1`, `folders/1`, `organizations/1`. */
export interface LeftOver {
  readonly left: readonly string[]
  readonly runs: number
}

/** Where a reading begins, by what the run before knew: what it left, and what is at stake in the others. */
export class Backlog {
  readonly #leftFor = new Map<string, number>()
  readonly #stakes = new Map<string, Stake>()
  readonly #calling = new Set<string>()

  constructor(leftOver: Iterable<LeftOver>) {
    for (const { left, runs } of leftOver) {
      for (const subject of left) this.#leftFor.set(subject, runs)
    }
  }

  /** Takes note of what is known of a key. */
  add({ key, verdict, last, traffic, goneSince }: Knowledge): void {
    if (goneSince !== undefined) return
    const { number } = key.project
    if (isCallingGemini(traffic)) this.#calling.add(number)
    const now = stakeOf(verdict, traffic)
    const stake = last === undefined ? now : greaterStake(now, stakeOf(last.verdict, traffic))
    if (stake === 'none') return
    this.#stakes.set(number, greaterStake(stake, this.#stakes.get(number) ?? 'none'))
  }

  /** What is known of a project, by its number. */
  project(number: string): EarlierProject {
    return {
      leftFor: this.leftFor(`projects/${number}`),
      stake: this.#stakes.get(number) ?? 'none',
      ...(this.#calling.has(number) && { callsGemini: true }),
    }
  }

  /** In how many runs in a row something of a project, a folder or an organization was left. */
  leftFor(subject: string): number {
    return this.#leftFor.get(subject) ?? 0
  }
}

/** What a run leaves, by its gaps and what the run before left. */
export function leftOver(gaps: readonly Gap[], before: Backlog = new Backlog([])): readonly LeftOver[] {
  const byRuns = new Map<number, Set<string>>()
  for (const { problem, subject } of gaps) {
    if (!isOutOfTime({ reason: problem.code })) continue
    const runs = before.leftFor(subject) + 1
    byRuns.set(runs, (byRuns.get(runs) ?? new Set()).add(subject))
  }
  return [...byRuns].map(([runs, left]) => ({ left: [...left].sort(), runs }))
}
