import { CLOCK_SKEW, dayOf, OLDEST_SCHEDULE, parseInstant, secondsBetween, toTheSecond } from '../calendar.js'
import type { Config } from '../config/config.js'
import type { Instant, Run } from '../model.js'

/**
 * Which run an attempt belongs to. Cloud Scheduler keeps `X-CloudScheduler-ScheduleTime` the same over its
 * retries, so that it names the run; a header that is older than 3 hours or ahead of our clock by more than a
 * minute (as on a forced run, which carries the next time) is not believed, and the start names the run.
 *
 * @see https://cloud.google.com/scheduler/docs/reference/rpc/google.cloud.scheduler.v1#httptarget
 */
export function identifyRun(
  config: Pick<Config, 'name' | 'scope' | 'timeZone' | 'asOf'>,
  started: Instant,
  scheduleHeader?: string,
): Run {
  const time = toTheSecond(believedSchedule(started, scheduleHeader) ?? started)
  return {
    audit: config.name,
    time,
    reading: started,
    asOf: config.asOf ?? dayOf(time, config.timeZone),
    asOfOverridden: config.asOf !== undefined,
    scope: config.scope,
  }
}

/** Whether Cloud Scheduler asked, which asks again for the same run when it fails. */
export function isScheduled(started: Instant, scheduleHeader: string | undefined): boolean {
  return believedSchedule(started, scheduleHeader) !== undefined
}

function believedSchedule(started: Instant, header: string | undefined): Instant | undefined {
  const scheduled = header === undefined ? undefined : parseInstant(header)
  if (scheduled === undefined) return undefined
  const age = secondsBetween(scheduled, started)
  return age <= OLDEST_SCHEDULE && age >= -CLOCK_SKEW ? scheduled : undefined
}
