import type { GoogleClient } from './client.js'
import { Crc32c } from './crc32c.js'
import { ApiError } from './errors.js'
import { type ObjectInfo, READING, readObjectPart } from './object-parts.js'

/** Bytes that are asked for at once: little to hold, and enough that the next part is there when it is wanted. */
export const PART_BYTES = 4 * 2 ** 20

/** Bytes of the longest line that is read; a resource has far fewer. */
const LONGEST_LINE = 4 * 2 ** 20

/** Lines that are handed out at once, as many as a page of a listing has. */
const BATCH = 1_000

const LINE_FEED = 0x0a

/**
 * The lines of an object as JSON, in batches; undefined for a line that is none, or too long. The object is
 * read in parts, the next one on its way while one is worked on, and never held as a whole. Throws `ApiError`;
 * with `DAMAGED_OBJECT` when the checksum is not the one that Cloud Storage has, which is known before the last
 * batch is handed out: an object of one batch is checked before any of it is used.
 */
export async function* objectLines(
  client: GoogleClient,
  object: ObjectInfo,
  partSize = PART_BYTES,
): AsyncGenerator<readonly unknown[]> {
  const splitter = new Splitter()
  const checksum = new Crc32c()
  let lines: unknown[] = []
  for await (const part of objectBytes(client, object, partSize)) {
    checksum.update(part)
    for (const line of splitter.split(part)) {
      if (lines.length === BATCH) {
        yield lines
        lines = []
      }
      lines.push(line)
    }
  }
  lines.push(...splitter.rest())
  if (checksum.digest() !== object.crc32c) throw damaged(object)
  yield lines
}

/** The bytes of an object in parts, the next one on its way while one is worked on. Throws `ApiError`. */
export async function* objectBytes(
  client: GoogleClient,
  object: ObjectInfo,
  length = PART_BYTES,
): AsyncGenerator<Buffer> {
  const partFrom = (from: number) =>
    from < object.size
      ? readObjectPart(client, object, from, Math.min(from + length, object.size))
      : undefined
  let next = partFrom(0)
  for (let from = length; next; from += length) {
    const part: Buffer = await next
    next = partFrom(from)
    next?.catch(() => undefined) // told when its turn comes; nobody may be waiting for it
    yield part
  }
}

/** Cuts bytes into lines, and keeps what has no end yet. */
class Splitter {
  #begun: Buffer = Buffer.alloc(0)
  /** Whether the line that has begun is too long already, and is passed over. */
  #skips = false;

  *split(part: Buffer): Generator<unknown> {
    let from = 0
    for (let end = part.indexOf(LINE_FEED); end >= 0; end = part.indexOf(LINE_FEED, from)) {
      const line =
        this.#begun.length === 0 ? part.subarray(from, end) : this.#completed(part.subarray(from, end))
      if (this.#skips || line.length > LONGEST_LINE) yield undefined
      else if (line.length > 0) yield parsed(line)
      this.#skips = false
      this.#begun = Buffer.alloc(0)
      from = end + 1
    }
    if (from < part.length) this.#begun = this.#completed(part.subarray(from))
    if (this.#begun.length > LONGEST_LINE) {
      this.#skips = true
      this.#begun = Buffer.alloc(0)
    }
  }

  /** What follows the last line feed: the last line may lack its own. */
  *rest(): Generator<unknown> {
    if (this.#skips) yield undefined
    else if (this.#begun.length > 0) yield parsed(this.#begun)
  }

  #completed(bytes: Buffer): Buffer {
    return this.#skips ? this.#begun : Buffer.concat([this.#begun, bytes])
  }
}

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'))
  } catch {
    return undefined // what it was cannot be said; whoever takes it tells that it is unreadable
  }
}

function damaged({ purpose, bucket, name }: ObjectInfo): ApiError {
  return new ApiError(READING[purpose], `gs://${bucket}/${name}`, { reason: 'DAMAGED_OBJECT' })
}
