import type { Day, DayCalls, KnownUsage } from '../model.js'
import type { Answer, Codes } from './answers.js'

/** What "lately" means. */
export const RECENT_DAYS = 7

/** The days after the last accepted call on which calls did not work. */
export function lostSince({ daily }: KnownUsage, last: Day): readonly DayCalls[] {
  return daily.filter((calls) => calls.day > last && notWorking([calls]) > 0)
}

export function lastDay({ daily }: KnownUsage, answer: Answer): Day | undefined {
  return daily.reduce<Day | undefined>(
    (last, calls) => (calls[answer] > 0 && (last === undefined || calls.day > last) ? calls.day : last),
    undefined,
  )
}

export function notWorking(days: readonly DayCalls[]): number {
  return sum(days, 'refused') + sum(days, 'failed')
}

/** Records hold integers below 2^53 only. */
export function sum(days: readonly DayCalls[], answer: Answer): number {
  return days.reduce((total, calls) => Math.min(Number.MAX_SAFE_INTEGER, total + calls[answer]), 0)
}

export function codesOf(days: readonly DayCalls[]): Codes {
  const codes = new Map<string, number>()
  for (const day of days) {
    for (const [code, calls] of Object.entries(day.codes)) {
      codes.set(code, Math.min(Number.MAX_SAFE_INTEGER, (codes.get(code) ?? 0) + calls))
    }
  }
  return Object.fromEntries([...codes].sort(([one], [other]) => (one < other ? -1 : 1)))
}

export function byDay(one: DayCalls, other: DayCalls): number {
  return one.day < other.day ? -1 : Number(one.day > other.day)
}
