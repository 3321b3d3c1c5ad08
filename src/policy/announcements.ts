/** What was announced of a deadline, by whom, and since when it is past: in words that claim no more. */
import { longDay, longMonth } from '../calendar.js'
import type { Day, DeadlineStatus } from '../model.js'
import { RULE_TABLE, type Rule } from './rules.js'

/** A deadline as far as words need it. */
export interface Announcement {
  readonly rule: Rule
  readonly date: Day
  readonly precision: 'day' | 'month'
  readonly status: DeadlineStatus
  /** Whether the policy of the audit has set it instead of Google's. */
  readonly isMoved: boolean
  readonly isPast: boolean
}

/** Part of a sentence: who says so, and what. */
export type Saying = readonly [says: string, what: string]

/** What is said of keys under a rule; `like` follows the keys, such as `, such as this one,`. */
export function sayingOf(announcement: Announcement, like = ''): Saying {
  const { rule, status, isMoved, isPast } = announcement
  const { google, enforcement } = RULE_TABLE[rule].words
  const keys = `${google}${like}`
  if (isMoved) {
    return ['the policy of this audit expects', `the Gemini API to accept no ${keys} ${since(announcement)}`]
  }
  switch (status) {
    case 'in-force': {
      const what = `that the Gemini API ${isPast ? enforcement.since : enforcement.now} ${keys} ${since(announcement)}`
      return ['Google says', what]
    }
    case 'announced': {
      const stops = `that the Gemini API ${isPast ? 'would' : 'will'} stop accepting ${keys}`
      const what = `${stops} ${during(announcement)}${isPast ? ', which is past' : ''}`
      return [isPast ? 'Google announced' : 'Google has announced', what]
    }
  }
}

function since({ date, precision, isPast }: Announcement): string {
  const moment = precision === 'day' ? longDay(date) : longMonth(date)
  return isPast ? `since ${moment}` : `from ${moment} on`
}

function during({ date, precision }: Announcement): string {
  return precision === 'day' ? `on ${longDay(date)}` : `in ${longMonth(date)} (no day was given)`
}
