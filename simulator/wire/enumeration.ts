import { isObject } from './json-body.js'

/** The names of an enumeration of the protocol buffers with their numbers. */
export type Enumeration = Readonly<Record<string, number>>

/** Where the enumerations of an answer stand: by path such as `projects.state`, lists passed through. */
export type EnumerationsAt = Readonly<Record<string, Enumeration>>

/** The name that a text gives, or whose number it gives; undefined where the enumeration has none. */
export function namedIn(enumeration: Enumeration, text: string): string | undefined {
  if (Object.hasOwn(enumeration, text)) return text
  if (!/^\d+$/.test(text)) return undefined
  return Object.keys(enumeration).find((name) => enumeration[name] === Number(text))
}

/** The same answer with numbers in the place of names, as `$alt=json;enum-encoding=int` asks for. */
export function withNumbers(body: unknown, at: EnumerationsAt): unknown {
  return Object.entries(at).reduce<unknown>(
    (changed, [path, enumeration]) => replaced(changed, path.split('.'), enumeration),
    body,
  )
}

function replaced(value: unknown, [name, ...rest]: readonly string[], enumeration: Enumeration): unknown {
  if (Array.isArray(value)) {
    return value.map((one) => replaced(one, name === undefined ? [] : [name, ...rest], enumeration))
  }
  if (name === undefined) return typeof value === 'string' ? (enumeration[value] ?? value) : value
  if (!isObject(value) || !Object.hasOwn(value, name)) return value
  return { ...value, [name]: replaced(value[name], rest, enumeration) }
}
