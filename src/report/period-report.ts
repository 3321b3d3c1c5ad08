import CliTable from 'cli-table3'
import { stringify } from 'csv-stringify/sync'
import { HYGIENE_TABLE } from '../policy/hygiene.js'
import {
  COUNTED,
  type DayOutcome,
  type Period,
  type PeriodDay,
  type Subject,
} from '../records/period/period.js'
import { withVisibleControls, withVisibleControlsInData } from '../records/visible-text.js'
import { counted } from './wording.js'

type Cell = string | number | undefined

/** One table of a period: its name on the command line and above its rows, and a row for each of its things. */
interface Section {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: (period: Period) => readonly (readonly Cell[])[]
}

const KEY_COLUMNS = ['Key', 'Project', 'Owner'] as const

/** What a period is printed as, in the order of the tables. */
const SECTIONS = {
  days: {
    title: 'By day',
    columns: ['Day', 'Outcome', 'Affected', 'Overdue', 'Due', 'Exempt', 'Unknown', 'Fixed'],
    rows: ({ days }) =>
      days.map(({ day, outcome, counts, fixed }) => [
        day,
        OUTCOMES[outcome],
        counts && counts.overdue + counts.due,
        ...COUNTED.map((verdict) => counts?.[verdict]),
        counts && fixed,
      ]),
  },
  owners: {
    title: 'By owner',
    columns: ['Owner', 'Affected', 'Exempt', 'Fixed', 'Median days to fix'],
    rows: ({ owners }) =>
      owners.map(({ owner, affected, exempt, fixed, medianDays }) => [
        owner ?? 'no owner',
        ...[affected, exempt, fixed, medianDays],
      ]),
  },
  migration: {
    title: 'From standard to auth keys',
    columns: [
      'Owner',
      'Standard keys',
      'In use',
      'Stopped',
      'Calls not known',
      'Retired',
      'Auth keys',
      'Made',
    ],
    rows: ({ migration }) =>
      migration.map(({ owner, standard, inUse, stopped, notKnown, retired, auth, made }) => [
        owner ?? 'no owner',
        ...[standard, inUse, stopped, notKnown, retired, auth, made],
      ]),
  },
  hygiene: {
    title: 'To look at',
    columns: ['What', 'Owner', 'Open', 'Opened', 'Closed'],
    rows: ({ hygiene }) =>
      hygiene.map(({ id, owner, open, opened, closed }) => [
        HYGIENE_TABLE[id].title,
        owner ?? 'no owner',
        ...[open, opened, closed],
      ]),
  },
  fixed: {
    title: 'Fixed',
    columns: ['Day', ...KEY_COLUMNS, 'Was', 'Is', 'Days since first seen', 'Name'],
    rows: ({ fixed }) =>
      fixed.map(({ day, key, was, is, days }) => [day, ...cellsOf(key), was, is, days, key.name]),
  },
  exempt: {
    title: 'Exempt',
    columns: ['Until', ...KEY_COLUMNS, 'Rules', 'Reason', 'Approved by', 'Name'],
    rows: ({ exempt }) =>
      exempt.map(({ key, rules, until, reason, approvedBy }) => [
        until,
        ...cellsOf(key),
        ...[rules.join(' '), reason, approvedBy, key.name],
      ]),
  },
} as const satisfies Readonly<Record<string, Section>>

export type SectionName = keyof typeof SECTIONS
export const SECTION_NAMES = Object.keys(SECTIONS) as readonly SectionName[]

const OUTCOMES: Readonly<Record<DayOutcome, string>> = {
  complete: 'complete',
  incomplete: 'incomplete',
  damaged: 'damaged',
  'not-remembered': 'not remembered',
  'no-run': 'no run',
}

function cellsOf({ name, displayName, project, owner }: Subject): readonly Cell[] {
  return [displayName ?? name.split('/').at(-1), project, owner]
}

/** The period for people: what it comes to, then its tables, then what the numbers do not say. */
export function periodText(period: Period, sections: readonly SectionName[]): string {
  return [
    `${withVisibleControls(headline(period))}\n`,
    ...sections.map((name) => sectionText(SECTIONS[name], folded(period))),
    ...caveats(period, sections).map((line) => `${withVisibleControls(line)}\n`),
  ].join('\n')
}

/** One table of the period as CSV, each row with its audit. */
export function periodCsv(periods: readonly Period[], name: SectionName): string {
  const { columns, rows }: Section = SECTIONS[name]
  const cells = periods.flatMap((period) => rows(period).map((row) => [period.audit, ...row]))
  const safe = cells.map((row) =>
    row.map((cell) => (typeof cell === 'string' ? withVisibleControlsInData(cell) : cell)),
  )
  return stringify([['Audit', ...columns], ...safe], { escape_formulas: true })
}

/** What people ask first: how many there are, how many there were, and how fast it goes. */
function headline({ audit, since, days, fixed, owners, owner, project }: Period): string {
  const judged = days.filter(({ counts }) => counts !== undefined)
  const [first, last] = [judged[0], judged.at(-1)]
  const whose = [owner && `of ${owner}`, project && `in ${project}`].filter(Boolean).join(' ')
  const keys = (day: PeriodDay) =>
    counted((day.counts?.overdue ?? 0) + (day.counts?.due ?? 0), 'affected key')
  const subject = `${audit}${whose && `, keys ${whose}`}`
  if (first === undefined || last === undefined) return `${subject}: no run since ${since} is readable`
  const flaw = last.outcome === 'incomplete' ? ', which is incomplete' : ''
  const median = owners.length === 1 && owners[0]?.medianDays
  const speed = typeof median === 'number' ? `, in a median of ${counted(median, 'day')} from first seen` : ''
  const before = first === last ? '' : `; ${keys(first)} on ${first.day}`
  return `${subject}: ${keys(last)} on ${last.day}${flaw}${before}; ${counted(fixed.length, 'key')} fixed since ${since}${speed}`
}

/** What is not a number must not be taken for zero. */
function caveats(
  { since, days, newest, passedOver }: Period,
  sections: readonly SectionName[],
): readonly string[] {
  const outcome = days.find(({ day }) => day === newest)?.outcome
  const has = (outcome: DayOutcome) => days.some((day) => day.outcome === outcome)
  return [
    ...(newest === undefined
      ? []
      : [
          `Owners and exemptions are by the run of ${newest}${outcome === 'incomplete' ? ', which is incomplete' : ''}.`,
          ...(sections.includes('migration')
            ? [
                `Retired: standard keys that were deleted since ${since}. Made: auth keys made since ${since}. Keys that cannot call the Gemini API are not among them.`,
              ]
            : []),
        ]),
    ...(has('incomplete') ? ['An incomplete run counts what it could read: there may be more.'] : []),
    ...(has('not-remembered')
      ? ['Not remembered: a run began and left no result, because it failed or still goes on.']
      : []),
    ...days.flatMap(({ day, why }) => (why === undefined ? [] : [`Damaged on ${day}: ${why}`])),
    ...passedOver.map(({ object, why }) => `Passed over: ${object}: ${why}`),
    'Each run fits its own digests; whether runs are missing or were put in later, `gemini-key-audit verify` says.',
  ]
}

/** Days without a run in a row are one line. */
function folded(period: Period): Period {
  const days: PeriodDay[] = []
  let begun: string | undefined
  for (const day of period.days) {
    const isIdle = day.outcome === 'no-run'
    if (isIdle && begun !== undefined) days.pop()
    begun = isIdle ? (begun ?? day.day) : undefined
    const span = begun === undefined || begun === day.day ? day.day : `${begun} to ${day.day}`
    days.push({ ...day, day: span as PeriodDay['day'] })
  }
  return { ...period, days }
}

function sectionText({ title, columns, rows }: Section, period: Period): string {
  const cells = rows(period)
  if (cells.length === 0) return `${title}: none\n`
  const table = new CliTable({
    head: [...columns],
    colAligns: columns.map((_, at) => (cells.some((row) => typeof row[at] === 'number') ? 'right' : 'left')),
    chars: NO_LINES,
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 2 },
  })
  for (const row of cells) table.push(row.map((cell) => withVisibleControls(`${cell ?? '–'}`)))
  const lines = table.toString().split('\n')
  return `${title}\n${lines.map((line) => line.trimEnd()).join('\n')}\n`
}

const NO_LINES = Object.fromEntries(
  ['top', 'bottom', 'left', 'right'].flatMap((side) => [
    [side, ''],
    [`${side}-mid`, ''],
    [`${side}-left`, ''],
    [`${side}-right`, ''],
  ]),
) as NonNullable<CliTable.TableConstructorOptions['chars']>
