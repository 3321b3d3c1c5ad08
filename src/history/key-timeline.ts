import { identityOf } from '../memory/knowledge.js'
import type { Instant } from '../model.js'
import type { KeyLifeEvent } from '../records/records.js'
import type { JudgedRunRecord } from '../records/run-record.js'
import type { RunArchive } from './archive.js'

/** The run records of an audit in the order of their times. Throws `ArchiveError`. */
export async function* runRecords(archive: RunArchive, audit: string): AsyncGenerator<JudgedRunRecord> {
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
