import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { readSettings, type Settings } from '../config/config.js'
import { reportOf } from '../deliver/report-delivery.js'
import { makeFolder, privateFile } from '../history/folder.js'
import type { JudgedRun } from '../history/judged-run.js'
import { runsBefore } from '../history/recent.js'
import type { ChartRun } from '../records/trend.js'
import { archiveFor } from '../run/archive-stores.js'
import { FORMATS, partsOf } from './print.js'

export const OUTPUT_FORMATS = [...FORMATS, 'html'] as const

/** A file that a run is written to, and in which form. */
export interface Output {
  readonly format: (typeof OUTPUT_FORMATS)[number]
  readonly file: string
}

/** A file holds no colours, and a table in it is as wide as what it holds. */
const IN_A_FILE = { width: 0, color: false }

/** Writes a run to a file in one of its forms. */
export async function writeOutput(
  run: JudgedRun,
  { format, file }: Output,
  settings: Settings,
): Promise<void> {
  if (format === 'html') return writeReport(run, file, settings)
  await makeFolder(dirname(file))
  await pipeline(partsOf(run, format, IN_A_FILE), privateFile(file))
}

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
