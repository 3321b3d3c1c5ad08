import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'

const compress = promisify(deflateRaw)
const decompress = promisify(inflateRaw)

const BUCKETS = 256
const CHUNK_CHARACTERS = 64 * 1024
const FASTEST = { level: 1 }

/** One record as it is told: the canonical form of its payload, and the digest of that. */
export interface Line {
  /** Lower-case hexadecimal. */
  readonly insertId: string
  readonly canonical: string
}

/**
 * The records of one run between judging and telling, compressed in memory and dealt out by the first byte of
 * `insertId`, so that they can be walked in the order of their digests while one bucket at a time is open.
 */
export class Ledger {
  readonly #buckets = Array.from({ length: BUCKETS }, () => new Bucket())
  #count = 0

  get count(): number {
    return this.#count
  }

  /** Resolves once the line is kept; await it, so that a reading cannot outrun the compression. */
  async add(line: Line): Promise<void> {
    this.#count += 1
    await this.#bucketOf(line).add(line)
  }

  /** Every line, sorted by `insertId`; can be walked again. */
  async *lines(): AsyncGenerator<Line> {
    for (const bucket of this.#buckets) {
      const lines = await bucket.lines()
      yield* lines.sort((a, b) => (a.insertId < b.insertId ? -1 : a.insertId > b.insertId ? 1 : 0))
    }
  }

  /** SHA-256 in hexadecimal over the canonical records in the order of their `insertId`, each ended by LF. */
  async sha256(): Promise<string> {
    const hash = createHash('sha256')
    for await (const line of this.lines()) hash.update(line.canonical).update('\n')
    return hash.digest('hex')
  }

  #bucketOf(line: Line): Bucket {
    const bucket = this.#buckets[Number.parseInt(line.insertId.slice(0, 2), 16)]
    if (bucket === undefined) throw new Error(`an insertId is hexadecimal, not ${line.insertId}`)
    return bucket
  }
}

class Bucket {
  readonly #chunks: Buffer[] = []
  #open = ''

  async add(line: Line): Promise<void> {
    this.#open += `${line.insertId} ${line.canonical}\n`
    if (this.#open.length >= CHUNK_CHARACTERS) await this.#close()
  }

  async lines(): Promise<Line[]> {
    const chunks = await Promise.all(this.#chunks.map((chunk) => decompress(chunk)))
    return `${chunks.map((chunk) => chunk.toString('utf8')).join('')}${this.#open}`
      .split('\n')
      .slice(0, -1)
      .map((text) => {
        const space = text.indexOf(' ')
        return { insertId: text.slice(0, space), canonical: text.slice(space + 1) }
      })
  }

  async #close(): Promise<void> {
    const text = this.#open
    this.#open = ''
    this.#chunks.push(await compress(text, FASTEST))
  }
}
