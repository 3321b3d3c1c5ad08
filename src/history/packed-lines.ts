import { createHash } from 'node:crypto'
import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { Knowledge } from '../memory/knowledge.js'
import type { AuditRecord } from '../records/records.js'
import type { LeftOver } from './backlog.js'
import { byteLines, type PackedRecords } from './byte-lines.js'
import { damaged, demandFormat, FORMAT } from './manifest.js'

/** One line of a run's records. The first line of the object is a head with the format and the run's name. */
export type ArchivedLine =
  /** A record; `known` beside those of keys. What is not logged stays in the archive alone. */
  | { readonly known?: Knowledge; readonly logged: boolean; readonly record: AuditRecord }
  /** What earlier runs knew of a key that this run could not see. */
  | { readonly known: Knowledge }
  /** What the run left for want of time, after the gaps, of which each names a part only. */
  | LeftOver

/** A line as it is written. `record`: the canonical form of a record. */
export function lineText(record: string, logged: boolean, known?: Knowledge): string {
  const before = known === undefined ? '' : `"known":${JSON.stringify(known)},`
  return `{${before}"logged":${logged},"record":${record}}`
}

/** The lines of a run as they are kept: gzip of NDJSON, made while it is asked for, so that it never is all there. */
export class Packing {
  readonly #head: { readonly audit: string; readonly run: string }
  readonly #lines: AsyncIterable<string>
  readonly #hash = createHash('sha256')
  #count = 0

  /** `lines`: the text of each, without its line feed. */
  constructor(head: { readonly audit: string; readonly run: string }, lines: AsyncIterable<string>) {
    this.#head = head
    this.#lines = lines
  }

  /** The bytes, once. */
  async *content(): AsyncGenerator<Buffer> {
    const zipped = createGzip()
    pipeline(Readable.from(this.#text()), zipped, () => undefined) // a failure ends `zipped` with it
    for await (const chunk of zipped as AsyncIterable<Buffer>) {
      this.#hash.update(chunk)
      yield chunk
    }
  }

  /** What was packed, after all of it: the SHA-256 of the bytes in hexadecimal, and how many lines. */
  get packed(): { readonly sha256: string; readonly lines: number } {
    return { sha256: this.#hash.copy().digest('hex'), lines: this.#count }
  }

  async *#text(): AsyncGenerator<Buffer> {
    let open = `${JSON.stringify({ format: FORMAT, ...this.#head })}\n`
    for await (const line of this.#lines) {
      this.#count += 1
      open += `${line}\n`
      if (open.length < AT_ONCE) continue
      yield Buffer.from(open)
      open = ''
    }
    yield Buffer.from(open)
  }
}

/** Characters that are packed at once. */
const AT_ONCE = 64 * 1024

/** SHA-256 in hexadecimal. */
export async function digestOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of pieces) hash.update(piece)
  return hash.digest('hex')
}

/** The lines of an object after its head, one at a time. Throws `ArchiveError`, as a manifest does. */
export async function* unpack(packed: PackedRecords): AsyncGenerator<ArchivedLine> {
  for await (const lines of linesAfterHead(packed)) {
    for (const line of lines) yield parseLine(line.toString(), packed.where) as ArchivedLine
  }
}

/** What a run knew: of a key, or anything that it recorded or left besides keys that it saw. */
export type KnownLine = { readonly known: Knowledge } | Exclude<ArchivedLine, { readonly known: Knowledge }>

const KNOWN = Buffer.from('{"known":')
/** Ends what is known where the rest of its line begins: a quote within a text would have a `\` before it. */
const REST = Buffer.from(',"logged":')

/**
 * The lines of an object without the records of the keys that are known, which are much the larger part, and
 * are not even made to texts. Throws `ArchiveError`.
 */
export async function* unpackKnowledge(packed: PackedRecords): AsyncGenerator<KnownLine> {
  for await (const lines of linesAfterHead(packed)) {
    for (const line of lines) yield parseLine(knownIn(line), packed.where) as KnownLine
  }
}

function knownIn(line: Buffer): string {
  const end = line.subarray(0, KNOWN.length).equals(KNOWN) ? line.indexOf(REST) : -1
  return end < 0 ? line.toString() : `${line.toString('utf8', 0, end)}}`
}

/**
 * The lines of an object that hold one of some texts, or are of one of some keys, by their uid; the others are not even
 * parsed. A line may hold a text elsewhere than meant, so that who asks still has to look. Throws `ArchiveError`.
 */
export async function* unpackHolding(
  packed: PackedRecords,
  texts: readonly string[],
  keys: ReadonlySet<string> = new Set(),
): AsyncGenerator<ArchivedLine> {
  const sought = texts.map((text) => Buffer.from(text))
  const isAsked = (line: Buffer) => keys.size > 0 && keys.has(uidIn(line))
  for await (const lines of linesAfterHead(packed)) {
    for (const line of lines) {
      if (sought.some((text) => line.includes(text)) || isAsked(line)) {
        yield parseLine(line.toString(), packed.where) as ArchivedLine
      }
    }
  }
}

const UID = Buffer.from('"uid":"')

/** The uid in the line of a key; no text in a line can look like the field, since quotes in it are escaped. */
function uidIn(line: Buffer): string {
  const at = line.indexOf(UID)
  const start = at + UID.length
  return at < 0 ? '' : line.toString('utf8', start, line.indexOf('"', start))
}

/** As many at once as come together. */
async function* linesAfterHead(packed: PackedRecords): AsyncGenerator<readonly Buffer[]> {
  let head: Buffer | undefined
  for await (const lines of byteLines(packed)) {
    const after = head === undefined ? 1 : 0
    head ??= lines[0]
    if (after === 1 && head !== undefined) demandHead(head, packed.where)
    yield lines.slice(after)
  }
}

function demandHead(line: Buffer, where: string): void {
  demandFormat((parseLine(line.toString(), where) as { readonly format?: unknown }).format, where)
}

function parseLine(text: string, where: string): object {
  try {
    const line: unknown = JSON.parse(text)
    if (typeof line === 'object' && line !== null) return line
  } catch {
    throw damaged(where, 'one of its lines is no JSON')
  }
  throw damaged(where, 'one of its lines is no record')
}
