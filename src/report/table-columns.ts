import type { Verdict } from '../model.js'
import { trafficClass } from '../policy/traffic-classes.js'
import { pressingFinding } from '../records/findings.js'
import type { KeyRecord } from '../records/key-record.js'
import { matterText, ownerText, titleOf } from './key-words.js'

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
  return pressingFinding(record)?.rule ?? matterText(record)
}

/** Days to the deadline, negative after it. */
function daysLeft(record: KeyRecord): string {
  return pressingFinding(record)?.daysLeft.toString() ?? ''
}

/** What no traffic is read for. */
const UNASKED: ReadonlySet<Verdict> = new Set(['compliant', 'not-affected', 'latent', 'deleted'])

/** The key's traffic in the fewest words: `in use 23,200/7d`. */
function trafficCell(record: KeyRecord): string {
  const { usage, asOf } = record
  if ('unknown' in usage) return UNASKED.has(record.verdict) ? 'not read' : 'unknown'
  return trafficClass(usage.traffic).brief(usage, asOf)
}
