import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import { type Affected, AffectedCount } from '../records/affected.js'
import { canonical } from '../records/canonical.js'
import type { KeyRecord } from '../records/key-record.js'
import { compareUrgency, type Urgency, urgencyOf } from '../records/urgency.js'
import { Arena } from './arena.js'
import { SharedTexts } from './shared-texts.js'

const compress = promisify(deflateRaw)
const decompress = promisify(inflateRaw)

/** Records in a compressed chunk. */
const CHUNK = 200

/** Records that are held at once while all are walked in their order. */
const WINDOW = 5_000

/**
 * The records of the affected keys of a run, and what is said of all of them. They are kept as the ledger keeps
 * records, in the order in which they came, and walked in the order of their urgency: a window of the most
 * urgent ones at a time, for which all chunks are opened once.
 */
export class AffectedKeys {
  readonly #count = new AffectedCount()
  readonly #urgencies: Urgency[] = []
  readonly #texts = new SharedTexts()
  readonly #arena = new Arena()
  readonly #chunks: { readonly at: number; readonly length: number }[] = []
  #open: string[] = []

  static async of(records: Iterable<KeyRecord>): Promise<AffectedKeys> {
    const keys = new AffectedKeys()
    for (const record of records) await keys.add(record)
    return keys
  }

  /** Adds a record, one at a time. `text`: its canonical form, where that is at hand. */
  async add(record: KeyRecord, text = canonical(record)): Promise<void> {
    this.#count.add(record)
    this.#urgencies.push(urgencyOf(record))
    this.#open.push(this.#texts.pack(text))
    if (this.#open.length === CHUNK) await this.#close()
  }

  /** Takes note of a key that is none of them, for what is said of the run. */
  beside(record: KeyRecord): void {
    this.#count.beside(record)
  }

  /** What is said of all of them. */
  get summary(): Affected {
    return this.#count.affected
  }

  /** The records, most urgent first; can be walked again. */
  async *inOrder(): AsyncGenerator<KeyRecord> {
    const order = Uint32Array.from(this.#urgencies.keys()).sort((one, other) =>
      compareUrgency(this.#urgencies[one] ?? [], this.#urgencies[other] ?? []),
    )
    for (let from = 0; from < order.length; from += WINDOW) {
      const rows = await this.#rowsAt(order.subarray(from, from + WINDOW))
      for (const row of rows) yield JSON.parse(this.#texts.unpack(row)) as KeyRecord
    }
  }

  /** The rows at some indexes, in the order of these. */
  async #rowsAt(indexes: Uint32Array): Promise<readonly string[]> {
    const wanted = new Map([...indexes].map((index, position) => [index, position]))
    const rows: string[] = Array.from({ length: indexes.length }, () => '')
    let index = 0
    for await (const chunk of this.#opened()) {
      for (const row of chunk) {
        const position = wanted.get(index)
        if (position !== undefined) rows[position] = row
        index += 1
      }
    }
    return rows
  }

  async *#opened(): AsyncGenerator<readonly string[]> {
    for (const { at, length } of this.#chunks) {
      yield (await decompress(this.#arena.read(at, length))).toString().split('\n')
    }
    yield this.#open
  }

  async #close(): Promise<void> {
    const bytes = await compress(this.#open.join('\n'))
    this.#open = []
    this.#chunks.push({ at: this.#arena.add(bytes), length: bytes.length })
  }
}
