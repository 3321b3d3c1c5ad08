import { styleText } from 'node:util'
import CliTable from 'cli-table3'
import type { Verdict } from '../model.js'
import type { KeyRecord } from '../records/key-record.js'
import { withVisibleControls } from '../records/visible-text.js'
import { COLUMNS } from './table-columns.js'
import { fitColumns, type Sized } from './table-widths.js'

export interface TableOptions {
  /** Columns of the terminal; 0 for as wide as the longest cells. */
  readonly width: number
  readonly color: boolean
}

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
 * The keys as a table for a terminal, a line each, in the order given. Columns are as wide as what they hold; it
 * never is wider than the terminal: names are cut with `…`, and columns are left out. Names are shown, never obeyed.
 */
export function table(records: Iterable<KeyRecord>, { width, color }: TableOptions): string {
  const rows = Array.from(records, (record) => ({
    texts: COLUMNS.map(({ of }) => withVisibleControls(of(record))),
    style: color ? STYLES[record.verdict] : undefined,
  }))
  const whole = sizedBy(rows.map(({ texts }) => texts))
  const columns = width > 0 ? fitColumns(whole, width) : whole
  return `${drawn(columns, rows)}\n`
}

interface Row {
  readonly texts: readonly string[]
  readonly style: Style | undefined
}

function drawn(columns: readonly Sized[], rows: readonly Row[]): string {
  const lines = new CliTable({
    head: columns.map(({ column }) => column.head),
    colWidths: columns.map((sized) => sized.width),
    colAligns: columns.map(({ column }) => (column.isNumber ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  })
  for (const { texts, style } of rows) lines.push(columns.map(({ at }) => cell(at, texts[at] ?? '', style)))
  return lines.toString()
}

function cell(at: number, text: string, style: Style | undefined): string {
  return at === 0 && style !== undefined ? styleText(style, text, { validateStream: false }) : text
}

/** All columns as wide as what they hold, by the measure of the library that draws them. */
function sizedBy(rows: readonly (readonly string[])[]): readonly Sized[] {
  const lines = new CliTable({
    head: COLUMNS.map(({ head }) => head),
    style: { head: [], border: [], compact: true },
  })
  for (const texts of rows) lines.push([...texts])
  const [strokes = ''] = lines.toString().split('\n', 1)
  const widths = strokes.slice(1, -1).split('┬')
  return COLUMNS.map((column, at) => ({ column, at, width: widths[at]?.length ?? 0 }))
}
