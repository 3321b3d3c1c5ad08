import { identityOf } from '../records/gone-record.js'
import type { RecordedProject } from '../records/key-record.js'
import { Arena } from './arena.js'
import { HashIndex } from './hash-index.js'
import type { Knowledge } from './knowledge.js'

/** What many keys have in common: all but their names. */
type Shape = Omit<Knowledge, 'key' | 'boundTo'> & Pick<Knowledge['key'], 'type'>

/**
 * Names that follow from nothing: the display name, a `uid` that is no UUID, and a name that is not made of
 * project and `uid`; null for one that does, or is absent. And the account of an auth key.
 */
type Names = readonly [
  displayName: string | null,
  uid?: string | null,
  name?: string | null,
  boundTo?: string | null,
]

const UUID = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/
const UUID_BYTES = 16

/** Numbers of a key: where its names begin, how many bytes they are, its project, its shape. */
const [START, LENGTH, PROJECT, SHAPE] = [0, 1, 2, 3]

/**
 * What is known of many keys, by their identity, in some 60 bytes of memory each: as objects, a million take
 * half a gigabyte. Each is made anew whenever it is asked for.
 */
export class KnownKeys implements Iterable<Knowledge> {
  readonly #arena = new Arena()
  readonly #index = new HashIndex((index) => identityOf(this.#namesAt(index)))
  readonly #projects = new KnownProjects()
  readonly #shapes: Shape[] = []
  readonly #shapeNumbers = new Map<string, number>()
  readonly #rows = new Uint32Table(4)

  static of(all: Iterable<Knowledge>): KnownKeys {
    const known = new KnownKeys()
    for (const each of all) known.add(each)
    return known
  }

  /** How many indexes there are. */
  get size(): number {
    return this.#rows.size
  }

  /** Adds what is known of a key that is not among the others yet. */
  add({ key, boundTo, ...rest }: Knowledge): void {
    const { name, uid, displayName, project, type } = key
    const uuid = UUID.exec(uid)
    const title = displayName ?? null
    const own = uuid === null ? uid : null
    const ownName = name === keyName(project.number, uid) ? null : name
    const names = [title, own, ownName, boundTo ?? null]
    while (names.length > 1 && names.at(-1) === null) names.pop()
    const text = Buffer.from(JSON.stringify(names))
    const start = this.#arena.add(text, Buffer.from(uuid?.slice(1).join('') ?? '', 'hex'))
    const numbers = [this.#projects.add(project), this.#shapeNumber({ type, ...rest })]
    const index = this.#rows.add(start, text.length, ...numbers)
    this.#index.set(identityOf(key), index)
  }

  /** The index of a key, from 0 to below `size`; undefined when nothing is known of it. */
  find(identity: string): number | undefined {
    return this.#index.find(identity)
  }

  get(identity: string): Knowledge | undefined {
    const index = this.find(identity)
    return index === undefined ? undefined : this.at(index)
  }

  /** What is known of the key at an index. Throws where there is none. */
  at(index: number): Knowledge {
    const shape = this.#shapes[this.#rows.at(index, SHAPE)]
    if (shape === undefined) throw new Error(`the key at ${index} has no shape`)
    const { type, ...rest } = shape
    const project = this.#projectAt(index)
    const { boundTo, ...names } = this.#namesAt(index)
    return { key: { ...names, project, type }, ...rest, ...(boundTo === undefined ? {} : { boundTo }) }
  }

  /** In the order in which they were added. */
  *[Symbol.iterator](): Iterator<Knowledge> {
    for (let index = 0; index < this.size; index += 1) yield this.at(index)
  }

  #namesAt(
    index: number,
  ): Pick<Knowledge['key'], 'name' | 'uid' | 'displayName'> & Pick<Knowledge, 'boundTo'> {
    const [start, length] = [this.#rows.at(index, START), this.#rows.at(index, LENGTH)]
    const [title, own, ownName, boundTo = null] = JSON.parse(
      this.#arena.read(start, length).toString(),
    ) as Names
    const uid = own ?? uuidOf(this.#arena.read(start + length, UUID_BYTES).toString('hex'))
    const name = ownName ?? keyName(this.#projectAt(index).number, uid)
    return {
      name,
      uid,
      ...(title === null ? {} : { displayName: title }),
      ...(boundTo === null ? {} : { boundTo }),
    }
  }

  #projectAt(index: number): Knowledge['key']['project'] {
    return this.#projects.at(this.#rows.at(index, PROJECT))
  }

  #shapeNumber(shape: Shape): number {
    const name = JSON.stringify(shape)
    const known = this.#shapeNumbers.get(name)
    if (known !== undefined) return known
    this.#shapes.push(shape)
    this.#shapeNumbers.set(name, this.#shapes.length - 1)
    return this.#shapes.length - 1
  }
}

/** The name that Google gives a key whose maker chose none. */
export function keyName(projectNumber: string, uid: string): string {
  return `projects/${projectNumber}/locations/global/keys/${uid}`
}

function uuidOf(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** A project as it is kept: number, ID, owner, and which chain of ancestors. */
type Kept = readonly [number: string, id: string, owner: string | null, chain: number]

/** The projects of many keys, each once, in some 80 bytes of memory. */
class KnownProjects {
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

/** Rows of whole numbers below 2^32, all of one width, in four bytes each. */
class Uint32Table {
  readonly #width: number
  #numbers: Uint32Array = new Uint32Array(1024)
  #size = 0

  constructor(width: number) {
    this.#width = width
  }

  get size(): number {
    return this.#size
  }

  /** Adds a row and gives back its index. */
  add(...numbers: readonly number[]): number {
    const from = this.#size * this.#width
    if (from + this.#width > this.#numbers.length) this.#grow()
    this.#numbers.set(numbers, from)
    this.#size += 1
    return this.#size - 1
  }

  /** A number of a row, the first one as 0. Throws where there is no such row. */
  at(index: number, column: number): number {
    const number = index < this.#size ? this.#numbers[index * this.#width + column] : undefined
    if (number === undefined) throw new Error(`there is no row ${index}`)
    return number
  }

  #grow(): void {
    const more = new Uint32Array(this.#numbers.length * 2)
    more.set(this.#numbers)
    this.#numbers = more
  }
}

/** Marks on the numbers from 0 to below a size, one bit each. */
export class BitSet {
  readonly #bytes: Uint8Array

  constructor(size: number) {
    this.#bytes = new Uint8Array(Math.ceil(size / 8))
  }

  add(number: number): void {
    const byte = number >>> 3
    this.#bytes[byte] = (this.#bytes[byte] ?? 0) | (1 << (number & 7))
  }

  has(number: number): boolean {
    return ((this.#bytes[number >>> 3] ?? 0) & (1 << (number & 7))) !== 0
  }
}
