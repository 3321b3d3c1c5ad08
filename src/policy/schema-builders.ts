import { closest, distance } from 'fastest-levenshtein'
import * as z from 'zod'
import { isMapping, quoted, type ValueType } from './fields.js'

/**
 * The building blocks of the policy file's schema. Each problem becomes an issue of its own whatever else is
 * wrong, and its message goes on from the name of what is wrong.
 */

/** A required value of a kind. */
export function field<Value>(kind: ValueType<Value>) {
  return z.unknown().transform((value, context): Value => {
    const known = kind.read(value)
    if (known !== undefined) return known
    context.addIssue(`${quoted(value)}${suggestion(value, kind.names)} allowed: ${kind.allowed}`)
    return z.NEVER
  })
}

/** A mapping with fixed names; each other name is a problem of its own. */
export function mapping<Shape extends z.core.$ZodShape>(shape: Shape) {
  const names = Object.keys(shape)
  const mistaken = z.custom<unknown>(() => false, {
    error: ({ path }) => unknownName(String(path?.at(-1)), names),
  })
  const object = z
    .object(shape, { error: ({ input }) => `${quoted(input)}; allowed: a mapping with ${names.join(', ')}` })
    .catchall(mistaken)
  return z.preprocess((value, context) => {
    if (isMapping(value) && Object.hasOwn(value, UNSEEN)) {
      context.addIssue({ code: 'custom', path: [UNSEEN], message: unknownName(UNSEEN, names), input: value })
    }
    return value
  }, object)
}

/** The one name that zod takes out of an object without a word, whatever its catchall says. */
const UNSEEN = '__proto__'

/** Edits by which a misspelt name may differ from the one that is meant: one in three letters. */
const isAlike = (one: string, other: string) => distance(one, other) * 3 <= Math.max(one.length, other.length)

/** The message about a name that is none of those that are allowed, with the one that may be meant. */
function unknownName(name: string, allowed: readonly string[]): string {
  return `is no known name${suggestion(name, allowed)} allowed: ${allowed.join(', ')}`
}

/** `, did you mean standard-key?`, or where no name is alike, the end of a clause. */
function suggestion(said: unknown, names: readonly string[] = []): string {
  if (typeof said !== 'string' || names.length === 0) return ';'
  const meant = closest(said, names)
  return isAlike(said, meant) ? `, did you mean ${meant}?` : ';'
}

/** A mapping of which exactly one of some names has to be there. */
export function exactlyOne<Shape extends z.ZodType>(names: readonly string[], shape: Shape): Shape {
  return shape.superRefine(
    (entry, context) => {
      const present = names.filter((name) => isMapping(entry) && name in entry)
      if (present.length === 1) return
      const found = present.length === 0 ? 'names none' : `names ${present.join(' and ')}`
      context.addIssue(`${found}; allowed: exactly one of ${names.join(', ')}`)
    },
    { when: ({ value }) => isMapping(value) },
  )
}

/** A mapping whose names are values as well, such as owner by folder. */
export function table(names: ValueType<string>, values: ValueType<string>) {
  return z.unknown().transform((value, context): ReadonlyMap<string, string> => {
    if (!isMapping(value)) context.addIssue(`${quoted(value)}; allowed: a mapping`)
    const wrong = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message, input: value })
    const entries = Object.entries(isMapping(value) ? value : {}).map(([name, content]) => {
      if (names.read(name) === undefined) wrong(name, `is no name for it; allowed: ${names.allowed}`)
      const known = values.read(content)
      if (known === undefined) wrong(name, `${quoted(content)}; allowed: ${values.allowed}`)
      return [name, known ?? ''] as const
    })
    return new Map(entries)
  })
}

/**
 * A list in which nothing is said twice. `identify` names what an entry speaks of, once for each part of it;
 * what it names by something that could not be read is left out.
 */
export function list<Entry extends z.ZodType>(
  entry: Entry,
  identify: (entry: z.output<Entry>) => readonly unknown[],
) {
  return z.array(entry, { error: ({ input }) => `${quoted(input)}; allowed: a list` }).superRefine(
    (entries, context) => {
      const first = new Map<unknown, number>()
      for (const [index, each] of entries.entries()) {
        const said = readable(each) ? identify(each).filter((name) => typeof name === 'string') : []
        const twice = said.find((name) => first.has(name))
        for (const name of said) if (!first.has(name)) first.set(name, index)
        if (twice === undefined) continue
        const message = `repeats entry ${Number(first.get(twice)) + 1} of the list (${twice}); allowed: once`
        context.addIssue({ code: 'custom', path: [index], message, input: each })
      }
    },
    { when: ({ value }) => Array.isArray(value) },
  )
}

function readable(entry: unknown): boolean {
  return isMapping(entry) || typeof entry === 'string'
}
