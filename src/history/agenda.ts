import type { Gap } from '../model.js'
import { type EarlierProject, greaterStake, type Stake, stakeOf } from '../policy/reading-order.js'
import type { Knowledge } from './knowledge.js'

/** Why something was not read that would have been, with more time. */
const CUT_SHORT: ReadonlySet<string> = new Set(['OUT_OF_TIME', 'STOPPED'])

/**
 * Where a reading begins, by what the run before knew: the projects and scopes that it left, and what is at
 * stake in the others.
 */
export class Agenda {
  readonly #left: ReadonlySet<string>
  readonly #stakes = new Map<string, Stake>()

  /** `left`: subjects, as `leftIn` gives them. */
  constructor(left: Iterable<string>) {
    this.#left = new Set(left)
  }

  /** Takes note of what is known of a key. */
  add({ key, verdict, last, traffic, goneSince }: Knowledge): void {
    if (goneSince !== undefined) return
    const now = stakeOf(verdict, traffic)
    const stake = last === undefined ? now : greaterStake(now, stakeOf(last.verdict, traffic))
    if (stake === 'none') return
    const { number } = key.project
    this.#stakes.set(number, greaterStake(stake, this.#stakes.get(number) ?? 'none'))
  }

  /** What is known of a project, by its number. */
  project(number: string): EarlierProject {
    return { left: this.isLeft(`projects/${number}`), stake: this.#stakes.get(number) ?? 'none' }
  }

  /** Whether something of a project, a folder or an organization was left. */
  isLeft(subject: string): boolean {
    return this.#left.has(subject)
  }
}

/** What a run left for want of time: `projects/1`, `folders/1`, `organizations/1`, each once, sorted. */
export function leftIn(gaps: readonly Gap[]): readonly string[] {
  const left = gaps.filter(({ reason }) => CUT_SHORT.has(reason))
  return [...new Set(left.map(({ subject }) => subject))].sort()
}
