import { chartRun } from '../records/trend.js'
import type { Manifest } from './manifest.js'

/** Runs that a trend is shown of: a quarter of a year, day by day. */
const MOST = 92

/** The runs up to a remembered one, oldest first, as charts show them: each run carries those before it. */
export function runsUpTo({ development: trend = [], record }: Pick<Manifest, 'development' | 'record'>) {
  return [...trend, chartRun(record)].slice(-MOST)
}
