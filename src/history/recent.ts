import type { Run } from '../model.js'
import { type ChartRun, chartRun } from '../report/chart/runs.js'
import type { RunArchive } from './archive.js'
import { DamagedArchive, type Manifest } from './manifest.js'

/** Runs that a development is shown of: a quarter of a year, day by day. */
const MOST = 92

/** The runs up to a remembered one, oldest first, as charts show them: each run carries those before it. */
export function runsUpTo({ development = [], record }: Pick<Manifest, 'development' | 'record'>) {
  return [...development, chartRun(record)].slice(-MOST)
}

/** The runs before one, oldest first, as charts show them; one run is read for all. Throws `ArchiveError`. */
export async function runsBefore(
  archive: RunArchive,
  { audit, time }: Pick<Run, 'audit' | 'time'>,
): Promise<readonly ChartRun[]> {
  const runs = (await archive.runs(audit)).filter((run) => run < time)
  for (const run of runs.toReversed()) {
    const manifest = await archive.manifest(audit, run).catch(unlessDamaged)
    if (manifest !== undefined && manifest.record.asOfOverridden !== true) return runsUpTo(manifest)
  }
  return []
}

/** What is damaged is told where runs are compared. */
function unlessDamaged(error: unknown): undefined {
  if (!(error instanceof DamagedArchive)) throw error
  return undefined
}
