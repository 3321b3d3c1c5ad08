import { dayOf } from '../calendar.js'
import type { Instant, Run } from '../model.js'
import { type ChartRun, chartRun } from '../records/trend.js'
import { DamagedArchive, type Manifest } from './manifest.js'

/** Runs that a trend is shown of: a quarter of a year, day by day. */
const MOST = 92

/** The runs up to a remembered one, oldest first, as charts show them: each run carries those before it. */
export function runsUpTo({ development: trend = [], record }: Pick<Manifest, 'development' | 'record'>) {
  return [...trend, chartRun(record)].slice(-MOST)
}

/** The runs of an archive, as far as a chart needs them. */
interface RememberedRuns {
  runs(audit: string): Promise<readonly Instant[]>
  manifest(audit: string, run: Instant): Promise<Pick<Manifest, 'development' | 'record'> | undefined>
}

/**
 * The runs before one, oldest first, as charts show them. One run is read for all that judged keys; a run that
 * left a folder and is remembered by no manifest has failed. Throws `ArchiveError`.
 */
export async function runsBefore(
  archive: RememberedRuns,
  { audit, time }: Pick<Run, 'audit' | 'time'>,
): Promise<readonly ChartRun[]> {
  const runs = (await archive.runs(audit)).filter((run) => run < time)
  for (const run of runs.toReversed()) {
    const manifest = await archive.manifest(audit, run).catch(unlessDamaged)
    if (manifest !== undefined && manifest.record.asOfOverridden !== true) {
      const judged = runsUpTo(manifest)
      return [...judged, ...(await failedAmong(archive, audit, runs, judged))]
    }
  }
  return []
}

/** The failed runs since the first judged one, on days of which no run judged keys. */
async function failedAmong(
  archive: RememberedRuns,
  audit: string,
  runs: readonly Instant[],
  judged: readonly ChartRun[],
): Promise<readonly ChartRun[]> {
  const days = new Set<string>(judged.map(({ day }) => day))
  const [first = ''] = days
  const failed: ChartRun[] = []
  for (const run of runs) {
    const day = dayOf(run, 'UTC')
    if (day <= first || days.has(day)) continue
    days.add(day)
    if (!(await isRemembered(archive, audit, run))) failed.push({ day, failed: true })
  }
  return failed
}

/** A damaged memory is one as well: the run has judged keys. */
async function isRemembered(archive: RememberedRuns, audit: string, run: Instant): Promise<boolean> {
  try {
    return (await archive.manifest(audit, run)) !== undefined
  } catch (error) {
    return unlessDamaged(error) === undefined
  }
}

/** What is damaged is reported where runs are compared. */
function unlessDamaged(error: unknown): undefined {
  if (!(error instanceof DamagedArchive)) throw error
  return undefined
}
