import { parseDay } from '../calendar.js'
import { ConfigError } from '../errors.js'
import type { RunArchive } from '../history/archive.js'
import { periodOf } from '../history/period-reader.js'
import type { Day, Instant } from '../model.js'
import { identityOf } from '../records/gone-record.js'
import type { Period } from '../records/period/period.js'
import type { KeyLifeEvent } from '../records/records.js'
import type { JudgedRunRecord } from '../records/run-record.js'
import { lifeLines, runLine, runsHead } from '../report/key-timeline.js'
import { periodCsv, periodText, SECTION_NAMES, type SectionName } from '../report/period-report.js'
import { type Archived, type ArchiveFlags, openArchive } from './archived.js'
import { EXIT, type ExitStatus, printLine, type Terminal, write } from './terminal.js'

export const PERIOD_FORMATS = ['table', 'csv', 'json'] as const

export interface HistoryFlags extends ArchiveFlags {
  /** A key's `uid` or name. */
  readonly key?: string
  /** The first day of a period, `YYYY-MM-DD`; the others below are about a period. */
  readonly since?: string
  readonly owner?: string
  /** A project's ID or number. */
  readonly project?: string
  readonly show?: SectionName
  readonly format?: (typeof PERIOD_FORMATS)[number]
}

/** `gemini-key-audit history`: the remembered runs, the life of one key, or what became of the keys since a day. */
export async function runHistory(flags: HistoryFlags, terminal: Terminal): Promise<ExitStatus> {
  const since = periodAsked(flags)
  const archived = await openArchive(flags, terminal)
  if (since !== undefined) return showPeriod(flags, since, archived, terminal)
  const { archive, audits } = archived
  let printed = 0
  for (const audit of audits) {
    if (audits.length > 1) await printLine(terminal.out, `Audit ${audit}`)
    const lines =
      flags.key === undefined ? runLines(archive, audit) : lifeLines(lifeOf(archive, audit, flags.key))
    for await (const line of lines) {
      await printLine(terminal.out, line)
      printed += 1
    }
  }
  if (printed > 0) return EXIT.done
  const what = flags.key === undefined ? 'run' : `key ${flags.key}`
  await printLine(terminal.err, `gemini-key-audit: no ${what} is remembered in ${archive.store.name}.`)
  return EXIT.failed
}

/** The first day of the period that flags ask for. Throws a `ConfigError` for flags that do not go together. */
function periodAsked({ since, key, ...flags }: HistoryFlags): Day | undefined {
  if (since === undefined) {
    const lone = (['owner', 'project', 'show', 'format'] as const).find((name) => flags[name] !== undefined)
    if (lone === undefined) return undefined
    throw new ConfigError('OPTION_WRONG', [`--${lone} needs --since DAY, such as --since 2026-11-01`])
  }
  if (key !== undefined)
    throw new ConfigError('OPTION_WRONG', ['--key and --since are two questions: ask one of them'])
  const day = parseDay(since)
  if (day !== undefined) return day
  throw new ConfigError('OPTION_WRONG', [
    `--since must be a day such as 2026-11-01, not ${JSON.stringify(since)}`,
  ])
}

async function showPeriod(
  { owner, project, show, format = 'table' }: HistoryFlags,
  since: Day,
  { archive, audits }: Archived,
  terminal: Terminal,
): Promise<ExitStatus> {
  const question = { since, ...(owner !== undefined && { owner }), ...(project !== undefined && { project }) }
  const now = terminal.now().toISOString() as Instant
  const periods: Period[] = []
  for (const audit of audits) periods.push(await periodOf(archive, audit, question, now))
  const remembered = periods.filter(({ days }) => days.length > 0)
  if (remembered.length === 0) {
    const none = `no run since ${since} is remembered in ${archive.store.name}`
    await printLine(terminal.err, `gemini-key-audit: ${none}.`)
    return EXIT.failed
  }
  await write(terminal.out, periodsAs(format, remembered, show))
  return EXIT.done
}

function periodsAs(
  format: (typeof PERIOD_FORMATS)[number],
  periods: readonly Period[],
  show: SectionName | undefined,
): string {
  switch (format) {
    case 'table':
      return periods.map((period) => periodText(period, show ? [show] : SECTION_NAMES)).join('\n')
    case 'csv':
      return periodCsv(periods, show ?? 'days')
    case 'json':
      return `${JSON.stringify(periods, null, 2)}\n`
  }
}

async function* runLines(...of: Parameters<typeof runRecords>): AsyncGenerator<string> {
  let isFirst = true
  for await (const record of runRecords(...of)) {
    if (isFirst) yield runsHead()
    isFirst = false
    yield runLine(record)
  }
}

/** The run records of an audit in the order of their times. Throws `ArchiveError`. */
async function* runRecords(archive: RunArchive, audit: string): AsyncGenerator<JudgedRunRecord> {
  for (const run of await archive.runs(audit)) {
    const manifest = await archive.manifest(audit, run)
    if (manifest !== undefined) yield manifest.record
  }
}

/** What each run of an audit says of one key, by its `uid` or its name. Throws `ArchiveError`. */
export async function* lifeOf(
  archive: RunArchive,
  audit: string,
  wanted: string,
): AsyncGenerator<KeyLifeEvent> {
  for (const run of await archive.runs(audit)) {
    const said = await eventIn(archive, audit, run, wanted)
    if (said !== undefined) yield said
  }
}

async function eventIn(
  archive: RunArchive,
  audit: string,
  run: Instant,
  wanted: string,
): Promise<KeyLifeEvent | undefined> {
  const manifest = await archive.manifest(audit, run)
  if (manifest === undefined || manifest.record.asOfOverridden === true) return undefined
  const isWanted = (key: { uid: string; name: string }) => identityOf(key) === wanted || key.name === wanted
  for await (const line of archive.lines(manifest)) {
    if ('record' in line) {
      const { record } = line
      if (record.record === 'key' && isWanted(record.key)) return { run, record }
    } else if ('known' in line && isWanted(line.known.key) && line.known.goneSince === undefined) {
      return { run, unseenSince: line.known.lastSeen }
    }
  }
  return undefined
}
