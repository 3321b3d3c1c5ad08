import { type JudgedRun, keysOf, recordsOf } from '../history/judged-run.js'
import type { KeyRecord } from '../records/key-record.js'
import { csv } from '../report/csv.js'
import { json, ndjson } from '../report/json.js'
import { MOST_ROWS, tableReport } from '../report/table-report.js'
import { isColorful, type Terminal, widthOf, write } from './terminal.js'

export type Format = 'table' | 'json' | 'ndjson' | 'csv'

/** Prints a judged run to standard output, as it is made, so that large runs need little memory. */
export async function print(run: JudgedRun, format: Format, terminal: Terminal): Promise<void> {
  for await (const part of partsOf(run, format, terminal)) await write(terminal.out, part)
}

function partsOf(run: JudgedRun, format: Format, terminal: Terminal): AsyncIterable<string> {
  switch (format) {
    case 'table':
      return asTable(run, terminal)
    case 'json':
      return json(run.record, keysOf(run), run.gaps)
    case 'ndjson':
      return ndjson(recordsOf(run))
    case 'csv':
      return csv(keysOf(run))
  }
}

async function* asTable(run: JudgedRun, terminal: Terminal): AsyncGenerator<string> {
  const keys: KeyRecord[] = []
  for await (const record of run.affectedKeys.inOrder()) {
    if (keys.push(record) === MOST_ROWS) break
  }
  yield tableReport({ ...run, keys }, { width: widthOf(terminal), color: isColorful(terminal) })
}
