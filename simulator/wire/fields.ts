import { isObject } from './json-body.js'

/** Which fields are wanted, and what of each; undefined: all of it. */
export interface Mask {
  readonly [field: string]: Mask | undefined
}

/**
 * What a partial answer holds, out of the parameter `fields`: `items(name,size),nextPageToken`, `a/b`, `*`.
 * Undefined where the text is none.
 */
export function maskOf(text: string): Mask | undefined {
  return new Reader(text).whole()
}

/** The parts of an answer that are asked for; what is left out altogether is not there, not null. */
export function masked(value: unknown, mask: Mask): unknown {
  if (Array.isArray(value)) return value.map((one) => masked(one, mask))
  if (!isObject(value)) return value
  const entries = Object.entries(value).flatMap(([name, inner]): (readonly [string, unknown])[] => {
    const asked = [name, '*'].find((field) => Object.hasOwn(mask, field))
    if (asked === undefined) return []
    const below = mask[asked]
    return [[name, below === undefined ? inner : masked(inner, below)]]
  })
  return Object.fromEntries(entries)
}

type Draft = Record<string, Mask | undefined>

/** Goes through the text of a mask once. */
class Reader {
  #at = 0
  #isBroken = false

  constructor(private readonly text: string) {}

  whole(): Mask | undefined {
    const mask = this.#list()
    return this.#isBroken || this.#at < this.text.length ? undefined : mask
  }

  /** Fields between commas. */
  #list(): Mask {
    const mask: Draft = Object.create(null)
    do add(mask, this.#path(), this.#below())
    while (this.#takes(','))
    return mask
  }

  #path(): readonly string[] {
    const [path = ''] = /^[\w*]+(?:\/[\w*]+)*/.exec(this.text.slice(this.#at)) ?? []
    this.#at += path.length
    if (path === '') this.#isBroken = true
    return path.split('/')
  }

  #below(): Mask | undefined {
    if (!this.#takes('(')) return undefined
    const list = this.#list()
    if (!this.#takes(')')) this.#isBroken = true
    return list
  }

  #takes(mark: string): boolean {
    if (this.text[this.#at] !== mark) return false
    this.#at += 1
    return true
  }
}

/** Puts a path into a mask; what was asked for as a whole stays whole. */
function add(mask: Draft, [name = '', ...rest]: readonly string[], below: Mask | undefined): void {
  const isKnown = Object.hasOwn(mask, name)
  const before = mask[name]
  if (isKnown && before === undefined) return
  if (rest.length === 0 && below === undefined) {
    mask[name] = undefined
    return
  }
  const inner: Draft = Object.assign(Object.create(null), before)
  if (rest.length > 0) add(inner, rest, below)
  else for (const [field, part] of Object.entries(below ?? {})) add(inner, [field], part)
  mask[name] = inner
}
