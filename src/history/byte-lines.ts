import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { systemCode } from '../errors.js'
import { LineSplitter } from '../google/line-splitter.js'
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

/** The lines of packed records as bytes, as many at once as come together; at least one. Throws `ArchiveError`. */
export async function* byteLines(packed: PackedRecords): AsyncGenerator<readonly Buffer[]> {
  const splitter = new LineSplitter(LONGEST_LINE)
  for await (const chunk of unzipped(packed)) {
    const lines = splitter.split(chunk)
    const whole = lines.filter((line) => line !== undefined)
    if (splitter.isTooLong || whole.length < lines.length) {
      throw damaged(packed.where, 'one of its lines is longer than any of a run')
    }
    if (whole.length > 0) yield whole
  }
  const rest = splitter.rest().filter((line) => line !== undefined)
  if (rest.length > 0) yield rest
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
  return systemCode(error)?.startsWith('Z_') === true
}
