/**
 * What the traffic of a key shows: the only place where days of calls are interpreted. Days are those of UTC,
 * as Cloud Monitoring has them, and nothing is known of the hour, so that "since the last accepted call" means
 * the days after it.
 */
import { addDays, dayOf, daysBefore, daysBetween } from '../calendar.js'
import {
  type Day,
  type DayCalls,
  GEMINI_API,
  type KnownUsage,
  type Observation,
  type Usage,
} from '../model.js'
import { byDay, lastDay, lostSince, notWorking, RECENT_DAYS, sum } from './daily-calls.js'
import { isService } from './facts.js'
import { classOf, LOOK_BACK_DAYS, type Traffic, type TrafficSigns, trafficClass } from './traffic-classes.js'

/** With fewer calls that did not work, only the rhythm of a key can show that it has stopped. */
const FEWEST_LOST = 10

/** Traffic with the time at which it was read. */
export type DatedUsage = Pick<Observation, 'usage' | 'evidence'>

/** The same of known traffic. */
export interface KnownTraffic {
  readonly usage: KnownUsage
  /** The day of the reading, which is not over. */
  readonly today: Day
}

/** The class of a key's traffic. */
export function trafficOf({ usage, evidence }: DatedUsage): Traffic {
  return classOf('unknown' in usage ? UNKNOWN : signsOf({ usage, today: dayOf(evidence.key.readAt, 'UTC') }))
}

const UNKNOWN: TrafficSigns = {
  isKnown: false,
  isAccepted: false,
  isAcceptedLately: false,
  isRefused: false,
  hasFailed: false,
  callsOthers: false,
}

function signsOf(read: KnownTraffic): TrafficSigns {
  const { usage, today } = read
  const last = lastDay(usage, 'accepted')
  const stoppedBy = last === undefined ? undefined : stoppedByWhat(read, last)
  return {
    isKnown: true,
    ...(stoppedBy && { stoppedBy }),
    isAccepted: last !== undefined,
    isAcceptedLately: last !== undefined && last >= addDays(today, -RECENT_DAYS),
    isRefused: lastDay(usage, 'refused') !== undefined,
    hasFailed: lastDay(usage, 'failed') !== undefined,
    callsOthers: usage.services.length > 0,
  }
}

function stoppedByWhat(read: KnownTraffic, last: Day): TrafficSigns['stoppedBy'] {
  const lost = lostSince(read.usage, last)
  if (!stoppedByVolume(read, last, lost) && !stoppedByRhythm(read, last, lost)) return undefined
  return sum(lost, 'refused') * 2 >= notWorking(lost) ? 'refusals' : 'failures'
}

/**
 * So many calls do not work any more, measured by how many worked on a day, that it shows on the same day. What
 * is usual for a key says nothing on a day that is not over: a quota may be used up every afternoon. What is more
 * than usual on the day before, on which it last worked, belongs to a stop that began in the course of it.
 */
function stoppedByVolume({ usage, today }: KnownTraffic, last: Day, lost: readonly DayCalls[]): boolean {
  const calls = notWorking(lost)
  if (calls < FEWEST_LOST) return false
  const worked = usage.daily.filter(({ accepted }) => accepted > 0)
  const usual = usualLoss(worked, last)
  const isGoingOn = last >= addDays(today, -1) && usual !== undefined
  if (isGoingOn && calls <= usual) return false
  const before = isGoingOn ? notWorking(worked.filter(({ day }) => day === last)) - usual : 0
  return (calls + Math.max(0, before)) * 2 * worked.length >= sum(worked, 'accepted')
}

/** How many calls did not work at least on most of the last days on which it worked, before the very last one. */
function usualLoss(worked: readonly DayCalls[], last: Day): number | undefined {
  const losses = worked
    .filter(({ day }) => day < last)
    .toSorted(byDay)
    .slice(-RECENT_DAYS)
    .map((calls) => notWorking([calls]))
    .toSorted((one, other) => one - other)
  return losses[Math.ceil(losses.length / 2) - 1]
}

/** Something did not work, and it worked on no whole day for longer than ever between two days on which it did. */
function stoppedByRhythm({ usage, today }: KnownTraffic, last: Day, lost: readonly DayCalls[]): boolean {
  return lost.length > 0 && wholeDaysBetween(last, today) > longestPause(usage)
}

function longestPause({ daily }: KnownUsage): number {
  const worked = daily.filter(({ accepted }) => accepted > 0).toSorted(byDay)
  const pauses = worked.slice(1).map(({ day }, index) => wholeDaysBetween(worked[index]?.day ?? day, day))
  return Math.max(0, ...pauses)
}

function wholeDaysBetween(one: Day, other: Day): number {
  return Math.max(0, daysBetween(one, other) - 1)
}

/** What calls show of a rule since its deadline. `inconclusive`: calls from which nothing follows. */
export type SinceDeadline = 'accepted' | 'only-refused' | 'inconclusive' | 'no-calls' | 'unknown'

/**
 * What became of a key's calls since a deadline, or since the window began if that is later. Only refused are
 * those that were accepted before; where the window does not reach back behind the deadline, nobody knows.
 */
export function trafficSince(deadline: Day, usage: Usage): SinceDeadline {
  if ('unknown' in usage) return 'unknown'
  const since = { ...usage, daily: usage.daily.filter(({ day }) => day >= deadline) }
  if (lastDay(since, 'accepted') !== undefined) return 'accepted'
  if (lastDay(since, 'refused') !== undefined) {
    const acceptedBefore = usage.since >= deadline || lastDay(usage, 'accepted') !== undefined
    return acceptedBefore ? 'only-refused' : 'inconclusive'
  }
  return lastDay(since, 'failed') === undefined ? 'no-calls' : 'inconclusive'
}

/** Every service but the Gemini API that was called, whatever it answered. */
export function otherServices(usage: Usage): readonly string[] {
  if ('unknown' in usage) return []
  return usage.services.filter((service) => !isService(service, GEMINI_API))
}

/**
 * Whether nothing has called a key for as long as calls are kept, of any service and with any answer. False
 * where that is not known, and for a key that is younger: it has not had the time to be called.
 */
export function isIdle({ key, usage, evidence }: Observation): boolean {
  if ('unknown' in usage || trafficClass(trafficOf({ usage, evidence })).state !== 'not-called') return false
  const whole = daysBefore(evidence.key.readAt, LOOK_BACK_DAYS)
  return usage.since <= whole && key.createTime !== undefined && dayOf(key.createTime, 'UTC') <= whole
}
