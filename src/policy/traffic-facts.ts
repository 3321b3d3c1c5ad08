import { addDays, dayOf } from '../calendar.js'
import type { Day, DayCalls, KeyFacts, KnownUsage, Observation } from '../model.js'
import { type Possibility, possibilitiesOf } from './answers.js'
import { byDay, codesOf, lastDay, lostSince, notWorking, RECENT_DAYS, sum } from './daily-calls.js'
import { type DatedUsage, type KnownTraffic, trafficOf } from './traffic.js'
import {
  hasStopped,
  type LatelyCalls,
  type PartlyFailing,
  type SeenTraffic,
  type Traffic,
  trafficClass,
} from './traffic-classes.js'

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
  const works = trafficClass(traffic).state === 'works'
  const partlyFailing = works ? partlyFailingIn({ usage, today }, lately) : undefined
  return {
    traffic,
    lately,
    ...(hasStopped(traffic) && lossOf(usage)),
    ...(partlyFailing && { partlyFailing }),
  }
}

function latelyCalls({ usage, today }: KnownTraffic): LatelyCalls {
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

function partlyFailingIn({ usage, today }: KnownTraffic, lately: LatelyCalls): PartlyFailing | undefined {
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
export function seenTraffic({ usage, evidence }: DatedUsage): SeenTraffic | undefined {
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
export function stoppedOn({ usage, evidence }: DatedUsage): Day | undefined {
  return 'unknown' in usage ? undefined : trafficFacts({ usage, evidence }).stoppedOn
}

/** Calls of the Gemini API that were accepted in the last 7 days. */
export function acceptedLately({ usage, evidence }: DatedUsage): number {
  return 'unknown' in usage ? 0 : trafficFacts({ usage, evidence }).lately.accepted
}
