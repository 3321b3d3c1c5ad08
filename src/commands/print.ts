import { type JudgedRun, keysOf, recordsOf } from '../history/judged-run.js'
import type { KeyRecord } from '../records/key-record.js'
import { csv } from '../report/csv.js'
import type { Digest } from '../report/digest/digest.js'
import { json, ndjson } from '../report/json.js'
import { ocsf } from '../report/ocsf.js'
import { asText } from '../report/slack/plain-text.js'
import type { TableOptions } from '../report/table.js'
import { MOST_ROWS, tableReport } from '../report/table.js'
import { isColorful, type Terminal, widthOf, write } from './terminal.js'

export const PREVIEWS = ['text', 'json'] as const
export type Preview = (typeof PREVIEWS)[number]

const BUILDER = 'https://app.slack.com/block-kit-builder/#'

/** What Slack would get: the message and its thread to read, or the message as JSON and the page that shows it. */
export function previewOf(digest: Digest, form: Preview): string {
  return form === 'text' ? digestText(digest) : asJson(digest)
}

function asJson({ message }: Digest): string {
  const { text, blocks } = message
  const link = `${BUILDER}${encodeURIComponent(JSON.stringify({ blocks }))}`
  return `${JSON.stringify({ text, blocks }, null, 2)}\n\n${link}\n`
}

/** The digest as a terminal shows it: the message, then each reply of its thread. */
export function digestText({ message, thread }: Digest): string {
  return [message, ...thread].map(({ parts }) => asText(parts)).join('\n---\n\n')
}

export const FORMATS = ['table', 'json', 'ndjson', 'csv', 'ocsf'] as const
export type Format = (typeof FORMATS)[number]

/** Prints a judged run to standard output, as it is made, so that large runs need little memory. */
export async function print(run: JudgedRun, format: Format, terminal: Terminal): Promise<void> {
  const size = { width: widthOf(terminal), color: isColorful(terminal) }
  for await (const part of partsOf(run, format, size)) await write(terminal.out, part)
}

/** A judged run in one of its forms, in pieces. `size`: of a table. */
export function partsOf(run: JudgedRun, format: Format, size: TableOptions): AsyncIterable<string> {
  switch (format) {
    case 'table':
      return asTable(run, size)
    case 'json':
      return json(run.record, keysOf(run), run.gaps)
    case 'ndjson':
      return ndjson(recordsOf(run))
    case 'csv':
      return csv(keysOf(run))
    case 'ocsf':
      return ocsf(run.record, keysOf(run), run.gaps)
  }
}

async function* asTable(run: JudgedRun, size: TableOptions): AsyncGenerator<string> {
  const keys: KeyRecord[] = []
  for await (const record of run.affectedKeys.inOrder()) {
    if (keys.push(record) === MOST_ROWS) break
  }
  yield tableReport({ ...run, keys }, size)
}
