import type { GapRecord } from '../records/gap-record.js'
import type { KeyRecord } from '../records/key-record.js'
import type { AuditRecord } from '../records/records.js'
import type { RunRecord } from '../records/run-record.js'
import { withVisibleControlsInData } from '../records/visible-text.js'

type Records<Item> = Iterable<Item> | AsyncIterable<Item>

/** A run as one JSON object, `{"run": …, "keys": […], "gaps": […]}`, in pieces: a line for each record. */
export async function* json(
  run: RunRecord,
  keys: Records<KeyRecord>,
  gaps: Records<GapRecord>,
): AsyncGenerator<string, void, undefined> {
  yield `{"run":${text(run)},\n"keys":[`
  yield* items(keys)
  yield '],\n"gaps":['
  yield* items(gaps)
  yield ']}\n'
}

/** Records as NDJSON: a JSON object a line. */
export async function* ndjson(records: Records<AuditRecord>): AsyncGenerator<string, void, undefined> {
  for await (const record of records) yield `${text(record)}\n`
}

async function* items(records: Records<object>): AsyncGenerator<string, void, undefined> {
  let separator = '\n'
  for await (const record of records) {
    yield `${separator}${text(record)}`
    separator = ',\n'
  }
}

/** JSON leaves DEL, C1 controls and direction marks as they are, and a terminal would obey them. */
function text(record: object): string {
  return withVisibleControlsInData(JSON.stringify(record))
}
