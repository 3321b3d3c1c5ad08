/** Bytes of a record's JSON form. With labels and names a log entry stays well under Cloud Logging's 256 KiB. */
export const LARGEST_RECORD = 200 * 1024

interface Caps {
  /** The longest string, in UTF-16 units. */
  readonly characters: number
  /** The longest list. */
  readonly items: number
}

const UNCUT: Caps = { characters: Number.POSITIVE_INFINITY, items: Number.POSITIVE_INFINITY }

/** Tighter and tighter. */
const CAPS: readonly Caps[] = [
  { characters: 16_384, items: 500 },
  { characters: 4_096, items: 500 },
  { characters: 1_024, items: 200 },
  { characters: 256, items: 50 },
  { characters: 64, items: 10 },
]

/**
 * The record itself, or a copy that fits into a log entry: overlong strings and lists are cut as little as is
 * needed, and `truncated` says which fields and how long they were. Commands are left out rather than cut,
 * since half a command does something else. Lone surrogates, which UTF-8 cannot carry, become U+FFFD.
 *
 * @see https://cloud.google.com/logging/quotas#log-limits
 */
export function truncatedToEntry<Shape extends object>(record: Shape): Shape {
  if (isLarge(record)) return cutDown(record)
  const json = JSON.stringify(record)
  if (Buffer.byteLength(json) > LARGEST_RECORD) return cutDown(record)
  // JSON.stringify writes lone surrogates as escapes.
  return json.includes('\\ud') ? cutDown(record, [UNCUT, ...CAPS]) : record
}

function cutDown<Shape extends object>(record: Shape, tighter = CAPS): Shape {
  for (const caps of tighter) {
    const json = trimmed(record, caps)
    if (json !== undefined && Buffer.byteLength(json) <= LARGEST_RECORD) return JSON.parse(json)
  }
  throw new Error('a record has more fields than a log entry can hold')
}

/** Whether the texts alone are too large, seen without writing them all out. */
function isLarge(value: unknown): boolean {
  let room = LARGEST_RECORD
  const fits = (part: unknown): boolean => {
    room -= typeof part === 'string' ? part.length : 1
    if (room < 0) return false
    return typeof part !== 'object' || part === null || Object.values(part).every(fits)
  }
  return !fits(value)
}

/** The record's JSON form, cut to the caps; undefined where that is not nearly enough. */
function trimmed(record: object, caps: Caps): string | undefined {
  const truncated: Record<string, number> = {}
  const note = (field: string, length: number) => {
    truncated[field] = Math.max(length, truncated[field] ?? 0)
  }
  const copy = Object.fromEntries(Object.entries(record).map(([field, value]) => [field, trim(field, value)]))
  if (isLarge(copy)) return undefined
  return JSON.stringify(Object.keys(truncated).length === 0 ? copy : { ...copy, truncated })

  function trim(field: string, value: unknown): unknown {
    if (typeof value === 'string') return trimText(field, value)
    if (Array.isArray(value)) return trimList(field, value)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, trim(name, inner)]))
  }

  function trimText(field: string, text: string): string | undefined {
    if (text.length <= caps.characters) return wellFormed(text)
    note(field, text.length)
    return field === 'command' ? undefined : wellFormed(`${text.slice(0, caps.characters)}…`)
  }

  function trimList(field: string, list: readonly unknown[]): readonly unknown[] {
    if (list.length > caps.items) note(field, list.length)
    return list.slice(0, caps.items).map((item) => trim(field, item))
  }
}

function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD')
}
