import type { Verdict } from '../model.js'
import { trafficClass } from '../policy/traffic-classes.js'
import { strictestFinding } from '../records/findings.js'
import type { KeyRecord } from '../records/key-record.js'
import { ACTION_BRIEF, VERDICT_MARKS, VERDICT_WORDS } from './glossary.js'
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

/** All columns, from left to right: how bad it is, what it is about, what happened, what is to be done. */
export const COLUMNS: readonly Column[] = [
  { head: '', of: ({ verdict }) => VERDICT_MARKS[verdict], dispensable: 0 },
  { head: 'Key', of: titleOf, isName: true, dispensable: 0 },
  { head: 'Project', of: ({ key }) => key.project.id, isName: true, dispensable: 2 },
  { head: 'What happened', of: happenedCell, dispensable: 1 },
  { head: 'To do', of: ({ remedy }) => ACTION_BRIEF[remedy.action], dispensable: 3 },
  { head: 'Owner', of: ownerText, isName: true, dispensable: 4 },
  { head: 'Why', of: matterText, isName: true, dispensable: 5 },
  { head: 'Days', of: daysLeft, isNumber: true, dispensable: 6 },
]

/** Days to the deadline, negative after it. */
function daysLeft(record: KeyRecord): string {
  return strictestFinding(record)?.daysLeft.toString() ?? ''
}

/** What no traffic is read for, so that only the verdict says what there is to say. */
const UNASKED: ReadonlySet<Verdict> = new Set(['compliant', 'not-affected', 'deleted'])

/** What the key's traffic says, in the fewest words: `stopped Nov 18: refused`, `in use 23,200/7d`. */
function happenedCell(record: KeyRecord): string {
  const { usage, asOf, verdict } = record
  if (verdict === 'latent') return 'Gemini API is off'
  if (UNASKED.has(verdict)) return VERDICT_WORDS[verdict]
  return 'unknown' in usage ? 'calls not known' : trafficClass(usage.traffic).brief(usage, asOf)
}
