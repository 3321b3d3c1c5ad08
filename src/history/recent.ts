import type { Run } from '../model.js'
import type { ChartRun } from '../records/trend.js'
import type { RunArchive } from './archive.js'
import { DamagedArchive } from './manifest.js'
import { runsUpTo } from './run-trend.js'

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
