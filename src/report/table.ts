import { styleText } from 'node:util'
import CliTable from 'cli-table3'
import type { Verdict } from '../model.js'
import { ownerText, titleOf, unjudgedText } from './digest/key-words.js'
import { pressingFinding } from './findings.js'
import type { KeyRecord } from './key-record.js'
import { shown } from './shown.js'

export interface TableOptions {
  /** Columns of the terminal; 0 for as wide as the longest cells. */
  readonly width: number
  readonly color: boolean
}

interface Column {
  readonly head: string
  readonly of: (record: KeyRecord) => string
  /** Characters with the two blanks around the text; a column without has its share of what is left. */
  readonly width?: number
  /** Columns of a higher number go first when the terminal is narrow. */
  readonly dispensable: number
}

const COLUMNS: readonly Column[] = [
  { head: 'Verdict', of: ({ verdict }) => verdict, width: 14, dispensable: 0 },
  { head: 'Key', of: titleOf, dispensable: 0 },
  { head: 'Project', of: ({ key }) => key.project.id, dispensable: 1 },
  { head: 'Owner', of: ownerText, dispensable: 4 },
  { head: 'Type', of: ({ key }) => key.type, width: 10, dispensable: 5 },
  { head: 'Why', of: reasonOf, width: 19, dispensable: 2 },
  { head: 'Days', of: daysLeft, width: 7, dispensable: 6 },
  { head: 'What to do', of: ({ remedy }) => remedy.action, width: 18, dispensable: 3 },
]

const NARROWEST = 12

type Style = Parameters<typeof styleText>[0]

const STYLES: Readonly<Record<Verdict, Style>> = {
  overdue: 'red',
  due: 'yellow',
  unknown: 'magenta',
  exempt: 'cyan',
  latent: 'cyan',
  compliant: 'green',
  'not-affected': 'dim',
  deleted: 'dim',
}

/**
 * The keys as a table for a terminal, a line each, in the order given. It never is wider than the terminal:
 * what does not fit is cut with `…`, and columns are left out. Names are shown, never obeyed.
 */
export function table(records: Iterable<KeyRecord>, { width, color }: TableOptions): string {
  const columns = width > 0 ? columnsFor(width) : COLUMNS
  const drawn = new CliTable({
    head: columns.map(({ head }) => head),
    style: { head: [], border: [], compact: true },
    ...(width > 0 ? { colWidths: widthsOf(columns, width) } : {}),
  })
  for (const record of records) {
    const style = color ? STYLES[record.verdict] : undefined
    drawn.push(columns.map((column) => cell(column, record, style)))
  }
  return `${drawn.toString()}\n`
}

function cell({ head, of }: Column, record: KeyRecord, style: Style | undefined): string {
  const text = shown(of(record))
  return head === 'Verdict' && style !== undefined ? styleText(style, text, { validateStream: false }) : text
}

/** The rule that asks for something, or else what is not known or what the key may call. */
function reasonOf(record: KeyRecord): string {
  return pressingFinding(record)?.rule ?? unjudgedText(record)
}

/** Days to the deadline, negative after it. */
function daysLeft(record: KeyRecord): string {
  return pressingFinding(record)?.daysLeft.toString() ?? ''
}

function columnsFor(width: number): readonly Column[] {
  let columns = COLUMNS
  while (narrowest(columns) > width && columns.length > 2) columns = withoutOne(columns)
  return columns
}

function withoutOne(columns: readonly Column[]): readonly Column[] {
  const most = Math.max(...columns.map(({ dispensable }) => dispensable))
  return columns.filter(({ dispensable }) => dispensable !== most)
}

function narrowest(columns: readonly Column[]): number {
  return columns.reduce((sum, { width = NARROWEST }) => sum + width, columns.length + 1)
}

function widthsOf(columns: readonly Column[], width: number): number[] {
  const fixed = columns.reduce((sum, column) => sum + (column.width ?? 0), columns.length + 1)
  const flexible = columns.filter((column) => column.width === undefined).length
  const share = Math.max(4, Math.floor((width - fixed) / flexible))
  return columns.map((column) => column.width ?? share)
}
