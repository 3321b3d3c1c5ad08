import * as z from 'zod'
import { type Meaning, passes, type Value } from '../google/filter.js'
import { parseFilter } from '../google/filter-parser.js'
import { badRequest, GoogleError, invalid } from '../wire/google-error.js'
import { isObject } from '../wire/json-body.js'
import { SEVERITIES } from './entry.js'
import type { Log, LogEntry } from './log.js'

/** `ListLogEntriesRequest`. */
export const LIST_REQUEST = z.strictObject({
  resourceNames: z.array(z.string()).optional(),
  projectIds: z.array(z.string()).optional(),
  filter: z.string().optional(),
  orderBy: z.string().optional(),
  pageSize: z.int().optional(),
  pageToken: z.string().optional(),
})

/** Entries of the asked logs that the filter lets through, in the asked order. @throws GoogleError 400, 501 where none is kept. */
export function queriedEntries(log: Log, body: Readonly<Record<string, unknown>>): readonly LogEntry[] {
  if (log.keeping === 'counted')
    throw new GoogleError('UNIMPLEMENTED', 'This log counts its entries and keeps none.')
  const names = resourceNamesOf(body)
  const filter = parseFilter(typeof body['filter'] === 'string' ? body['filter'] : '')
  const found = log.entries().filter((entry) => isIn(entry, names) && passes(filter, logMeaning(entry)))
  const newestFirst = orderOf(body) === 'timestamp desc'
  return found.toSorted((left, right) => (newestFirst ? -1 : 1) * compare(left, right))
}

/** An entry as queries give it: the payload has gone through a Struct, which keeps no order. */
export function entryForm(entry: LogEntry): Readonly<Record<string, unknown>> {
  const { jsonPayload, labels, ...others } = entry
  return {
    ...others,
    ...(Object.keys(labels).length > 0 && { labels: sorted(labels) }),
    ...(jsonPayload && { jsonPayload: sorted(jsonPayload) }),
  }
}

/** The projects and the like whose logs are asked for. @throws GoogleError 400 where there is none. */
export function resourceNamesOf(body: Readonly<Record<string, unknown>>): readonly string[] {
  const names = body['resourceNames']
  const texts = Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
  if (texts.length === 0) throw badRequest('resource_names', 'at least one resource name')
  return texts
}

function orderOf(body: Readonly<Record<string, unknown>>): string {
  const order = body['orderBy'] ?? 'timestamp asc'
  if (order !== 'timestamp asc' && order !== 'timestamp desc') {
    throw badRequest('order_by', '"timestamp asc" or "timestamp desc"')
  }
  return order
}

function isIn(entry: LogEntry, names: readonly string[]): boolean {
  return names.some((name) => entry.logName.startsWith(`${name.split('/locations/', 1)[0]}/logs/`))
}

function compare(left: LogEntry, right: LogEntry): number {
  const time = Date.parse(left.timestamp) - Date.parse(right.timestamp)
  if (time !== 0) return time
  return left.insertId < right.insertId ? -1 : 1
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  const names = Object.keys(value).sort()
  return Object.fromEntries(names.map((name) => [name, sorted(value[name])]))
}

/**
 * What a log query means for one entry. `=` compares without regard to case, `:` looks for a part, `=~` for a
 * regular expression; a bare word is sought everywhere.
 * @see https://cloud.google.com/logging/docs/view/logging-query-language
 */
function logMeaning(entry: LogEntry): Meaning {
  return {
    compare: (field, operator, value) => {
      const found = field === 'log_id' ? [logIdOf(entry)] : valuesAt({ ...entry }, field.split('.'))
      const holds = found.some((one) => compares(field, one, operator, value))
      return operator === '!=' || operator === '!~' ? found.length === 0 || holds : holds
    },
    word: (word) => JSON.stringify(entry).toLowerCase().includes(word.toLowerCase()),
  }
}

/** The log's name without its project, as `log_id()` takes it. */
function logIdOf({ logName }: LogEntry): string {
  return decodeURIComponent(logName.replace(/^.*\/logs\//, ''))
}

/** What lies at a path; every element of the lists on the way. */
function valuesAt(value: unknown, path: readonly string[]): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((one) => valuesAt(one, path))
  const [name, ...rest] = path
  if (name === undefined) return value === undefined ? [] : [value]
  return isObject(value) && Object.hasOwn(value, name) ? valuesAt(value[name], rest) : []
}

function compares(field: string, found: unknown, operator: string, { text: asked }: Value): boolean {
  const text = typeof found === 'object' ? JSON.stringify(found) : String(found)
  switch (operator) {
    case '=':
      return ordered(field, text, asked) === 0
    case '!=':
      return ordered(field, text, asked) !== 0
    case '>':
      return ordered(field, text, asked) > 0
    case '>=':
      return ordered(field, text, asked) >= 0
    case '<':
      return ordered(field, text, asked) < 0
    case '<=':
      return ordered(field, text, asked) <= 0
    case ':':
      return asked === '*' || text.toLowerCase().includes(asked.toLowerCase())
    case '=~':
      return new RegExp(asked).test(text)
    case '!~':
      return !new RegExp(asked).test(text)
    default:
      throw invalid(`Log queries have no operator ${operator}.`)
  }
}

/** Severities in their order, times as times, numbers as numbers, the rest as text. */
function ordered(field: string, text: string, asked: string): number {
  if (field === 'severity') return rankOf(text) - rankOf(asked)
  if (field === 'timestamp' || field === 'receiveTimestamp') return Date.parse(text) - Date.parse(asked)
  const numbers = [Number(text), Number(asked)] as const
  if (text !== '' && asked !== '' && !numbers.some(Number.isNaN)) return numbers[0] - numbers[1]
  return text.toLowerCase() === asked.toLowerCase() ? 0 : text < asked ? -1 : 1
}

function rankOf(severity: string): number {
  const ranks: readonly string[] = SEVERITIES
  return ranks.indexOf(severity.toUpperCase())
}
