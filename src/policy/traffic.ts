/**
 * What the traffic of a key shows: the only place where calls are interpreted. Accepted are 2xx and 3xx,
 * refused 401 and 403; whatever failed otherwise (quota, credit, server errors) says nothing of the key and is
 * never taken for a refusal. Days are those of UTC, as Cloud Monitoring has them.
 */
import { dayOf, daysBefore } from '../calendar.js'
import {
  type Day,
  GEMINI_API,
  type KnownUsage,
  type Observation,
  type Traffic,
  type Usage,
} from '../model.js'
import { isService } from './facts.js'

/** As far back as Cloud Monitoring is sure to keep the calls of a key. */
const LOOK_BACK_DAYS = 42

const RECENT_DAYS = 7

/** Traffic with what tells when it was read. */
type Seen = Pick<Observation, 'usage' | 'evidence'>

type Answer = 'accepted' | 'refused' | 'failed'

/** The class of a key's traffic; of several that fit, the first one in `TRAFFIC`. */
export function trafficOf({ usage, evidence }: Seen): Traffic {
  if ('unknown' in usage) return 'unknown'
  const lastAccepted = lastDay(usage, 'accepted')
  if (lastAccepted === undefined) return withoutAcceptance(usage)
  if ((lastDay(usage, 'refused') ?? '') > lastAccepted) return 'newly-refused'
  return lastAccepted >= daysBefore(evidence.key.readAt, RECENT_DAYS) ? 'accepted' : 'accepted-earlier'
}

function withoutAcceptance(usage: KnownUsage): Traffic {
  if (lastDay(usage, 'refused') !== undefined) return 'only-refused'
  if (lastDay(usage, 'failed') !== undefined) return 'only-failed'
  return usage.services.length > 0 ? 'other-services' : 'none'
}

/** Calls of the Gemini API that were accepted in the last 7 days. */
export function acceptedLately({ usage, evidence }: Seen): number {
  if ('unknown' in usage) return 0
  const from = daysBefore(evidence.key.readAt, RECENT_DAYS)
  return usage.daily.reduce((sum, { day, accepted }) => (day >= from ? sum + accepted : sum), 0)
}

/** The day on which calls were last accepted; undefined where none was, or nothing is known. */
export function lastAccepted(usage: Usage): Day | undefined {
  return 'unknown' in usage ? undefined : lastDay(usage, 'accepted')
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
  if ('unknown' in usage || trafficOf({ usage, evidence }) !== 'none') return false
  const whole = daysBefore(evidence.key.readAt, LOOK_BACK_DAYS)
  return usage.since <= whole && key.createTime !== undefined && dayOf(key.createTime, 'UTC') <= whole
}

function lastDay({ daily }: KnownUsage, answer: Answer): Day | undefined {
  return daily.reduce<Day | undefined>(
    (last, calls) => (calls[answer] > 0 && (last === undefined || calls.day > last) ? calls.day : last),
    undefined,
  )
}
