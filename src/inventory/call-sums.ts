import { z } from 'zod'
import { addDays, dayOf } from '../calendar.js'
import { type Day, type DayCalls, GEMINI_API, type Instant, type KnownUsage } from '../model.js'
import { type Answer, answerOf } from '../policy/answers.js'
import { isService } from '../policy/facts.js'
import { instant } from './wire-key.js'

/** JSON carries 64-bit integers as texts; beyond what numbers are exact for, nobody has called that often. */
const count = z.union([
  z
    .string()
    .regex(/^\d{1,19}$/)
    .transform(Number)
    .refine(Number.isSafeInteger),
  z.int().nonnegative(),
])

const wireSeries = z.object({
  metric: z.object({ labels: z.object({ response_code: z.string().optional() }).nullish() }).nullish(),
  resource: z.object({ labels: z.object({ credential_id: z.string().optional(), service: z.string() }) }),
  points: z
    .array(z.object({ interval: z.object({ endTime: instant }), value: z.object({ int64Value: count }) }))
    .nullish(),
})

/** Calls of one key to one service with one answer, by day in UTC. */
interface Series {
  readonly uid: string
  readonly service: string
  /** HTTP response code; `none` where Google does not say. */
  readonly code: string
  readonly points: readonly { readonly day: Day; readonly calls: number }[]
}

const CREDENTIAL = /^apikey:(.+)$/

/** Reads one time series of the calls to Google's APIs; null for another caller's than a key's, undefined when unreadable. */
export function seriesOf(element: unknown): Series | null | undefined {
  const wire = wireSeries.safeParse(element).data
  if (!wire) return undefined
  const { credential_id, service } = wire.resource.labels
  const uid = CREDENTIAL.exec(credential_id ?? '')?.[1]
  if (uid === undefined) return null
  const points = (wire.points ?? []).map(({ interval, value }) => ({
    day: dayEndingAt(interval.endTime),
    calls: value.int64Value,
  }))
  return { uid, service, code: wire.metric?.labels?.response_code || 'none', points }
}

/** The day of a sum over the 24 hours before a moment: those before midnight are of the day that ended. */
function dayEndingAt(end: Instant): Day {
  const day = dayOf(end, 'UTC')
  return /T00:00:00(\.0+)?Z$/.test(end) ? addDays(day, -1) : day
}

/** What is summed up for one key. */
interface KeySums {
  readonly services: Set<string>
  /** Calls of the Gemini API by day and response code. */
  readonly days: Map<Day, Map<string, number>>
  lastRequest: Day | undefined
}

/** The calls of the keys of one project, summed up as their time series come in. */
export class CallSums {
  readonly #since: Day
  readonly #keys = new Map<string, KeySums>()
  #refusedSince: { readonly day: Day | undefined } | undefined

  /** `since`: the first day that counts. */
  constructor(since: Day) {
    this.#since = since
  }

  /** Adds a series, or a part of one that goes on in another page. */
  add({ uid, service, code, points }: Series): void {
    const called = points.filter(({ day, calls }) => calls > 0 && day >= this.#since)
    if (called.length === 0) return
    const sums = this.#sumsOf(uid)
    sums.services.add(service)
    for (const { day } of called) if (!sums.lastRequest || day > sums.lastRequest) sums.lastRequest = day
    if (!isService(service, GEMINI_API)) return
    this.#refusedSince = undefined
    for (const { day, calls } of called) addCalls(sums, day, code, calls)
  }

  /** The traffic of a key; without any series it had no calls since the first day, whatever was before. */
  usageOf(uid: string): KnownUsage {
    const sums = this.#keys.get(uid)
    const daily = dailyOf(sums)
    const total = (answer: Answer) => daily.reduce((sum, calls) => added(sum, calls[answer]), 0)
    const lastAccepted = daily.findLast(({ accepted }) => accepted > 0)?.day
    const lastRefused = daily.findLast(({ refused }) => refused > 0)?.day
    const refusedSince = lastRefused && this.#projectRefusedSince()
    return {
      since: this.#since,
      gemini: {
        accepted: total('accepted'),
        refused: total('refused'),
        failed: total('failed'),
        failedCodes: failedCodesOf(daily),
        ...(lastAccepted && { lastAccepted }),
        ...(lastRefused && { lastRefused }),
      },
      services: [...(sums?.services ?? [])].sort(),
      ...(sums?.lastRequest && { lastRequest: sums.lastRequest }),
      daily,
      ...(refusedSince && { projectRefusedSince: refusedSince }),
    }
  }

  /**
   * The day since which all keys of the project that were called are answered 403 and nothing else: at least
   * two of them, all of which worked before. That looks like a project that is refused as a whole.
   */
  #projectRefusedSince(): Day | undefined {
    this.#refusedSince ??= { day: refusedSince([...this.#keys.values()].map(dailyOf)) }
    return this.#refusedSince.day
  }

  #sumsOf(uid: string): KeySums {
    const known = this.#keys.get(uid)
    if (known) return known
    const sums = { services: new Set<string>(), days: new Map(), lastRequest: undefined }
    this.#keys.set(uid, sums)
    return sums
  }
}

/** Keys that show by themselves that they were refused may have been so for reasons of their own. */
const FEWEST_KEYS = 2

function refusedSince(keys: readonly (readonly DayCalls[])[]): Day | undefined {
  const lastAccepted = keys
    .flatMap((daily) => daily.findLast(({ accepted }) => accepted > 0)?.day ?? [])
    .toSorted()
    .at(-1)
  if (lastAccepted === undefined) return undefined
  const since = keys.map((daily) => ({
    hasWorked: daily.some(({ accepted }) => accepted > 0),
    later: daily.filter(({ day }) => day > lastAccepted),
  }))
  const called = since.filter(({ later }) => later.length > 0)
  const areRefused = called.every(
    ({ hasWorked, later }) => hasWorked && later.every(({ codes }) => Object.keys(codes).join() === '403'),
  )
  if (called.length < FEWEST_KEYS || !areRefused) return undefined
  return called.flatMap(({ later }) => later[0]?.day ?? []).toSorted()[0]
}

function dailyOf(sums: KeySums | undefined): readonly DayCalls[] {
  const days = [...(sums?.days ?? [])].sort(([one], [other]) => (one < other ? -1 : 1))
  return days.map(([day, codes]) => {
    const calls = { accepted: 0, refused: 0, failed: 0 }
    for (const [code, count] of codes) calls[answerOf(code)] = added(calls[answerOf(code)], count)
    return { day, ...calls, codes: Object.fromEntries([...codes].sort()) }
  })
}

function failedCodesOf(daily: readonly DayCalls[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>()
  for (const { codes } of daily) {
    for (const [code, calls] of Object.entries(codes)) {
      if (answerOf(code) === 'failed') sums.set(code, added(sums.get(code) ?? 0, calls))
    }
  }
  return Object.fromEntries([...sums].sort())
}

function addCalls({ days }: KeySums, day: Day, code: string, calls: number): void {
  const codes = days.get(day) ?? new Map<string, number>()
  codes.set(code, added(codes.get(code) ?? 0, calls))
  days.set(day, codes)
}

/** Records hold integers below 2^53 only. */
function added(one: number, other: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, one + other)
}
