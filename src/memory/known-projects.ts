import type { RecordedProject } from '../records/key-record.js'
import { Arena } from './arena.js'
import { HashIndex } from './hash-index.js'
import { Uint32Table } from './uint32-table.js'

/** A project as it is kept: number, ID, owner, and which chain of ancestors. */
type Kept = readonly [number: string, id: string, owner: string | null, chain: number]

/** The projects of many keys, each once, in some 80 bytes of memory. */
export class KnownProjects {
  readonly #arena = new Arena()
  readonly #index = new HashIndex((index) => this.#textAt(index))
  readonly #chains: (readonly string[])[] = []
  readonly #chainNumbers = new Map<string, number>()
  /** Where the bytes of each begin, and how many they are. */
  readonly #rows = new Uint32Table(2)

  /** The project's number here; the same project has the same. */
  add({ number, id, owner, ancestors }: RecordedProject): number {
    const kept: Kept = [number, id, owner ?? null, this.#chainNumber(ancestors)]
    const text = JSON.stringify(kept)
    const known = this.#index.find(text)
    if (known !== undefined) return known
    const bytes = Buffer.from(text)
    const index = this.#rows.add(this.#arena.add(bytes), bytes.length)
    this.#index.set(text, index)
    return index
  }

  /** The project of a number that `add` gave. */
  at(index: number): RecordedProject {
    const [number, id, owner, chain] = JSON.parse(this.#textAt(index)) as Kept
    return { number, id, ...(owner === null ? {} : { owner }), ancestors: this.#chains[chain] ?? [] }
  }

  #textAt(index: number): string {
    return this.#arena.read(this.#rows.at(index, 0), this.#rows.at(index, 1)).toString()
  }

  #chainNumber(ancestors: readonly string[]): number {
    const name = JSON.stringify(ancestors)
    const known = this.#chainNumbers.get(name)
    if (known !== undefined) return known
    this.#chains.push(ancestors)
    this.#chainNumbers.set(name, this.#chains.length - 1)
    return this.#chains.length - 1
  }
}
