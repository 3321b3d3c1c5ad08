import { promisify } from 'node:util'
import { deflate, inflate } from 'node:zlib'

const pack = promisify(deflate)
const unpack = promisify(inflate)

/** Items in one packed chunk. */
const CHUNK = 2000

/**
 * Keeps many items in little memory until they are wanted: packed by zlib, which works beside the main
 * thread, they take about an eighth of their JSON. Items have to survive JSON.
 */
export class CompressedQueue<Item> {
  readonly #packed: Promise<Buffer>[] = []
  #loose: Item[] = []

  /** Waits only while more chunks are being packed than the machine has hands for. */
  async add(items: readonly Item[]): Promise<void> {
    this.#loose.push(...items)
    if (this.#loose.length < CHUNK) return
    await this.#packed.at(-4)
    this.#packed.push(pack(JSON.stringify(this.#loose), { level: 1 }))
    this.#loose = []
  }

  /** All items, chunk by chunk; each chunk is let go as it is handed out, so this is for once only. */
  async *take(): AsyncGenerator<readonly Item[]> {
    for (let chunk = this.#packed.shift(); chunk; chunk = this.#packed.shift()) {
      const text = (await unpack(await chunk)).toString()
      yield JSON.parse(text) as readonly Item[] // what `add` wrote itself
    }
    const last = this.#loose
    this.#loose = []
    yield last
  }
}
