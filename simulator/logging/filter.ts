import type { Meaning, Value } from '../google/filter.js'
import { invalid } from '../wire/google-error.js'
import { isObject } from '../wire/json-body.js'
import { SEVERITIES } from './entry.js'
import type { LogEntry } from './log.js'

/**
 * What a log query means for one entry. `=` compares without regard to case, `:` looks for a part, `=~` for a
 * regular expression; a bare word is sought everywhere.
 * @see https://cloud.google.com/logging/docs/view/logging-query-language
 */
export function logMeaning(entry: LogEntry): Meaning {
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
