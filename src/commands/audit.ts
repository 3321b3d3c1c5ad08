import { attempt } from '../attempt.js'
import type { Outcome } from '../audit.js'
import type { OptionName } from '../config/options.js'
import type { JudgedRun } from '../judged-run.js'
import type { JudgedRunRecord } from '../report/run-record.js'
import { print } from './print.js'
import { startProgress } from './progress.js'
import { EXIT, type ExitStatus, type Terminal, write } from './terminal.js'

export const FORMATS = ['table', 'json', 'ndjson', 'csv'] as const
export const FAIL_ON = ['overdue', 'due', 'unknown', 'gap'] as const

export type AuditFlags = Readonly<Partial<Record<OptionName, string>>> & {
  readonly format: (typeof FORMATS)[number]
  readonly deliver?: boolean
  readonly failOn?: readonly (typeof FAIL_ON)[number][]
}

/** `gemini-key-audit audit`: one audit, printed; delivered as well with `--deliver`. */
export async function runAudit(flags: AuditFlags, terminal: Terminal): Promise<ExitStatus> {
  const progress = startProgress(terminal)
  const outcome = await attempt(
    { flags, env: terminal.env },
    { now: () => new Date(), deliver: flags.deliver === true, progress: progress.show },
  ).finally(() => progress.stop())
  if (outcome.run.kind === 'judged') await print(outcome.run, flags.format, terminal)
  await complain(outcome, terminal)
  return statusOf(outcome, flags)
}

/** Tells on standard error what went wrong. */
export async function complain({ run, undelivered }: Outcome, terminal: Terminal): Promise<void> {
  const messages = undelivered.map(({ message }) => message)
  if (run.kind === 'failed') messages.unshift(run.record.error)
  for (const message of messages) await write(terminal.err, `gemini-key-audit: ${message}\n`)
  if (run.kind === 'failed' && run.fault === 'program') {
    await write(terminal.err, `${run.cause instanceof Error ? run.cause.stack : String(run.cause)}\n`)
  }
}

function statusOf({ run, undelivered }: Outcome, { failOn = [] }: AuditFlags): ExitStatus {
  if (run.kind === 'failed') return run.fault === 'configuration' ? EXIT.usage : EXIT.failed
  if (undelivered.length > 0) return EXIT.failed
  return failOn.some((what) => isFound(what, run)) ? EXIT.found : EXIT.done
}

function isFound(what: (typeof FAIL_ON)[number], { record, gaps }: JudgedRun): boolean {
  if (what === 'gap') return gaps.some(({ known }) => !known)
  return countOf(what, record) > 0
}

function countOf(verdict: 'overdue' | 'due' | 'unknown', { counts }: JudgedRunRecord): number {
  return counts.verdict[verdict]
}
