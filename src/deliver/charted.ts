import type { JudgedRun } from '../history/judged-run.js'
import { type ChartRun, chartRun } from '../records/trend.js'

/** The runs of a chart: those before a run, and the run itself unless it is by another day than its own. */
export function withItself({ record }: JudgedRun, before: readonly ChartRun[]): readonly ChartRun[] {
  return record.asOfOverridden === true ? before : [...before, chartRun(record)]
}
