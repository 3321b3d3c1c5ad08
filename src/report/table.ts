import { styleText } from 'node:util'
import CliTable from 'cli-table3'
import type { Verdict } from '../model.js'
import { HYGIENE_TABLE } from '../policy/hygiene.js'
import { trafficClass } from '../policy/traffic-classes.js'
import { openHygiene, strictestFinding } from '../records/findings.js'
import type { KeyRecord } from '../records/key-record.js'
import type { JudgedRunRecord } from '../records/run-record.js'
import { withVisibleControls } from '../records/visible-text.js'
import { newsBlocks, wholeBody } from './digest/body.js'
import { firstLine } from './digest/digest.js'
import type { DigestFacts } from './digest/digest-facts.js'
import { ACCOUNT_WAY_BRIEF, ACTION_BRIEF, TO_LOOK_AT_MARK, VERDICT_MARKS, VERDICT_WORDS } from './glossary.js'
import { countToLookAt } from './hygiene-words.js'
import { matterText, ownerText, titleOf } from './key-words.js'
import { makeNews } from './news/news.js'
import type { MessageBlock } from './slack/message-blocks.js'
import { linesOf } from './slack/plain-text.js'
import { counted } from './wording.js'

interface ReportedRun extends Omit<DigestFacts, 'run'> {
  readonly record: JudgedRunRecord
  /** The keys of the table in their order: all affected ones, or the first `MOST_ROWS`. */
  readonly keys: readonly KeyRecord[]
}

/** More rows than this are not read on a terminal. */
export const MOST_ROWS = 1_000

/** A run for a terminal: the first line as in Slack, the keys, then what the digest says of the rest. */
export function tableReport({ record, keys, ...facts }: ReportedRun, options: TableOptions): string {
  const rest = Math.max(0, facts.affected.count - keys.length)
  const digested = { ...facts, run: record }
  const news = makeNews(digested)
  return [
    `${withVisibleControls(firstLine(digested, news))}\n`,
    ...newsBlocks(digested, news).map(textOf),
    ...(keys.length === 0 ? [] : [table(keys, options)]),
    ...(rest === 0 ? [] : [`and ${counted(rest, 'more key')}: --output csv=FILE has them all\n`]),
    ...(countToLookAt(record.counts) === 0 ? [] : [WHICH_TO_LOOK_AT]),
    ...wholeBody(digested).map(textOf),
  ].join('\n')
}

/** The table is of affected keys, which they are not. */
const WHICH_TO_LOOK_AT =
  'Which keys are to be looked at, why, and what to do: --report FILE, or --output csv=FILE\n'

function textOf(part: MessageBlock): string {
  return `${linesOf(part).map(withVisibleControls).join('\n')}\n`
}

/** A column of the table for terminals. */
interface Column {
  readonly head: string
  readonly of: (record: KeyRecord) => string
  /** Whether a cell may be cut; the others are as wide as what they hold. */
  readonly isName?: boolean
  readonly isNumber?: boolean
  /** Columns of a higher number go first when the terminal is narrow. */
  readonly dispensable: number
}

/** All columns, from left to right: how bad it is, what it is about, what happened, what is to be done. */
const COLUMNS: readonly Column[] = [
  { head: '', of: markCell, dispensable: 0 },
  { head: 'Key', of: titleOf, isName: true, dispensable: 0 },
  { head: 'Project', of: ({ key }) => key.project.id, isName: true, dispensable: 2 },
  { head: 'What happened', of: happenedCell, dispensable: 1 },
  { head: 'To do', of: todoCell, dispensable: 3 },
  { head: 'Owner', of: ownerText, isName: true, dispensable: 4 },
  { head: 'Why', of: matterText, isName: true, dispensable: 5 },
  { head: 'Days', of: daysLeft, isNumber: true, dispensable: 6 },
]

function markCell(record: KeyRecord): string {
  return openHygiene(record).length > 0 ? TO_LOOK_AT_MARK : VERDICT_MARKS[record.verdict]
}

function todoCell(record: KeyRecord): string {
  const [first] = openHygiene(record)
  return first === undefined
    ? ACTION_BRIEF[record.remedy.action]
    : ACCOUNT_WAY_BRIEF[HYGIENE_TABLE[first.id].remedy]
}

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

/** A column and its place among all; `width`: characters with the blanks around its text. */
interface Sized {
  readonly column: Column
  readonly at: number
  readonly width: number
}

/** Characters that a column of names keeps before another column is left out: two of them are blanks. */
const NARROWEST = 15

/** What fits into so many characters: columns are left out first, the least needed first, then names are cut. */
function fitColumns(columns: readonly Sized[], width: number): readonly Sized[] {
  let kept = columns
  while (kept.length > 2 && total(kept.map(narrowest)) > width) kept = withoutOne(kept)
  const floor = total(kept.map(narrowest)) > width ? 4 : NARROWEST
  let fitting: readonly Sized[] = kept.map((sized) => ({ ...sized, width: Math.min(sized.width, width) }))
  while (total(fitting) > width) {
    const cut = fitting.filter((sized) => sized.column.isName && sized.width > floor)
    const widest = Math.max(...cut.map((sized) => sized.width))
    const victim = cut.findLast((sized) => sized.width === widest)
    if (victim === undefined) break
    fitting = fitting.map((sized) => (sized === victim ? { ...sized, width: sized.width - 1 } : sized))
  }
  return fitting
}

function narrowest(sized: Sized): Sized {
  return sized.column.isName ? { ...sized, width: Math.min(sized.width, NARROWEST) } : sized
}

/** Characters of a line: the columns and the strokes between and beside them. */
function total(columns: readonly Sized[]): number {
  return columns.reduce((sum, { width }) => sum + width, columns.length + 1)
}

function withoutOne(columns: readonly Sized[]): readonly Sized[] {
  const most = Math.max(...columns.map(({ column }) => column.dispensable))
  return columns.filter(({ column }) => column.dispensable !== most)
}

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
 * never is wider than the terminal: names are cut with `…`, and columns are left out. Names are printed as they are and never executed.
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
