import type { Settings } from '../config/config.js'
import type { OptionName } from '../config/options.js'
import type { Delivered } from '../deliver/delivery.js'
import { adviceText } from '../errors.js'
import type { RequestCount } from '../google/calls.js'
import { ArchiveError } from '../history/archive-store.js'
import type { JudgedRun } from '../history/judged-run.js'
import { failureText } from '../records/recommendation.js'
import { digest } from '../report/digest/digest.js'
import { counted, listed, sentenceCase } from '../report/wording.js'
import { attempt } from '../run/attempt.js'
import type { Outcome } from '../run/audit.js'
import { isStopped, stoppedSentence } from '../run/stopped-reading.js'
import { type Output, writeOutput } from './output-file.js'
import { type Format, type Preview, previewOf, print } from './print.js'
import { printRequests, startProgress } from './progress.js'
import { withScope } from './scope.js'
import { EXIT, type ExitStatus, printLine, type Terminal } from './terminal.js'

export const FAIL_ON = ['overdue', 'due', 'unknown', 'gap'] as const

export type AuditFlags = Readonly<Partial<Record<OptionName, string>>> & {
  readonly format: Format
  readonly deliver?: boolean
  readonly failOn?: readonly (typeof FAIL_ON)[number][]
  /** Files that the run is written to besides. */
  readonly output?: readonly Output[]
  /** The same as `html=FILE` among them. */
  readonly report?: string
  /** Prints what Slack would get, and nothing else. */
  readonly previewSlack?: Preview
  readonly quiet?: boolean
  readonly verbose?: boolean
}

/**
 * `gemini-key-audit audit`: one audit, printed; delivered as well with `--deliver`. When the process is asked to
 * end, the reading stops, and what was read is reported.
 */
export async function runAudit(flags: AuditFlags, terminal: Terminal): Promise<ExitStatus> {
  const watch = terminal.interruption?.watch()
  try {
    return await auditUntil(watch?.signal, flags, terminal)
  } finally {
    watch?.end()
  }
}

async function auditUntil(
  stop: AbortSignal | undefined,
  flags: AuditFlags,
  terminal: Terminal,
): Promise<ExitStatus> {
  const loudness = flags.quiet ? 'quiet' : flags.verbose ? 'verbose' : 'normal'
  const progress = startProgress(terminal, loudness)
  let requests: readonly RequestCount[] = []
  const delivered: Delivered[] = []
  const settings = await withScope({ flags, env: terminal.env }, terminal, loudness)
  const outcome = await attempt(settings, {
    now: terminal.now,
    deliver: flags.deliver === true,
    progress: progress.show,
    stop,
    delivered: (each) => delivered.push(each),
    counted: (counts) => {
      requests = counts
    },
  }).finally(() => progress.stop())
  if (flags.verbose) await printRequests(requests, terminal)
  if (outcome.run.kind === 'judged') await show(outcome.run, flags, terminal)
  if (!flags.quiet) for (const each of delivered) await printLine(terminal.err, deliveredLine(each))
  await complain(outcome, terminal)
  if (outcome.run.kind === 'judged') {
    for (const output of outputsOf(flags)) {
      if (!(await written(outcome.run, output, settings, flags, terminal))) return EXIT.failed
    }
  }
  return concluded(outcome, flags, terminal)
}

/** A table is for people to look at; data is printed however quiet the command is. */
async function show(run: JudgedRun, flags: AuditFlags, terminal: Terminal): Promise<void> {
  if (flags.previewSlack) {
    await printLine(terminal.out, previewOf(digest({ ...run, run: run.record }), flags.previewSlack))
  } else if (!(flags.quiet && flags.format === 'table')) await print(run, flags.format, terminal)
}

function outputsOf({ output = [], report }: AuditFlags): readonly Output[] {
  return report === undefined ? output : [...output, { format: 'html', file: report }]
}

/** Whether a file could be written; if not, the reason is printed. */
async function written(
  run: JudgedRun,
  output: Output,
  settings: Settings,
  flags: AuditFlags,
  terminal: Terminal,
): Promise<boolean> {
  const { format, file } = output
  const what = format === 'html' ? 'the report' : `the run as ${format}`
  try {
    await writeOutput(run, output, settings)
    if (!flags.quiet) await printLine(terminal.err, `${sentenceCase(what)}: ${file}`)
    return true
  } catch (error) {
    if (!(error instanceof ArchiveError) && !isSystemError(error)) throw error
    await printLine(terminal.err, `gemini-key-audit: Writing ${what} to ${file} failed: ${error.message}`)
    return false
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error
}

/** Says on standard error what went wrong. */
export async function complain({ run, undelivered }: Outcome, terminal: Terminal): Promise<void> {
  const messages = undelivered.map(({ message }) => message)
  if (run.kind === 'failed') {
    const { next, ...failure } = run.failure
    messages.unshift(failureText(failure))
    if (next !== undefined) messages.push(adviceText(next))
  }
  const stopped = run.kind === 'judged' ? stoppedSentence(run) : undefined
  if (stopped !== undefined) messages.unshift(stopped)
  for (const message of messages) await printLine(terminal.err, `gemini-key-audit: ${message}`)
  if (run.kind === 'failed' && run.fault === 'program') {
    await printLine(terminal.err, `${run.cause instanceof Error ? run.cause.stack : String(run.cause)}`)
  }
}

/** The exit status; what of `--fail-on` was found is printed, since the status alone does not say. */
async function concluded(
  { run, undelivered }: Outcome,
  { failOn = [] }: AuditFlags,
  terminal: Terminal,
): Promise<ExitStatus> {
  if (run.kind === 'failed') return run.fault === 'configuration' ? EXIT.usage : EXIT.failed
  if (undelivered.length > 0 || isStopped(run)) return EXIT.failed
  const found = [...new Set(failOn)].flatMap((what) => foundText(what, run) ?? [])
  if (found.length === 0) return EXIT.done
  await printLine(terminal.err, `gemini-key-audit: --fail-on found ${listed(found)}.`)
  return EXIT.found
}

/** `3 overdue keys`; undefined where there is none. */
function foundText(what: (typeof FAIL_ON)[number], { record, gaps }: JudgedRun): string | undefined {
  const count = what === 'gap' ? gaps.filter(({ known }) => !known).length : record.counts.verdict[what]
  if (count === 0) return undefined
  return what === 'gap' ? counted(count, 'gap') : counted(count, `${what} key`)
}

/** One line for a delivery: `Delivered: the digest to slack:C0456 (1764140400.000100)`. */
function deliveredLine({ what, to, message }: Delivered): string {
  return `Delivered: ${what} to ${to}${message === undefined ? '' : ` (${message})`}`
}
