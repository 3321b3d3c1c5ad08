import type { Day } from '../model.js'
import type { Rule } from '../policy/rules.js'
import type { RunPolicy } from './run-policy.js'
import type { JudgedRunRecord } from './run-record.js'

/** What the chart shows of one run. */
export interface ChartRun {
  readonly day: Day
  readonly rule: Readonly<Record<Rule, { readonly overdue: number; readonly due: number }>>
  /** Whether the run could read all that matters; what an incomplete one counted is a lower bound. */
  readonly complete: boolean
}

export interface ChartFacts {
  /** In any order; of several runs of a day the last one counts. */
  readonly runs: readonly ChartRun[]
  /** The deadlines to mark: those of the latest run. */
  readonly deadlines: RunPolicy['deadlines']
}

/** With fewer runs there is no development to show. */
export const FEWEST_RUNS = 3

/** A run as the chart shows it. */
export function chartRun({ asOf, counts, outcome }: JudgedRunRecord): ChartRun {
  return { day: asOf, rule: counts.rule, complete: outcome === 'complete' }
}

/** One run a day, oldest first; undefined where that are too few for a chart. */
export function runsInOrder(runs: readonly ChartRun[]): readonly ChartRun[] | undefined {
  const byDay = new Map(runs.map((run) => [run.day, run]))
  if (byDay.size < FEWEST_RUNS) return undefined
  return [...byDay.values()].sort((one, other) => (one.day < other.day ? -1 : 1))
}

/** The keys of which a rule asks something. */
export function affectedBy({ rule: counts }: ChartRun, rule: Rule): number {
  return counts[rule].overdue + counts[rule].due
}
