import type { Call } from './call.js'
import { type Enumeration, namedIn } from './enumeration.js'
import { badRequest, invalid } from './google-error.js'
import { isTimestamp } from './timestamp.js'

/** What a query parameter holds. */
type ParameterType = 'string' | 'int32' | 'bool' | 'timestamp' | Enumeration

/** The query parameters of a method, each with what it holds. */
export type Query = Readonly<Record<string, ParameterType>>

/** Those of every listing in pages. */
export const PAGING: Query = { pageSize: 'int32', pageToken: 'string' }

/** How an answer is written; Google has others, which the simulator does not write. */
const ALT = /^json(;enum-encoding=int)?$/i

/** Query parameters that every Google API knows. @see https://cloud.google.com/apis/docs/system-parameters */
const SYSTEM: Query = {
  alt: 'string',
  $alt: 'string',
  fields: 'string',
  $fields: 'string',
  prettyPrint: 'bool',
  $prettyPrint: 'bool',
  '$.xgafv': { '1': 1, '2': 2 },
  key: 'string',
  $key: 'string',
  quotaUser: 'string',
  $unique: 'string',
  uploadType: 'string',
  upload_protocol: 'string',
}

/** @throws GoogleError 400 for a parameter that the method does not have, and for a value that it cannot hold. */
export function checkParameters({ query }: Call, known: Query): void {
  for (const [name, text] of query) {
    const kind = kindOf(name, known) ?? kindOf(name, SYSTEM)
    if (kind === undefined) {
      throw invalid(`Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter.`)
    }
    if (text !== '' && !holds(kind, text)) throw badRequest(snakeCase(name), `${nameOf(kind)}, "${text}"`)
  }
  const alt = writtenAs(query)
  if (alt !== undefined && !ALT.test(alt)) throw badRequest('alt', `the simulator writes json, not "${alt}"`)
}

/** Whether enumerations are to be written as numbers. */
export function wantsNumbers({ query }: Call): boolean {
  return ALT.exec(writtenAs(query) ?? '')?.[1] !== undefined
}

/** The name of an enumeration's value that is asked for by name or by number; the first name where none is. */
export function enumerationAsked<Name extends string>(
  { query }: Call,
  name: string,
  enumeration: Readonly<Record<Name, number>>,
): Name {
  const text = query.get(name) || '0'
  const found = namedIn(enumeration, text)
  const names = Object.keys(enumeration) as Name[]
  const known = names.find((one) => one === found)
  if (known === undefined) throw badRequest(snakeCase(name), `one of an enumeration, "${text}"`)
  return known
}

function writtenAs(query: URLSearchParams): string | undefined {
  return query.get('$alt') ?? query.get('alt') ?? undefined
}

function kindOf(name: string, known: Query): ParameterType | undefined {
  return Object.hasOwn(known, name) ? known[name] : undefined
}

function holds(kind: ParameterType, text: string): boolean {
  switch (kind) {
    case 'string':
      return true
    case 'int32':
      return /^[+-]?\d+$/.test(text) && Math.abs(Number(text)) < 2 ** 31
    case 'bool':
      return /^(true|false)$/i.test(text)
    case 'timestamp':
      return isTimestamp(text)
    default:
      return namedIn(kind, text) !== undefined
  }
}

function nameOf(kind: ParameterType): string {
  return typeof kind === 'string' ? `TYPE_${kind.toUpperCase()}` : `one of ${Object.keys(kind).join(', ')}`
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
