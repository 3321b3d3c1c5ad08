import { longDay, longMonth, monthDay } from '../calendar.js'
import type { Day } from '../model.js'

const NUMBER = new Intl.NumberFormat('en-US')

/** `19,622`: the one way in which reports write numbers. */
export function amount(count: number): string {
  return NUMBER.format(count)
}

/** `1 key`, `1,204 keys`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${amount(count)} ${count === 1 ? noun : plural}`
}

/** A deadline as exactly as it was given: `June 19, 2026`, or `September 2026` where no day was named. */
export function deadlineText({ date, precision }: { date: Day; precision: 'day' | 'month' }): string {
  return precision === 'day' ? longDay(date) : longMonth(date)
}

/** The same in few letters, as seen from a day: `June 19`; a month always has its year. */
export function shortDeadline(
  { date, precision }: { date: Day; precision: 'day' | 'month' },
  from: Day,
): string {
  return precision === 'day' ? monthDay(date, from) : longMonth(date)
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  const [last, ...rest] = items.toReversed()
  if (last === undefined) return ''
  return rest.length === 0 ? last : `${rest.reverse().join(', ')} and ${last}`
}

const SCOPES_NAMED = 3

/** What was audited: all scopes, or the first of many and how many more. */
export function scopeText(scope: readonly string[]): string {
  if (scope.length <= SCOPES_NAMED) return listed(scope)
  return `${scope.slice(0, SCOPES_NAMED).join(', ')} and ${scope.length - SCOPES_NAMED} more`
}

/** The text with its first letter as a sentence has it. */
export function sentenceCase(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
