import { type Day, GEMINI_API, type KnownUsage } from '../model.js'
import { isService } from '../policy/facts.js'
import type { Series } from './wire-series.js'

type Answer = 'accepted' | 'refused' | 'failed'
type DaySums = Record<Answer, number>

/** What is summed up for one key. */
interface KeySums {
  readonly services: Set<string>
  readonly days: Map<Day, DaySums>
  readonly failedCodes: Map<string, number>
  lastRequest: Day | undefined
}

/** The calls of the keys of one project, summed up as their time series come in. */
export class CallSums {
  readonly #since: Day
  readonly #keys = new Map<string, KeySums>()

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
    if (isService(service, GEMINI_API)) for (const { day, calls } of called) addCalls(sums, day, code, calls)
  }

  /** The traffic of a key; without any series it had no calls since the first day, whatever was before. */
  usageOf(uid: string): KnownUsage {
    const sums = this.#keys.get(uid)
    const days = [...(sums?.days ?? [])].sort(([one], [other]) => (one < other ? -1 : 1))
    const daily = days.map(([day, calls]) => ({ day, ...calls }))
    const total = (answer: Answer) => daily.reduce((sum, calls) => added(sum, calls[answer]), 0)
    const firstRefused = daily.find(({ refused }) => refused > 0)?.day
    const lastAccepted = daily.findLast(({ accepted }) => accepted > 0)?.day
    const lastRefused = daily.findLast(({ refused }) => refused > 0)?.day
    return {
      since: this.#since,
      gemini: {
        accepted: total('accepted'),
        refused: total('refused'),
        failed: total('failed'),
        failedCodes: Object.fromEntries([...(sums?.failedCodes ?? [])].sort()),
        ...(firstRefused && { firstRefused }),
        ...(lastAccepted && { lastAccepted }),
        ...(lastRefused && { lastRefused }),
      },
      services: [...(sums?.services ?? [])].sort(),
      ...(sums?.lastRequest && { lastRequest: sums.lastRequest }),
      daily,
    }
  }

  #sumsOf(uid: string): KeySums {
    const known = this.#keys.get(uid)
    if (known) return known
    const sums = {
      services: new Set<string>(),
      days: new Map(),
      failedCodes: new Map(),
      lastRequest: undefined,
    }
    this.#keys.set(uid, sums)
    return sums
  }
}

function addCalls({ days, failedCodes }: KeySums, day: Day, code: string, calls: number): void {
  const answer = answerOf(code)
  const sums = days.get(day) ?? { accepted: 0, refused: 0, failed: 0 }
  sums[answer] = added(sums[answer], calls)
  days.set(day, sums)
  if (answer === 'failed') failedCodes.set(code, added(failedCodes.get(code) ?? 0, calls))
}

/** Records hold integers below 2^53 only. */
function added(one: number, other: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, one + other)
}

/** 429 is quota, 402 credit, 404 a retired model, 400 a bad request: none of them is a refusal of the key. */
function answerOf(code: string): Answer {
  if (/^[23]\d\d$/.test(code)) return 'accepted'
  return code === '401' || code === '403' ? 'refused' : 'failed'
}
