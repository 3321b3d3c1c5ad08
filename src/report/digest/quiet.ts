import { dayOf, recentDay, weekday } from '../../calendar.js'
import type { Day } from '../../model.js'
import type { Affected } from '../../records/affected.js'
import { unexpected } from '../../records/gap-record.js'
import { isQuiet, type JudgedRunRecord } from '../../records/run-record.js'
import { counted } from '../wording.js'
import type { DigestFacts } from './facts.js'
import { unreadCounts } from './gap-words.js'

/** Whether the digest is one line: nothing happened since the run before, and it is no Monday. */
export function isQuietDay({ changes, asOf, asOfOverridden }: JudgedRunRecord): boolean {
  return isQuiet(changes) && asOfOverridden !== true && weekday(asOf) !== 'Monday'
}

/** The day of the run that was compared with, as people say it; undefined where there was none. */
export function sinceText({ changes, asOf, asOfOverridden }: JudgedRunRecord): string | undefined {
  const { since, sinceDay } = changes
  if (since === null) return undefined
  return dayText(sinceDay ?? dayOf(since, 'UTC'), asOf, asOfOverridden)
}

/** A run by another day sees no "yesterday". */
function dayText(day: Day, asOf: Day, asOfOverridden: true | undefined): string {
  return asOfOverridden ? day : recentDay(day, asOf)
}

/** `218 overdue, unchanged since Fri, 3 in use`: all that a quiet day is worth. */
export function quietLine({ run, affected, gaps, part }: DigestFacts): string {
  const incomplete = run.outcome === 'incomplete'
  const line = [countsText(run), unchangedText(run), ...useText(affected)].join(', ')
  const unread = incomplete ? `; not read: ${unreadCounts(unexpected(gaps))}` : ''
  return `${incomplete ? 'Incomplete: ' : ''}${part === undefined ? '' : `${part}: `}${line}${unread}`
}

/** `unchanged since Fri`: since the last run after which something was different. */
export function unchangedText(run: JudgedRunRecord): string {
  const { asOf, changes } = run
  return `unchanged since ${changes.quietSince === undefined ? sinceText(run) : recentDay(changes.quietSince, asOf)}`
}

function countsText({ counts, outcome }: JudgedRunRecord): string {
  const { overdue, due, unknown } = counts.verdict
  const told = [
    [overdue, 'overdue'],
    [due, 'due'],
    [unknown, 'not judged'],
  ] as const
  const some = told.filter(([count]) => count > 0).map(([count, word]) => `${amount(count)} ${word}`)
  if (some.length > 0) return some.join(', ')
  return outcome === 'incomplete' ? 'no overdue or due key in what could be read' : 'no key overdue or due'
}

function amount(count: number): string {
  return count.toLocaleString('en-US')
}

function useText({ count, inUse, unseen }: Affected): readonly string[] {
  if (count === 0) return []
  return [
    ...(inUse === 0 && unseen > 0 ? [] : [inUse === 0 ? 'none in use' : `${amount(inUse)} in use`]),
    ...(unseen === 0 ? [] : [`traffic of ${counted(unseen, 'key')} not known`]),
  ]
}
