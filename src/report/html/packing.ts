/**
 * Keys as the page carries them. A record has some 5,000 characters, and most of them stand in thousands of
 * other records as well: each field is written once, with the key's own names left open, and the keys say
 * which ones they have. 20,000 keys then take megabytes instead of a hundred of them.
 */
import type { KeyRecord } from '../../records/key-record.js'

/** What the page knows of a key: its record without what all records of a run have in common. */
export type PageKey = Omit<KeyRecord, 'schema' | 'record' | 'audit' | 'run' | 'reading' | 'asOf'>

type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value }

/** What differs from key to key: name, `uid`, display name, project's ID and number. */
type Names = readonly string[]

/** The key's names, and for each of `FIELDS` where its value stands among the shared ones; -1 for absent. */
export type PackedKey = readonly [names: Names, ...fields: number[]]

/** Some keys, and the shared values that no batch before had. */
export interface Batch {
  readonly shared: readonly Value[]
  readonly keys: readonly PackedKey[]
}

export const FIELDS = [
  'key',
  'evidence',
  'geminiAccess',
  'usage',
  'dormant',
  'verdict',
  'findings',
  'notes',
  'exemption',
  'change',
  'changeCause',
  'previousVerdict',
  'firstSeen',
  'overdueSince',
  'impact',
  'remedy',
  'truncated',
] as const satisfies readonly (keyof PageKey)[]

/** Stand for the names in shared values: characters for private use, which hardly any name has. */
const FIRST_PLACE = 0xe000
const PLACES = /[\uE000-\uE005]/g
const ANY_PLACE = /[\uE000-\uE005]/

/** Shorter names are not left open: they would be found inside of other words. */
const SHORTEST = 4

/** Values that are compared with later ones: beyond, the page says again what it has said long before. */
const REMEMBERED = 10_000

/** Packs the keys of one report, batch by batch, in memory that does not grow with them. */
export class Packer {
  readonly #remembered: number
  #places = new Map<string, number>()
  #shared = 0
  #fresh: Value[] = []
  #keys: PackedKey[] = []

  constructor(remembered = REMEMBERED) {
    this.#remembered = remembered
  }

  add(record: KeyRecord): void {
    const names = namesOf(record)
    const fields = FIELDS.map((field) => this.#share(record[field] as Value | undefined, names))
    this.#keys.push([names, ...fields])
  }

  /** What was added since the last batch. */
  batch(): Batch {
    const batch = { shared: this.#fresh, keys: this.#keys }
    this.#fresh = []
    this.#keys = []
    return batch
  }

  #share(value: Value | undefined, names: Names): number {
    if (value === undefined) return -1
    const open = mapTexts(value, (text) => opened(text, names))
    const text = JSON.stringify(open)
    const known = this.#places.get(text)
    if (known !== undefined) return known
    if (this.#places.size === this.#remembered) this.#places = new Map()
    this.#places.set(text, this.#shared)
    this.#fresh.push(open)
    this.#shared += 1
    return this.#shared - 1
  }
}

/** One field of a packed key as it was in the record; undefined where the record has none. */
export function unpacked(shared: readonly Value[], [names, ...fields]: PackedKey, field: number): unknown {
  const place = fields[field]
  const value = place === undefined || place < 0 ? undefined : shared[place]
  return value === undefined ? undefined : mapTexts(value, (text) => filled(text, names))
}

/**
 * No names for a record that holds a character that stands for one: it is then carried as it is.
 * Remedies name new things after the first digits of the `uid`.
 */
function namesOf(record: KeyRecord): Names {
  const { name, uid, displayName = '', project } = record.key
  const names = [name, uid, displayName, project.id, project.number, uid.slice(0, 8)]
  return ANY_PLACE.test(JSON.stringify(record)) ? [] : names
}

function opened(text: string, names: Names): string {
  return names.reduce(
    (open, name, index) =>
      name.length < SHORTEST ? open : open.replaceAll(name, String.fromCharCode(FIRST_PLACE + index)),
    text,
  )
}

function filled(text: string, names: Names): string {
  return text.replace(PLACES, (place) => names[place.charCodeAt(0) - FIRST_PLACE] ?? place)
}

function mapTexts(value: Value, change: (text: string) => string): Value {
  if (typeof value === 'string') return change(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item: Value) => mapTexts(item, change))
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapTexts(item, change)]))
}
