import { addDays, differenceInCalendarDays, format, parseISO } from 'date-fns'
import { printed, timestampOf } from '../wire/timestamp.js'

const WRITTEN = /\bas of (\d{4}-\d{2}-\d{2})\b/
const DAY = /\b\d{4}-\d{2}-\d{2}\b/g

/**
 * A sample policy whose days are moved along to today: each by the days that have passed since the one that
 * its first comment names as `as of YYYY-MM-DD`. A text without such a comment stays as it is.
 */
export function policyAsOf(text: string, today: string): string {
  const written = WRITTEN.exec(text)?.[1]
  if (!written) return text
  const passed = differenceInCalendarDays(parseISO(today), parseISO(written))
  return text.replace(DAY, (day) => format(addDays(parseISO(day), passed), 'yyyy-MM-dd'))
}

const RELATIVE = /^(?:(\d+)([smhd]) ago|in (\d+)([smhd])|now)$/
const DURATION = /^(\d+)([smhd])$/
const MILLISECONDS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const ABSOLUTE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2}))?$/

/** What a moment in a world file may look like, for messages. */
export const MOMENT_FORMS = '"400d ago", "2h ago", "in 3d", "now", a day (2025-01-31) or an RFC 3339 time'

/** What a duration in a world file may look like, for messages. */
export const DURATION_FORMS = 'a number and s, m, h or d, such as "3h" or "400d"'

/** Whether the text is a moment as world files write them; days must exist in the calendar. */
export function isMoment(text: string): boolean {
  return RELATIVE.test(text) || (ABSOLUTE.test(text) && !Number.isNaN(parseISO(text).getTime()))
}

/** RFC 3339 of a moment; an absolute time keeps its fraction, however fine. */
export function momentOf(text: string, now: Date): string {
  const relative = RELATIVE.exec(text)
  if (!relative) return text.length === 10 ? `${text}T00:00:00Z` : printed(text)
  const [, ago, agoUnit, ahead, aheadUnit] = relative
  const past = millisecondsOf(ago, agoUnit)
  const future = millisecondsOf(ahead, aheadUnit)
  return timestampOf(new Date(now.getTime() - past + future))
}

/** Days since 1970-01-01 in UTC of the day on which the moment lies. */
export function dayNumberOf(text: string, now: Date): number {
  return Math.floor(parseISO(momentOf(text, now)).getTime() / 86_400_000)
}

/** Whether the text is a duration as world files write them. */
export function isDuration(text: string): boolean {
  return DURATION.test(text)
}

/** Milliseconds of a duration such as `3h`. */
export function durationOf(text: string): number {
  const [, count, unit] = DURATION.exec(text) ?? []
  return millisecondsOf(count, unit)
}

function millisecondsOf(count: string | undefined, unit: string | undefined): number {
  return count && unit ? Number(count) * (MILLISECONDS[unit] ?? 0) : 0
}
