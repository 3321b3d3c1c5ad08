import { lifeOf, runRecords } from '../history/key-timeline.js'
import { lifeLines, runLine, runsHead } from '../report/key-timeline.js'
import { type ArchiveFlags, openArchive } from './archived.js'
import { EXIT, type ExitStatus, printLine, type Terminal } from './terminal.js'

export interface HistoryFlags extends ArchiveFlags {
  /** A key's `uid` or name. */
  readonly key?: string
}

/** `gemini-key-audit history`: the remembered runs, or the life of one key. */
export async function runHistory(flags: HistoryFlags, terminal: Terminal): Promise<ExitStatus> {
  const { archive, audits } = await openArchive(flags, terminal)
  let lines = 0
  for (const audit of audits) {
    if (audits.length > 1) await printLine(terminal.out, `Audit ${audit}`)
    const told =
      flags.key === undefined ? runLines(archive, audit) : lifeLines(lifeOf(archive, audit, flags.key))
    for await (const line of told) {
      await printLine(terminal.out, line)
      lines += 1
    }
  }
  if (lines > 0) return EXIT.done
  const what = flags.key === undefined ? 'run' : `key ${flags.key}`
  await printLine(terminal.err, `gemini-key-audit: no ${what} is remembered in ${archive.store.name}.`)
  return EXIT.failed
}

async function* runLines(...of: Parameters<typeof runRecords>): AsyncGenerator<string> {
  let isFirst = true
  for await (const record of runRecords(...of)) {
    if (isFirst) yield runsHead()
    isFirst = false
    yield runLine(record)
  }
}
