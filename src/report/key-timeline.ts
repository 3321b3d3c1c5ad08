import { isGone } from '../records/gone-record.js'
import type { KeyLifeEvent } from '../records/records.js'
import type { Changes, JudgedRunRecord } from '../records/run-record.js'
import { withVisibleControls } from '../records/visible-text.js'
import { titleOf } from './key-words.js'
import { counted } from './wording.js'

const COLUMNS = [
  ['Run', 20],
  ['Outcome', 10],
  ['Keys', 7],
  ['Overdue', 7],
  ['Due', 6],
  ['Unknown', 7],
] as const

/** The head of the lines of runs. */
export function runsHead(): string {
  return rowOf([...COLUMNS.map(([name]) => name), 'Changes'])
}

/** One run in a line: its outcome, counts and changes. */
export function runLine({ run, outcome, counts, changes, asOf, asOfOverridden }: JudgedRunRecord): string {
  const { overdue, due, unknown } = counts.verdict
  const otherDay = asOfOverridden === true ? ` (judged by ${asOf})` : ''
  return rowOf([run, outcome, counts.keys, overdue, due, unknown, `${changesText(changes)}${otherDay}`])
}

function rowOf(cells: readonly (string | number)[]): string {
  return cells
    .map((cell, index) =>
      typeof cell === 'number' ? `${cell}`.padStart(widthOf(index)) : cell.padEnd(widthOf(index)),
    )
    .join('  ')
    .trimEnd()
}

function widthOf(index: number): number {
  return COLUMNS[index]?.[1] ?? 0
}

/** Counts in their order, whatever that of the stored record is. */
function changesText(changes: Changes): string {
  if (changes.since === null) return 'first run'
  const kinds = ['new', 'worse', 'better', 'lost', 'found', 'gone', 'fixed'] as const
  const counts = kinds.flatMap((change) =>
    (changes[change] ?? 0) > 0 ? [`${changes[change]} ${change}`] : [],
  )
  return counts.join(', ') || 'none'
}

/** A key's life, a line for each run in which something changed, and one for each row of runs in which nothing did. */
export async function* lifeLines(events: AsyncIterable<KeyLifeEvent>): AsyncGenerator<string> {
  let unchanged = 0
  let before: string | undefined
  for await (const event of events) {
    const says = statementText(event)
    if (says.text === before && !says.isChange) {
      unchanged += 1
      continue
    }
    if (unchanged > 0) yield `  … the same in ${counted(unchanged, 'more run')}`
    unchanged = 0
    before = says.text
    yield `${event.run}  ${says.text}${says.change}`
  }
  if (unchanged > 0) yield `  … the same in ${counted(unchanged, 'more run')}`
}

interface Said {
  readonly text: string
  readonly change: string
  readonly isChange: boolean
}

function statementText(event: KeyLifeEvent): Said {
  if ('unseenSince' in event) {
    return { text: `not read (last seen by the run of ${event.unseenSince})`, change: '', isChange: false }
  }
  const { record } = event
  const name = `${withVisibleControls(titleOf(record))} in ${withVisibleControls(record.key.project.id)}`
  const isChange = record.change !== undefined && record.change !== 'same'
  const from = record.previousVerdict === undefined ? '' : `, was ${record.previousVerdict}`
  const change = isChange ? `  ${record.change} (by the ${record.changeCause}${from})` : ''
  if (isGone(record)) return { text: `gone  ${name}`, change, isChange }
  const since = record.overdueSince === undefined ? '' : ` since ${record.overdueSince}`
  const rules = record.findings.map(({ rule }) => rule).join(', ')
  return { text: `${record.verdict}${since}  ${name}${rules && `: ${rules}`}`, change, isChange }
}
