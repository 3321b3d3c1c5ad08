import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import { SHA_256, sha256 } from '../records/canonical.js'
import { Arena } from './arena.js'
import { SharedTexts } from './shared-texts.js'

const compress = promisify(deflateRaw)
const decompress = promisify(inflateRaw)

const BUCKETS = 64
const CHUNK_CHARACTERS = 32 * 1024
/** Bytes of a digest that are kept to put lines in order: the whole can be made again. */
const KEPT = 12

/** One record as it is delivered: the canonical form of its payload, and the digest of that. */
export interface Line {
  /** SHA-256 of `canonical` in lower-case hexadecimal. */
  readonly insertId: string
  readonly canonical: string
}

/**
 * The records of one run between judging and delivery, in some 80 bytes of memory each: what they share is kept
 * once, the rest is compressed. They are dealt out by the first bits of `insertId`, so that they can be walked
 * in the order of their digests while one bucket at a time is open.
 */
export class Ledger {
  readonly #arena = new Arena()
  readonly #texts = new SharedTexts()
  readonly #buckets = Array.from({ length: BUCKETS }, () => new Bucket(this.#arena))
  #count = 0

  get count(): number {
    return this.#count
  }

  /** Resolves once the line is kept; await it, so that a reading cannot outrun the compression. */
  async add({ insertId, canonical }: Line): Promise<void> {
    this.#count += 1
    await this.#bucketOf(insertId).add(insertId, this.#texts.pack(canonical))
  }

  /** Every line, sorted by `insertId`; can be walked again. */
  async *lines(): AsyncGenerator<Line> {
    for (const bucket of this.#buckets) {
      for (const row of await bucket.sorted((row) => this.#unpacked(row))) yield this.#unpacked(row)
    }
  }

  /** SHA-256 in hexadecimal over the canonical records in the order of their `insertId`, each ended by LF. */
  async sha256(): Promise<string> {
    const hash = createHash('sha256')
    for await (const line of this.lines()) hash.update(line.canonical).update('\n')
    return hash.digest('hex')
  }

  #unpacked(row: string): Line {
    return new UnpackedLine(this.#texts.unpack(row))
  }

  #bucketOf(insertId: string): Bucket {
    const byte = SHA_256.test(insertId) ? Number.parseInt(insertId.slice(0, 2), 16) : Number.NaN
    const bucket = this.#buckets[Math.floor((byte * BUCKETS) / 256)]
    if (bucket === undefined) throw new Error(`an insertId is 64 hexadecimal digits, not ${insertId}`)
    return bucket
  }
}

/** A line whose digest is made when it is asked for. */
class UnpackedLine implements Line {
  constructor(readonly canonical: string) {}

  get insertId(): string {
    return sha256(this.canonical)
  }
}

/** A line before it is unpacked. */
interface PackedLine {
  /** The first digits of `insertId`. */
  readonly order: string
  readonly row: string
}

/** Where some lines lie: the beginnings of their digests, and behind them the compressed rows. */
interface Chunk {
  readonly at: number
  readonly lines: number
  readonly length: number
}

class Bucket {
  readonly #arena: Arena
  readonly #chunks: Chunk[] = []
  #open: PackedLine[] = []
  #characters = 0
  #closing: Promise<void> = Promise.resolve()

  constructor(arena: Arena) {
    this.#arena = arena
  }

  /** Waits only for the chunk before the one that is full. */
  async add(insertId: string, row: string): Promise<void> {
    this.#open.push({ order: insertId.slice(0, 2 * KEPT), row })
    this.#characters += row.length
    if (this.#characters < CHUNK_CHARACTERS) return
    const full = this.#open
    this.#open = []
    this.#characters = 0
    const before = this.#closing
    this.#closing = Promise.all([before, this.#close(full)]).then(() => undefined)
    await before
  }

  /** The rows in the order of their digests; `unpacked` is asked where the beginnings are the same. */
  async sorted(unpacked: (row: string) => Line): Promise<readonly string[]> {
    await this.#closing
    const lines = [...this.#open]
    for (const chunk of this.#chunks) lines.push(...(await this.#opened(chunk)))
    return lines
      .sort(
        (one, other) =>
          byText(one.order, other.order) || byText(unpacked(one.row).insertId, unpacked(other.row).insertId),
      )
      .map(({ row }) => row)
  }

  async #close(lines: readonly PackedLine[]): Promise<void> {
    const rows = await compress(lines.map(({ row }) => row).join('\n'))
    const digests = Buffer.from(lines.map(({ order }) => order).join(''), 'hex')
    const at = this.#arena.add(digests, rows)
    this.#chunks.push({ at, lines: lines.length, length: digests.length + rows.length })
  }

  async #opened({ at, lines, length }: Chunk): Promise<readonly PackedLine[]> {
    const bytes = this.#arena.read(at, length)
    const rows = await decompress(bytes.subarray(lines * KEPT))
    return rows
      .toString()
      .split('\n')
      .map((row, index) => ({ order: bytes.toString('hex', index * KEPT, (index + 1) * KEPT), row }))
  }
}

function byText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
