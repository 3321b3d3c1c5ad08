import fc from 'fast-check'
import type { Random } from '../../simulator/world/random.js'
import { pick } from '../../simulator/world/random.js'
import { names } from './names.js'

/** A place in a JSON value: the names and positions that lead to it. */
export type Path = readonly (string | number)[]

/** What is done to one value of an answer. */
export interface Mutation {
  readonly says: string
  /**
   * Whether nobody can take the result for another fact: then each verdict stays or becomes unknown. A text in place
   * of a text may be the truth about its key.
   */
  readonly isPlain: boolean
  readonly fits: (value: unknown) => boolean
  /** Its value from now on; `undefined` takes it out. */
  readonly apply: (value: unknown, random: Random) => unknown
}

const anything = () => true
const isText = (value: unknown): value is string => typeof value === 'string'
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !isList(value)

/** Fields that libraries and languages look for in any object, with values that none of them expects. */
const TRAPS: Readonly<Record<string, unknown>> = Object.fromEntries([
  ...['toString', 'valueOf', 'toJSON', 'then', 'forEach', 'set', 'get', 'length'].map((name) => [name, 1]),
  ['constructor', { prototype: { polluted: true } }],
  ['__proto__', { polluted: true }],
  ['extra', '@json:deep'],
])

const WIDE = Array.from({ length: 50_000 }, (_none, at) => at % 7)

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'other type': {
    says: 'a value of another type',
    isPlain: true,
    fits: anything,
    apply: (value, random) =>
      isText(value) || isList(value) ? { [pick(random, ['value', 'name'])]: value } : [value],
  },
  number: { says: 'a number', isPlain: true, fits: (value) => !isNumber(value), apply: numberFor },
  deep: { says: 'a list in a list, 10,000 deep', isPlain: true, fits: anything, apply: () => '@json:deep' },
  wide: { says: 'a list of 50,000 numbers', isPlain: true, fits: anything, apply: () => WIDE },
  trap: {
    says: 'an object with methods for data',
    isPlain: true,
    fits: (value) => !isObject(value),
    apply: () => TRAPS,
  },
  more: {
    says: 'fields that Google does not document',
    isPlain: true,
    fits: isObject,
    apply: (value) => ({ ...Object(value), ...TRAPS }),
  },
  twice: {
    says: 'each element of a list twice',
    isPlain: true,
    fits: (value) => isList(value) && value.length > 0,
    apply: (value) => (isList(value) ? value.flatMap((element) => [element, element]) : value),
  },
  null: { says: 'null', isPlain: false, fits: anything, apply: () => null },
  missing: { says: 'left out', isPlain: false, fits: anything, apply: () => undefined },
  empty: {
    says: 'empty',
    isPlain: false,
    fits: anything,
    apply: (value) => (isText(value) ? '' : isList(value) ? [] : {}),
  },
  huge: {
    says: 'a text of 70,000 characters',
    isPlain: false,
    fits: isText,
    apply: () => 'a'.repeat(70_000),
  },
  'like a number': {
    says: 'a text that looks like a number',
    isPlain: false,
    fits: isText,
    apply: (_value, random) =>
      pick(random, ['NaN', 'Infinity', '-0', '1e999', '0x10', '9'.repeat(400), '1,5', ' 7 ']),
  },
  prototype: {
    says: 'the name of what all objects have',
    isPlain: false,
    fits: isText,
    apply: (value, random) => {
      const name = pick(random, ['__proto__', 'constructor', 'toString', 'then'])
      return random() < 0.5 || !isText(value) ? name : value.replace(/[^/]*$/, name)
    },
  },
  hostile: {
    says: 'a name that means harm, or what is no text in Unicode',
    isPlain: false,
    fits: isText,
    apply: (value, random) => {
      const [name = ''] = fc.sample(names, { numRuns: 1, seed: Math.floor(random() * 2 ** 31) })
      return random() < 0.5 ? name : `${value}${name}`
    },
  },
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number'
}

function numberFor(_value: unknown, random: Random): unknown {
  return pick(random, [
    '@json:1e999',
    '@json:-1e999',
    -1,
    1.5,
    0,
    2 ** 53,
    '@json:123456789012345678901234567890',
  ])
}

/** All places of a value that a mutation fits, the value itself included, in their order. */
export function placesFor({ fits }: Mutation, root: unknown): readonly Path[] {
  const found: Path[] = []
  const visit = (value: unknown, path: Path) => {
    if (fits(value)) found.push(path)
    if (typeof value !== 'object' || value === null) return
    for (const [name, part] of Object.entries(value))
      visit(part, [...path, isList(value) ? Number(name) : name])
  }
  visit(root, [])
  return found
}

/** The value with one place of it mutated, for `jsonText`. */
export function mutated(root: unknown, path: Path, { apply }: Mutation, random: Random): unknown {
  return changedAt(root, path, (value) => apply(value, random))
}

function changedAt(value: unknown, path: Path, change: (value: unknown) => unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined) return change(value)
  if (isList(value)) {
    return value.flatMap((element, at) => {
      if (at !== step) return [element]
      const changed = changedAt(element, rest, change)
      return changed === undefined ? [] : [changed]
    })
  }
  const fields = Object.entries(Object(value)).map(([name, part]) =>
    name === step ? [name, changedAt(part, rest, change)] : [name, part],
  )
  return Object.fromEntries(fields)
}
