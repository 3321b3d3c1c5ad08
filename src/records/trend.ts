import type { Day } from '../model.js'
import type { Rule } from '../policy/rules.js'
import type { RunPolicy } from './run-policy.js'
import type { JudgedRunRecord } from './run-record.js'

/** What the chart shows of one run: its counts, or that it failed. */
export type ChartRun = CountedRun | FailedRun

export interface CountedRun {
  readonly day: Day
  /** Whether the run could read all that matters; what an incomplete one counted is a lower bound. */
  readonly complete: boolean
  /** Affected keys, each under its strictest rule; a rule is absent where the run did not count by it. */
  readonly strictest?: Readonly<Partial<Record<Rule, number>>>
}

/** A run that counted nothing: what it would have counted is not known. */
interface FailedRun {
  readonly day: Day
  readonly failed: true
}

export interface ChartFacts {
  /** In any order; of several runs of a day the last one counts. */
  readonly runs: readonly ChartRun[]
  /** The deadlines to mark: those of the latest run. */
  readonly deadlines: RunPolicy['deadlines']
}

/** With fewer runs there is no trend to show. */
const FEWEST_RUNS = 3

/** A run as the chart shows it. */
export function chartRun({ asOf, counts, outcome }: JudgedRunRecord): CountedRun {
  const run = { day: asOf, complete: outcome === 'complete' }
  if (counts.strictest === undefined) return run
  const keys = Object.entries(counts.strictest).map(([rule, { overdue, due }]) => [rule, overdue + due])
  return { ...run, strictest: Object.fromEntries(keys) }
}

/** One run a day, oldest first; undefined where too few of them counted keys for a chart. */
export function runsInOrder(runs: readonly ChartRun[]): readonly ChartRun[] | undefined {
  const byDay = new Map(runs.map((run) => [run.day, run]))
  const counted = [...byDay.values()].filter((run) => 'strictest' in run)
  if (counted.length < FEWEST_RUNS) return undefined
  return [...byDay.values()].sort((one, other) => (one.day < other.day ? -1 : 1))
}

/** The keys that count under a rule; undefined where the run does not say. */
export function affectedBy(run: ChartRun, rule: Rule): number | undefined {
  return 'failed' in run ? undefined : run.strictest?.[rule]
}
