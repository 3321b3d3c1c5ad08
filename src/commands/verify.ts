import type { RunArchive } from '../history/archive.js'
import { compareExport, type Difference, readExport } from '../history/log-export-check.js'
import { verify } from '../history/verify.js'
import type { Instant } from '../model.js'
import { counted } from '../report/wording.js'
import { type ArchiveFlags, openArchive, runNamed } from './archived.js'
import { EXIT, type ExitStatus, printLine, type Terminal } from './terminal.js'

export interface VerifyFlags extends ArchiveFlags {
  readonly from?: string
  /** Milliseconds. */
  readonly expectEvery?: number
  readonly records?: string
}

interface Range {
  readonly from?: Instant
  readonly expectEvery?: number
}

/** `gemini-key-audit verify`: checks what is remembered; exits with 3 at the first break. */
export async function runVerify(flags: VerifyFlags, terminal: Terminal): Promise<ExitStatus> {
  const { archive, audits } = await openArchive(flags, terminal)
  const range = {
    ...(flags.from === undefined ? {} : { from: runNamed('--from', flags.from) }),
    ...(flags.expectEvery === undefined ? {} : { expectEvery: flags.expectEvery }),
  }
  let isWhole = true
  for (const audit of audits) {
    isWhole &&= await isWholeAudit(archive, audit, range, terminal)
    if (isWhole && flags.records !== undefined) {
      isWhole = await areWholeRecords(archive, audit, flags.records, range, terminal)
    }
  }
  return isWhole ? EXIT.done : EXIT.found
}

async function isWholeAudit(
  archive: RunArchive,
  audit: string,
  range: Range,
  terminal: Terminal,
): Promise<boolean> {
  const now = terminal.now().toISOString() as Instant
  const { runs, notes, broken } = await verify(archive, audit, { ...range, now })
  const [first = 'none', last = first] = [runs[0], runs.at(-1)]
  const whole =
    runs.length === 0 ? 'no run is whole' : `${counted(runs.length, 'run')} whole, ${first} to ${last}`
  await say(terminal, [
    `Audit ${audit} in ${archive.store.name}: ${whole}.`,
    ...notes.map((note) => `  Note: ${note}`),
    broken === undefined ? '  Every object, digest and link is whole.' : `  Broken: ${broken}`,
  ])
  return broken === undefined
}

async function areWholeRecords(
  archive: RunArchive,
  audit: string,
  file: string,
  { from }: Range,
  terminal: Terminal,
): Promise<boolean> {
  let runs = 0
  for await (const difference of compareExport(archive, audit, await readExport(file, audit), from)) {
    const { run, repeated } = difference
    const broken = breaksIn(difference)
    if (broken.length > 0) {
      await say(terminal, [`  Broken: the exported records of the run ${run}: ${broken.join('; ')}.`])
      return false
    }
    if (repeated.length > 0) {
      await say(terminal, [
        `  Note: ${counted(repeated.length, 'record')} of the run ${run} ${repeated.length === 1 ? 'is' : 'are'} there more than once, with the same content.`,
      ])
    }
    runs += 1
  }
  await say(terminal, [`  The exported records of ${counted(runs, 'run')} are those of the archive.`])
  return true
}

const NAMED = 3

function breaksIn({ missing, extra, altered }: Difference): readonly string[] {
  return Object.entries({ missing, extra, altered }).flatMap(([what, ids]) =>
    ids.length === 0
      ? []
      : [`${ids.length} ${what} (${ids.slice(0, NAMED).join(', ')}${ids.length > NAMED ? ', …' : ''})`],
  )
}

function say({ out }: Terminal, lines: readonly string[]): Promise<void> {
  return printLine(out, lines.join('\n'))
}
