import { addDays, dayOf, daysBefore } from '../calendar.js'
import { CALLS } from '../google/calls.js'
import type { GoogleClient } from '../google/client.js'
import { ApiError } from '../google/errors.js'
import { type Interval, listKeyTraffic } from '../google/monitoring.js'
import type { Day, Instant, Key, Observation, Usage } from '../model.js'
import { isCandidate } from '../policy/facts.js'
import { LOOK_BACK_DAYS } from '../policy/traffic-classes.js'
import { CallSums, seriesOf } from './call-sums.js'

/** Whole days in UTC, the last of them not over yet: with these bounds each sum of 24 hours is a day's. */
export interface Window {
  readonly since: Day
  /** The day of the reading, which is the last one. */
  readonly until: Day
  readonly interval: Interval
}

/** The days of which calls are read at a moment. */
export function windowBefore(moment: Instant): Window {
  const since = daysBefore(moment, LOOK_BACK_DAYS)
  const until = dayOf(moment, 'UTC')
  return { since, until, interval: { start: `${since}T00:00:00Z`, end: `${addDays(until, 1)}T00:00:00Z` } }
}

/** The traffic of any key of a project. */
export type UsageOf = (key: Key) => Usage

/**
 * Reads the traffic of all keys of a project. A series that cannot be read may be any key's, and one of days
 * that are still to come shows that the answer is to another question: both make them all unknown. Throws
 * `ApiError`.
 */
export async function readUsage(
  google: GoogleClient,
  subject: string,
  { since, until, interval }: Window,
): Promise<UsageOf> {
  const sums = new CallSums(since)
  for await (const page of listKeyTraffic(google, subject, interval)) {
    for (const element of page) {
      const series = seriesOf(element)
      if (series === undefined) throw new ApiError(CALLS.listTimeSeries, subject, UNREADABLE)
      if (series?.points.some(({ day }) => day > until))
        throw new ApiError(CALLS.listTimeSeries, subject, AHEAD)
      if (series) sums.add(series)
    }
  }
  return ({ uid }) => (uid === '' ? UNNAMED : sums.usageOf(uid))
}

const UNREADABLE = { reason: 'MALFORMED', detail: 'a time series is not as Google documents it' }
const AHEAD = { reason: 'MALFORMED', detail: 'a time series has calls of days that are still to come' }
const UNNAMED: Usage = { unknown: 'traffic was not read: the key shows no uid, by which it would be known' }

/** Whether the traffic of a key is asked for: it can call the Gemini API or may, and is no auth key. */
export function isUsageRead({ key, type, gemini }: Pick<Observation, 'key' | 'type' | 'gemini'>): boolean {
  return type !== 'auth' && gemini !== 'off' && isCandidate(key)
}

/** The traffic of a key by the series of its project. Those of auth keys may be elsewhere: without one, nothing is known. */
export function usageBy(series: UsageOf, { key, type, usage: unread }: Observation): Usage {
  const usage = series(key)
  return type === 'auth' && !('unknown' in usage) && usage.services.length === 0 ? unread : usage
}

/** Whether the traffic of an auth key is looked for among the series of its project, where these are read for another key. */
export function mayBeInSeries({ key, type }: Pick<Observation, 'key' | 'type'>): boolean {
  return type === 'auth' && isCandidate(key)
}

/** The traffic of a key before it is asked for, or where it is not: unknown, never none. */
export function unreadUsage({ key, type, gemini }: Pick<Observation, 'key' | 'type' | 'gemini'>): Usage {
  if (type === 'auth') return NOT_READ.auth
  if (key.deleteTime !== undefined) return NOT_READ.deleted
  if (!isCandidate(key)) return NOT_READ.others
  return gemini === 'off' ? NOT_READ.off : NOT_READ.unasked
}

const NOT_READ = {
  auth: { unknown: 'traffic was not read: that of auth keys may be recorded elsewhere' },
  deleted: { unknown: 'traffic was not read: the key is deleted' },
  others: { unknown: 'traffic was not read: the key cannot call the Gemini API' },
  off: { unknown: 'traffic was not read: the Gemini API is not enabled in the project' },
  unasked: { unknown: 'traffic was not read: nothing more is asked of the project' },
} as const satisfies Record<string, Usage>
