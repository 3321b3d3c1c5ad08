import { ConfigError } from '../errors.js'
import type { RunArchive } from '../history/archive.js'
import { compareExport, type Difference, readExport } from '../history/log-export-check.js'
import { type ReportDigests, readReport } from '../history/report-check.js'
import { type VerifyOptions, verify } from '../history/verify.js'
import type { Instant } from '../model.js'
import type { RunLink } from '../records/run-record.js'
import { counted } from '../report/wording.js'
import { type ArchiveFlags, openArchive, runNamed } from './archived.js'
import { EXIT, type ExitStatus, printLine, type Terminal } from './terminal.js'

export interface VerifyFlags extends ArchiveFlags {
  readonly from?: string
  /** Milliseconds. */
  readonly expectEvery?: number
  readonly all?: true
  readonly head?: string
  readonly records?: string
  readonly report?: string
}

interface Range extends Pick<VerifyOptions, 'from' | 'expectEvery' | 'all'> {}

/** `gemini-key-audit verify`: checks what is remembered; exits with 3 where something is not as it was written. */
export async function runVerify(flags: VerifyFlags, terminal: Terminal): Promise<ExitStatus> {
  const head = flags.head === undefined ? undefined : digitsIn(flags.head)
  const { archive, audits } = await openArchive(flags, terminal)
  const report = flags.report === undefined ? undefined : await readReport(flags.report)
  const range = {
    ...(flags.from === undefined ? {} : { from: runNamed('--from', flags.from) }),
    ...(flags.expectEvery === undefined ? {} : { expectEvery: flags.expectEvery }),
    ...(flags.all === undefined ? {} : { all: flags.all }),
  }
  const runs: RunLink[] = []
  let isWhole = true
  for (const audit of audits) {
    if (!isWhole && flags.all === undefined) break
    const found = await checkAudit(archive, audit, range, terminal)
    runs.push(...found.runs)
    isWhole = found.isWhole && isWhole
    if (flags.records !== undefined && (isWhole || flags.all)) {
      isWhole = (await areWholeRecords(archive, audit, flags.records, range, terminal)) && isWhole
    }
  }
  if (head !== undefined) isWhole = (await isHeld(head, runs, terminal)) && isWhole
  if (report !== undefined) isWhole = (await isReportOf(report, runs, terminal)) && isWhole
  return isWhole ? EXIT.done : EXIT.found
}

/** The first digits of a digest, with blanks between them as digests in Slack have. */
function digitsIn(head: string): string {
  const digits = head.replaceAll(/\s/g, '').toLowerCase()
  if (/^[0-9a-f]{12,64}$/.test(digits)) return digits
  throw new ConfigError('OPTION_WRONG', [
    `--head must be the SHA-256 of a run record, or at least its first 12 digits, as each digest in Slack ends ` +
      `with them, not ${JSON.stringify(head)}`,
  ])
}

async function isHeld(head: string, runs: readonly RunLink[], terminal: Terminal): Promise<boolean> {
  const found = runs.find(({ sha256 }) => sha256.startsWith(head))
  await say(terminal, [
    found === undefined
      ? `Broken: no whole run of the archive has a run record whose SHA-256 begins with ${head}.`
      : `The run ${found.run} has the run record ${head}: the archive still holds it, and its links hold what was before it.`,
  ])
  return found !== undefined
}

async function isReportOf(
  { run, problem }: ReportDigests,
  runs: readonly RunLink[],
  terminal: Terminal,
): Promise<boolean> {
  const found = runs.find(({ sha256 }) => sha256 === run)
  const broken =
    problem ??
    (found === undefined ? `the archive holds no whole run with its run record, ${run}` : undefined)
  await say(terminal, [
    broken === undefined
      ? `The report is that of the run ${found?.run}, and its data are whole.`
      : `Broken: the report: ${broken}.`,
  ])
  return broken === undefined
}

async function checkAudit(
  archive: RunArchive,
  audit: string,
  range: Range,
  terminal: Terminal,
): Promise<{ readonly runs: readonly RunLink[]; readonly isWhole: boolean }> {
  const now = terminal.now().toISOString() as Instant
  const { runs, notes, foreign, breaks } = await verify(archive, audit, { ...range, now })
  const [first, last] = [runs[0], runs.at(-1)]
  const isWhole = breaks.length === 0 && foreign.length === 0
  await say(terminal, [
    `Audit ${audit} in ${archive.store.name}: ${
      first === undefined
        ? 'no run is whole'
        : `${counted(runs.length, 'run')} whole, ${first.run} to ${last?.run}`
    }.`,
    ...notes.map((note) => `  Note: ${note}`),
    ...foreign.map(({ object, why }) => `  Does not belong: ${object}: ${why}.`),
    ...breaks.map(({ what, unproven }) => `  Broken: ${what} Not proven any more: ${unproven}.`),
    ...(isWhole ? ['  Every object, digest and link is whole.'] : []),
    ...(last === undefined ? [] : [`  Head: ${last.sha256} (run ${last.run})`]),
  ])
  return { runs, isWhole }
}

async function areWholeRecords(
  archive: RunArchive,
  audit: string,
  file: string,
  { from, all }: Range,
  terminal: Terminal,
): Promise<boolean> {
  let [runs, isWhole] = [0, true]
  for await (const difference of compareExport(archive, audit, await readExport(file, audit), from)) {
    const { run, repeated } = difference
    const broken = breaksIn(difference)
    if (broken.length > 0) {
      await say(terminal, [`  Broken: the exported records of the run ${run}: ${broken.join('; ')}.`])
      if (all !== true) return false
      isWhole = false
      continue
    }
    if (repeated.length > 0) {
      await say(terminal, [
        `  Note: ${counted(repeated.length, 'record')} of the run ${run} ${repeated.length === 1 ? 'is' : 'are'} there more than once, with the same content.`,
      ])
    }
    runs += 1
  }
  await say(terminal, [`  The exported records of ${counted(runs, 'run')} are those of the archive.`])
  return isWhole
}

const NAMED = 3

function breaksIn({ missing, extra, altered, late }: Difference): readonly string[] {
  const differing = Object.entries({ missing, extra, altered }).flatMap(([what, ids]) =>
    ids.length === 0
      ? []
      : [`${ids.length} ${what} (${ids.slice(0, NAMED).join(', ')}${ids.length > NAMED ? ', …' : ''})`],
  )
  if (late === undefined) return differing
  return [...differing, `received up to ${Math.floor(late / 3_600)} hours after its time: backdated`]
}

function say({ out }: Terminal, lines: readonly string[]): Promise<void> {
  return printLine(out, lines.join('\n'))
}
