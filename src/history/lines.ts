import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type { AuditRecord } from '../report/records.js'
import type { Knowledge } from './knowledge.js'
import { damaged, demandFormat, FORMAT } from './manifest.js'

/** One line of a run's records. The first line of the object is a head with the format and the run's name. */
export type ArchivedLine =
  /** A record; `known` beside those of keys. What is not logged stays in the archive alone. */
  | { readonly known?: Knowledge; readonly logged: boolean; readonly record: AuditRecord }
  /** What earlier runs knew of a key that this run could not see. */
  | { readonly known: Knowledge }
  /** What the run left for want of time: subjects, after the gaps, of which each names a part only. */
  | { readonly left: readonly string[] }

/** Lines as they are kept: gzip of NDJSON. */
export interface Packed {
  readonly bytes: Buffer
  /** Of `bytes`, in hexadecimal. */
  readonly sha256: string
  readonly lines: number
}

/** Packs the lines of a run, one at a time, so that they are never all in memory as text. */
export async function pack(
  head: { readonly audit: string; readonly run: string },
  lines: AsyncIterable<ArchivedLine>,
): Promise<Packed> {
  let count = 0
  async function* text(): AsyncGenerator<string> {
    yield `${JSON.stringify({ format: FORMAT, ...head })}\n`
    for await (const line of lines) {
      count += 1
      yield `${JSON.stringify(line)}\n`
    }
  }
  const chunks: Buffer[] = []
  await pipeline(text(), createGzip(), async (zipped: AsyncIterable<Buffer>) => {
    for await (const chunk of zipped) chunks.push(chunk)
  })
  const bytes = Buffer.concat(chunks)
  return { bytes, sha256: digestOf(bytes), lines: count }
}

/** SHA-256 in hexadecimal. */
export function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The lines of an object after its head, one at a time. Throws `ArchiveError`, as a manifest does. */
export async function* unpack(bytes: Buffer, where: string): AsyncGenerator<ArchivedLine> {
  for await (const text of textLines(bytes, where)) yield parseLine(text, where) as ArchivedLine
}

/** Ends what is known where the rest of its line begins: a quote within a text would have a `\` before it. */
const REST = ',"logged":'

/** What the lines of an object know of keys, without the records, which are much the larger part. */
export async function* unpackKnowledge(bytes: Buffer, where: string): AsyncGenerator<Knowledge> {
  for await (const text of textLines(bytes, where)) {
    if (!text.startsWith('{"known":')) continue
    const end = text.indexOf(REST)
    const line = parseLine(end < 0 ? text : `${text.slice(0, end)}}`, where) as { readonly known: Knowledge }
    yield line.known
  }
}

async function* textLines(bytes: Buffer, where: string): AsyncGenerator<string> {
  let isFirst = true
  for await (const line of unzippedLines(bytes)) {
    if (isFirst) demandFormat((parseLine(line, where) as { readonly format?: unknown }).format, where)
    else yield line
    isFirst = false
  }
}

function unzippedLines(bytes: Buffer): AsyncGenerator<string> {
  const unzipped = createGunzip()
  unzipped.end(bytes)
  return linesIn(unzipped)
}

/** The lines of a stream of UTF-8. Not by `node:readline`, for which U+2028 inside a text would end the line. */
export async function* linesIn(stream: Readable): AsyncGenerator<string> {
  stream.setEncoding('utf8')
  let open = ''
  for await (const chunk of stream) {
    const [first = '', ...others] = String(chunk).split('\n')
    const last = others.pop()
    if (last === undefined) {
      open += first
      continue
    }
    yield open + first
    yield* others
    open = last
  }
  if (open !== '') yield open
}

function parseLine(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw damaged(where, 'one of its lines is no JSON')
  }
}
