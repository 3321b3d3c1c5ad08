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
  type KeyFacts,
  type KnownUsage,
  type Observation,
  type Usage,
} from '../model.js'
import { type Answer, type Codes, type Possibility, possibilitiesOf } from './answers.js'
import { isService } from './facts.js'
import {
  classOf,
  hasStopped,
  type LatelyCalls,
  LOOK_BACK_DAYS,
  type PartlyFailing,
  type SeenTraffic,
  type Traffic,
  type TrafficSigns,
  trafficClass,
} from './traffic-classes.js'

const RECENT_DAYS = 7

/** With fewer calls that did not work, only the rhythm of a key can show that it has stopped. */
const FEWEST_LOST = 10

/** Traffic with what tells when it was read. */
type Seen = Pick<Observation, 'usage' | 'evidence'>

/** The same of known traffic. */
interface Read {
  readonly usage: KnownUsage
  /** The day of the reading, which is not over. */
  readonly today: Day
}

/** The class of a key's traffic. */
export function trafficOf({ usage, evidence }: Seen): Traffic {
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

function signsOf(read: Read): TrafficSigns {
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

function stoppedByWhat(read: Read, last: Day): TrafficSigns['stoppedBy'] {
  const lost = lostSince(read.usage, last)
  if (!stoppedByVolume(read, last, lost) && !stoppedByRhythm(read, last, lost)) return undefined
  return sum(lost, 'refused') * 2 >= notWorking(lost) ? 'refusals' : 'failures'
}

/** The days after the last accepted call on which calls did not work. */
function lostSince({ daily }: KnownUsage, last: Day): readonly DayCalls[] {
  return daily.filter((calls) => calls.day > last && notWorking([calls]) > 0)
}

/**
 * So many calls do not work any more, measured by how many worked on a day, that it shows on the same day. What
 * is usual for a key says nothing on a day that is not over: a quota may be used up every afternoon. What is more
 * than usual on the day before, on which it last worked, belongs to a stop that began in the course of it.
 */
function stoppedByVolume({ usage, today }: Read, last: Day, lost: readonly DayCalls[]): boolean {
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
function stoppedByRhythm({ usage, today }: Read, last: Day, lost: readonly DayCalls[]): boolean {
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

/** What a key's calls show beside their class. */
export interface TrafficFacts {
  readonly traffic: Traffic
  readonly lately: LatelyCalls
  /** The first day on which nothing worked, of a key that has stopped working. */
  readonly stoppedOn?: Day
  /** The accepted calls of the 7 days that ended with the last accepted one, of a key that has stopped working. */
  readonly lostWeekly?: number
  readonly partlyFailing?: PartlyFailing
}

export function trafficFacts({
  usage,
  evidence,
}: Pick<Observation, 'evidence'> & { usage: KnownUsage }): TrafficFacts {
  const today = dayOf(evidence.key.readAt, 'UTC')
  const traffic = trafficOf({ usage, evidence })
  const lately = latelyCalls({ usage, today })
  const partlyFailing = traffic === 'accepted' ? partlyFailingIn({ usage, today }, lately) : undefined
  return {
    traffic,
    lately,
    ...(hasStopped(traffic) && lossOf(usage)),
    ...(partlyFailing && { partlyFailing }),
  }
}

function latelyCalls({ usage, today }: Read): LatelyCalls {
  const days = usage.daily.filter(({ day }) => day >= addDays(today, -RECENT_DAYS))
  return {
    accepted: sum(days, 'accepted'),
    refused: sum(days, 'refused'),
    failed: sum(days, 'failed'),
    codes: codesOf(days),
  }
}

function lossOf(usage: KnownUsage): Pick<TrafficFacts, 'stoppedOn' | 'lostWeekly'> {
  const last = lastDay(usage, 'accepted')
  const first =
    last &&
    lostSince(usage, last)
      .map(({ day }) => day)
      .toSorted()[0]
  if (last === undefined || first === undefined) return {}
  const week = usage.daily.filter(({ day }) => day <= last && day > addDays(last, -RECENT_DAYS))
  return { stoppedOn: first, lostWeekly: sum(week, 'accepted') }
}

function partlyFailingIn({ usage, today }: Read, lately: LatelyCalls): PartlyFailing | undefined {
  if (lately.refused + lately.failed <= lately.accepted) return undefined
  const from = addDays(today, -RECENT_DAYS)
  const recent = usage.daily.filter(({ day }) => day >= from)
  const whole = recent.filter(({ day }) => day < today)
  const days = whole.length > 0 ? whole : recent
  const average = (calls: number) => Math.round(calls / days.length)
  const since = failingSince(usage, today)
  return {
    ...(since && { since }),
    accepted: average(sum(days, 'accepted')),
    calls: average(sum(days, 'accepted') + notWorking(days)),
  }
}

/** Back from the newest day with calls for as long as more did not work than worked; today may still turn. */
function failingSince({ daily }: KnownUsage, today: Day): Day | undefined {
  const fails = (calls: DayCalls) => notWorking([calls]) > calls.accepted
  const days = daily.toSorted(byDay).filter((calls) => calls.day < today || fails(calls))
  const lastGood = days.findLastIndex((calls) => !fails(calls))
  return days[lastGood + 1]?.day
}

/** What words about a key's traffic are made from; undefined where it is not known. */
export function seenTraffic({ usage, evidence }: Seen): SeenTraffic | undefined {
  if ('unknown' in usage) return undefined
  const { traffic: _, ...facts } = trafficFacts({ usage, evidence })
  const { services, since } = usage
  return { ...facts, services, since, gemini: { ...usage.gemini, acceptedLately: facts.lately.accepted } }
}

/** What the calls of a key may mean that do not work: nothing where they do, or where nothing is known. */
export function mayMean({
  usage,
  evidence,
  type,
}: Pick<KeyFacts, 'usage' | 'evidence' | 'type'>): readonly Possibility[] {
  if ('unknown' in usage) return []
  const { traffic, lately, partlyFailing } = trafficFacts({ usage, evidence })
  const { state } = trafficClass(traffic)
  if (partlyFailing === undefined && state !== 'stopped' && state !== 'never-works') return []
  const last = lastDay(usage, 'accepted')
  return possibilitiesOf({
    codes:
      state === 'works' ? lately.codes : codesOf(last === undefined ? usage.daily : lostSince(usage, last)),
    isStandard: type === 'standard',
    hasWorked: last !== undefined,
    projectRefusedSince: usage.projectRefusedSince,
  })
}

/** The first day on which nothing worked, of a key that has stopped working. */
export function stoppedOn({ usage, evidence }: Seen): Day | undefined {
  return 'unknown' in usage ? undefined : trafficFacts({ usage, evidence }).stoppedOn
}

/** Calls of the Gemini API that were accepted in the last 7 days. */
export function acceptedLately({ usage, evidence }: Seen): number {
  return 'unknown' in usage ? 0 : trafficFacts({ usage, evidence }).lately.accepted
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

function notWorking(days: readonly DayCalls[]): number {
  return sum(days, 'refused') + sum(days, 'failed')
}

/** Records hold integers below 2^53 only. */
function sum(days: readonly DayCalls[], answer: Answer): number {
  return days.reduce((total, calls) => Math.min(Number.MAX_SAFE_INTEGER, total + calls[answer]), 0)
}

function codesOf(days: readonly DayCalls[]): Codes {
  const codes = new Map<string, number>()
  for (const day of days) {
    for (const [code, calls] of Object.entries(day.codes)) {
      codes.set(code, Math.min(Number.MAX_SAFE_INTEGER, (codes.get(code) ?? 0) + calls))
    }
  }
  return Object.fromEntries([...codes].sort(([one], [other]) => (one < other ? -1 : 1)))
}

function byDay(one: DayCalls, other: DayCalls): number {
  return one.day < other.day ? -1 : Number(one.day > other.day)
}
