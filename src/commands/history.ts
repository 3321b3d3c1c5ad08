import type { RunArchive } from '../history/archive.js'
import { identityOf } from '../memory/knowledge.js'
import type { Instant } from '../model.js'
import type { KeyLifeEvent } from '../records/records.js'
import type { JudgedRunRecord } from '../records/run-record.js'
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
