import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { readSettings, type Settings } from '../config/config.js'
import { reportOf } from '../deliver/report-delivery.js'
import { makeFolder, privateFile } from '../history/folder.js'
import type { JudgedRun } from '../history/judged-run.js'
import { runsBefore } from '../history/recent.js'
import type { ChartRun } from '../records/trend.js'
import { archiveFor } from '../run/archive-stores.js'

/** Writes the HTML report of a run to a file; the runs before it are those of the archive, where one is set. */
export async function writeReport(run: JudgedRun, file: string, settings: Settings): Promise<void> {
  await makeFolder(dirname(file))
  await pipeline(reportOf(run, await earlierRuns(run, settings)), privateFile(file))
}

function earlierRuns({ run }: JudgedRun, settings: Settings): Promise<readonly ChartRun[]> {
  const { values } = readSettings(settings)
  if (values.archive === undefined) return Promise.resolve([])
  return runsBefore(archiveFor(values.archive, values), run)
}
