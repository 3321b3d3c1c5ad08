/**
 * Days and moments: the only date arithmetic of the program. A day is compared with a day and never with a
 * moment, so that nothing is overdue a few hours early for people in another zone. Days are counted between
 * midnights in UTC, where each has 24 hours, whatever zone the machine is in.
 */
import { TZDate } from '@date-fns/tz'
import { addHours, differenceInHours, differenceInMilliseconds, format, isValid, parseISO } from 'date-fns'
import type { Day, Instant } from './model.js'

/** Seconds by which the clocks of two machines may differ before what one says is not believed. */
export const CLOCK_SKEW = 60

/** Seconds for which a schedule names a run: as long as its retries last, too short to speak for another day. */
export const OLDEST_SCHEDULE = 3 * 60 * 60

const DAY = /^\d{4}-\d{2}-\d{2}$/

/** A day of the calendar from `YYYY-MM-DD`; undefined for any other form, and for days like 2026-02-30. */
export function parseDay(text: string): Day | undefined {
  return DAY.test(text) && isValid(parseISO(text)) ? (text as Day) : undefined
}

const RFC_3339 =
  /^(\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d{1,9}))?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i

/**
 * A moment from RFC 3339 with any offset, moved to UTC. Google writes 0, 3, 6 or 9 fraction digits; they stay
 * as they are, and any other number of them is filled up with zeros. Undefined for anything else.
 */
export function parseInstant(text: string): Instant | undefined {
  const [, local, fraction = '', offset] = RFC_3339.exec(text) ?? []
  if (local === undefined || offset === undefined) return undefined
  const seconds = offset === 'Z' && IN_EVERY_MONTH.test(local) ? local : toUtc(`${local}${offset}`)
  if (seconds === undefined) return undefined
  const digits = fraction.padEnd(Math.ceil(fraction.length / 3) * 3, '0')
  return `${seconds}${digits && `.${digits}`}Z` as Instant
}

/** What Google writes, but for the last days of months: it needs no calendar, and a listing has millions. */
const IN_EVERY_MONTH = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T/

function toUtc(text: string): string | undefined {
  const moment = parseISO(text.toUpperCase())
  if (!isValid(moment) || moment < FIRST || moment > LAST) return undefined
  return moment.toISOString().slice(0, 19)
}

// Outside of four-digit years ISO 8601 has another form, which would no longer sort as text.
const FIRST = new Date('0000-01-01T00:00:00Z')
const LAST = new Date('9999-12-31T23:59:59Z')

/** The calendar day of a moment in an IANA time zone. Throws RangeError for a zone that does not exist. */
export function dayOf(instant: Instant, zone: string): Day {
  return (zone === 'UTC' ? instant.slice(0, 10) : format(new TZDate(instant, zone), 'yyyy-MM-dd')) as Day
}

/** Calendar days from one day to another; negative when `to` is the earlier one. */
export function daysBetween(from: Day, to: Day): number {
  return differenceInHours(midnight(to), midnight(from)) / 24
}

/** The day so many calendar days later, or earlier when `days` is negative. */
export function addDays(day: Day, days: number): Day {
  const asked = `${day}${days}`
  const known = SUMS.get(asked)
  if (known !== undefined) return known
  if (SUMS.size >= 1000) SUMS.clear()
  const sum = addHours(midnight(day), 24 * days)
    .toISOString()
    .slice(0, 10) as Day
  SUMS.set(asked, sum)
  return sum
}

/** Of the few days of a run the same sums are asked for with each of its keys. */
const SUMS = new Map<string, Day>()

/**
 * Whether the calendar day of a moment in an IANA time zone is this one or earlier. No zone is a day away from
 * UTC: it is looked up, which takes long, only around that day.
 */
export function isByDay(instant: Instant, zone: string, day: Day): boolean {
  const inUtc = dayOf(instant, 'UTC')
  if (inUtc < addDays(day, -1)) return true
  return inUtc <= addDays(day, 1) && dayOf(instant, zone) <= day
}

/** The first of the last so many days before a moment, in UTC; a day that is partly among them counts. */
export function daysBefore(moment: Instant, days: number): Day {
  return addDays(dayOf(moment, 'UTC'), -days)
}

/** The moment with which a day begins, in UTC. */
export function midnight(day: Day): Date {
  return new Date(`${day}T00:00:00Z`)
}

/** Seconds from one moment to another, with their fraction; negative when `to` is the earlier one. */
export function secondsBetween(from: Instant, to: Instant): number {
  return differenceInMilliseconds(to, from) / 1000
}

/** The moment without its fraction of a second. */
export function toTheSecond(instant: Instant): Instant {
  return `${instant.slice(0, 19)}Z` as Instant
}

/** A day for people: `June 19, 2026`. */
export function longDay(day: Day): string {
  return format(parseISO(day), 'MMMM d, yyyy')
}

/** The month of a day for people: `September 2026`. */
export function longMonth(day: Day): string {
  return format(parseISO(day), 'MMMM yyyy')
}

/** The day of the week: `Monday`. */
export function weekday(day: Day): string {
  return format(parseISO(day), 'EEEE')
}

/** A day in few letters, as seen from another: `Nov 18`, `June 19`, with its year where that is another one. */
export function monthDay(day: Day, from: Day): string {
  const month = format(parseISO(day), 'MMMM')
  const short = month.length <= LONGEST_MONTH ? month : month.slice(0, 3)
  const year = day.slice(0, 4) === from.slice(0, 4) ? '' : `, ${day.slice(0, 4)}`
  return `${short} ${Number(day.slice(8))}${year}`
}

/** Letters of a month that is not shortened: June and July read better than Jun and Jul. */
const LONGEST_MONTH = 5

/** A day of the near past, as people say it on another: `Wed` within a week, `Nov 18` before it. */
export function recentDay(day: Day, from: Day): string {
  const days = daysBetween(day, from)
  return days > 0 && days < 7 ? format(parseISO(day), 'EEE') : monthDay(day, from)
}
