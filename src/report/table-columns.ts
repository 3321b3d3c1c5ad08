import { terseDay } from '../calendar.js'
import type { Day, Verdict } from '../model.js'
import { pressingFinding } from '../records/findings.js'
import { type KeyRecord, trafficIn } from '../records/key-record.js'
import { ownerText, titleOf, unjudgedText } from './digest/key-words.js'

/** A column of the table for terminals. */
export interface Column {
  readonly head: string
  readonly of: (record: KeyRecord) => string
  /** Whether a cell may be cut; the others are as wide as what they hold. */
  readonly isName?: boolean
  readonly isNumber?: boolean
  /** Columns of a higher number go first when the terminal is narrow. */
  readonly dispensable: number
}

/** All columns, from left to right: what it is about, how bad it is, whose it is, what is to be done. */
export const COLUMNS: readonly Column[] = [
  { head: 'Verdict', of: ({ verdict }) => verdict, dispensable: 0 },
  { head: 'Key', of: titleOf, isName: true, dispensable: 0 },
  { head: 'Project', of: ({ key }) => key.project.id, isName: true, dispensable: 1 },
  { head: 'Traffic', of: trafficCell, dispensable: 2 },
  { head: 'Why', of: reasonOf, dispensable: 3 },
  { head: 'Days', of: daysLeft, isNumber: true, dispensable: 6 },
  { head: 'Owner', of: ownerText, isName: true, dispensable: 4 },
  { head: 'What to do', of: ({ remedy }) => remedy.action, dispensable: 5 },
  { head: 'Type', of: ({ key }) => key.type, dispensable: 7 },
]

/** The rule that asks for something, or else what is not known or what the key may call. */
function reasonOf(record: KeyRecord): string {
  return pressingFinding(record)?.rule ?? unjudgedText(record)
}

/** Days to the deadline, negative after it. */
function daysLeft(record: KeyRecord): string {
  return pressingFinding(record)?.daysLeft.toString() ?? ''
}

/** What no traffic is read for. */
const UNASKED: ReadonlySet<Verdict> = new Set(['compliant', 'not-affected', 'latent', 'deleted'])

/** The key's traffic in the fewest words: `in use 23,200/7d`. */
function trafficCell(record: KeyRecord): string {
  const { usage } = record
  if ('unknown' in usage) return UNASKED.has(record.verdict) ? 'not read' : 'unknown'
  switch (trafficIn(record)) {
    case 'newly-refused':
      return 'newly refused'
    case 'accepted':
      return `in use ${usage.gemini.acceptedLately.toLocaleString('en-US')}/7d`
    case 'accepted-earlier':
      return lastUse(usage.gemini.lastAccepted)
    case 'only-refused':
      return 'only refused'
    case 'only-failed':
      return 'only failed'
    case 'unknown':
      return 'unknown'
    case 'other-services':
      return 'other services'
    case 'none':
      return 'no calls'
  }
}

function lastUse(day: Day | undefined): string {
  return day === undefined ? 'used earlier' : `last used ${terseDay(day)}`
}
