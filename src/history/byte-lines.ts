import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { damaged } from './manifest.js'

/** A run's packed lines, and their place for messages. */
export interface PackedRecords {
  readonly where: string
  /** The bytes from the beginning; can be asked for again. */
  pieces(): AsyncIterable<Buffer>
}

/** Bytes of one line at the most: what names more than a million projects, the longest that a run writes. */
export const LONGEST_LINE = 32 * 1024 * 1024

/**
 * Bytes that one packed byte may become, once there are many of them: records become some 20, and the random
 * part of a `uid` alone keeps them far below. Bombs become 1,000.
 */
export const SWELLING = 500
const MANY = LONGEST_LINE

const LINE_FEED = 10

/** The lines of packed records as bytes, as many at once as come together; at least one. Throws `ArchiveError`. */
export async function* byteLines(packed: PackedRecords): AsyncGenerator<readonly Buffer[]> {
  let open: readonly Buffer[] = []
  let length = 0
  for await (const chunk of unzipped(packed)) {
    const lines: Buffer[] = []
    let from = 0
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      const line = chunk.subarray(from, at)
      lines.push(open.length === 0 ? line : Buffer.concat([...open, line]))
      open = []
      length = 0
      from = at + 1
    }
    if (from < chunk.length) open = [...open, chunk.subarray(from)]
    length += chunk.length - from
    if (length > LONGEST_LINE) throw damaged(packed.where, 'one of its lines is longer than any of a run')
    if (lines.length > 0) yield lines
  }
  if (open.length > 0) yield [Buffer.concat(open)]
}

async function* unzipped({ pieces, where }: PackedRecords): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: 64 * 1024 })
  pipeline(Readable.from(pieces()), gunzip, () => undefined) // a failure ends `gunzip` with it
  let bytes = 0
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > MANY && bytes > SWELLING * gunzip.bytesWritten) {
        throw damaged(where, 'it unpacks to more than records can')
      }
      yield chunk
    }
  } catch (error) {
    throw isOfZlib(error) ? damaged(where, 'it cannot be unpacked') : error
  }
}

/** By its code: https://nodejs.org/api/zlib.html#error-codes-for-zlib-operations */
function isOfZlib(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
}
