import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path/posix'
import * as z from 'zod'
import { OLDEST_SCHEDULE, parseInstant, secondsBetween } from '../calendar.js'
import { ConfigError, systemCode } from '../errors.js'
import { LineSplitter } from '../google/line-splitter.js'
import type { Instant } from '../model.js'
import { canonical, sha256 } from '../records/canonical.js'
import type { RunArchive } from './archive.js'

import { DamagedArchive } from './manifest.js'
import { claimName, runFolder } from './names.js'

const entry = z.looseObject({
  insertId: z.string(),
  receiveTimestamp: z.string().optional(),
  jsonPayload: z.looseObject({
    audit: z.string(),
    run: z.string(),
    record: z.string(),
    outcome: z.string().optional(),
  }),
})
type Entry = z.infer<typeof entry>

/** How a record was exported: how often, and whether it is what its `insertId` says. */
interface Found {
  times: number
  isIntact: boolean
  /** When Cloud Logging first took it: repeated ones may come later. */
  received?: Instant | undefined
}

/** The exported records of an audit by run and `insertId`. */
export type Export = ReadonlyMap<string, ReadonlyMap<string, Found>>

/** What differs between the log's records of one run and the archive's. */
export interface Difference {
  readonly run: Instant
  readonly missing: readonly string[]
  readonly extra: readonly string[]
  readonly altered: readonly string[]
  /** Written more than once with the same content, which is no break. */
  readonly repeated: readonly string[]
  /** Seconds from the run's time until Cloud Logging took the last of its records, where no retry can explain them. */
  readonly late?: number
}

/** Records that no run counts. */
const OUTSIDE: ReadonlySet<string> = new Set(['delivery', 'event'])

/**
 * Reads records of an audit from a file, as `gcloud logging read --format=json` (an array) or a sink (NDJSON)
 * gives them. Records of deliveries, of single changes and of failed runs stand outside of every digest and are left
 * out.
 * Throws a `ConfigError` when the file is neither.
 */
export async function readExport(file: string, audit: string): Promise<Export> {
  const runs = new Map<string, Map<string, Found>>()
  for await (const { insertId, jsonPayload, receiveTimestamp = '' } of entriesIn(file)) {
    const { run, record, outcome } = jsonPayload
    if (jsonPayload.audit !== audit || OUTSIDE.has(record) || outcome === 'failed') continue
    const found = runs.get(run) ?? new Map<string, Found>()
    runs.set(run, found)
    const earlier = found.get(insertId) ?? { times: 0, isIntact: true }
    const isIntact = earlier.isIntact && sha256(canonical(jsonPayload)) === insertId
    const received = earliest(earlier.received, parseInstant(receiveTimestamp))
    found.set(insertId, { times: earlier.times + 1, isIntact, received })
  }
  return runs
}

function earliest(one: Instant | undefined, other: Instant | undefined): Instant | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return one < other ? one : other
}

async function* entriesIn(file: string): AsyncGenerator<Entry> {
  if (await isArray(file)) {
    const entries = z.array(z.unknown()).safeParse(jsonOf(await readFile(file, 'utf8'), file))
    for (const value of entries.data ?? []) yield parsed(value, file)
    return
  }
  for await (const line of linesIn(file)) {
    if (line.trim() !== '') yield parsed(jsonOf(line, file), file)
  }
}

/** The lines of a file. Not by `node:readline`, for which U+2028 inside a text would end the line. */
async function* linesIn(file: string): AsyncGenerator<string> {
  const splitter = new LineSplitter()
  for await (const bytes of createReadStream(file)) {
    for (const line of splitter.split(bytes)) yield String(line)
  }
  for (const line of splitter.rest()) yield String(line)
}

async function isArray(file: string): Promise<boolean> {
  try {
    for await (const chunk of createReadStream(file, { encoding: 'utf8', end: 63 })) {
      return String(chunk).trimStart().startsWith('[')
    }
    return false
  } catch (error) {
    const code = systemCode(error) ?? 'unknown error'
    throw new ConfigError('FILE_WRONG', [
      `--records: reading ${file} failed (${code}); name a file that can be read`,
    ])
  }
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw notRecords(file)
  }
}

function parsed(value: unknown, file: string): Entry {
  const result = entry.safeParse(value)
  if (result.success) return result.data
  throw notRecords(file)
}

function notRecords(file: string): ConfigError {
  return new ConfigError('FILE_WRONG', [
    `--records: ${file} must hold log entries of this program with insertId and jsonPayload, as an array ` +
      '(gcloud logging read --format=json) or one a line',
  ])
}

/**
 * Compares exported records with the archive, from the first exported run (or the one given) to the last
 * exported one. Runs that never reached Cloud Logging are left out. Throws `ArchiveError`.
 */
export async function* compareExport(
  archive: RunArchive,
  audit: string,
  exported: Export,
  from?: Instant,
): AsyncGenerator<Difference> {
  const [first = '', ...others] = [...exported.keys()].toSorted()
  const last = others.at(-1) ?? first
  const remembered = (await archive.runs(audit)).filter((run) => run >= (from ?? first) && run <= last)
  const runs = [...new Set([...remembered, ...exported.keys()])] as Instant[]
  for (const run of runs.filter((each) => each >= (from ?? first)).toSorted()) {
    const expected = await expectedIds(archive, audit, run, exported.has(run))
    yield difference(run, expected, exported.get(run) ?? new Map<string, Found>())
  }
}

async function expectedIds(
  archive: RunArchive,
  audit: string,
  run: Instant,
  isExported: boolean,
): Promise<ReadonlySet<string>> {
  const manifest = await archive.remembered(audit, run)
  if (manifest === undefined || !(isExported || (await wasLogged(archive, audit, run)))) return new Set()
  const ids = new Set([sha256(canonical(manifest.record))])
  try {
    for await (const line of archive.lines(manifest)) {
      if ('record' in line && line.logged) ids.add(sha256(canonical(line.record)))
    }
  } catch (error) {
    if (!(error instanceof DamagedArchive)) throw error // a break already; what the log has is more than is here
  }
  return ids
}

async function wasLogged({ store }: RunArchive, audit: string, run: Instant): Promise<boolean> {
  const marks = await store.objects(`${runFolder(audit, run)}claims/`)
  return marks.some(({ path }) => basename(path).startsWith(claimName('logging:')) && path.endsWith('.done'))
}

/** Seconds after a run's time in which its records reach Cloud Logging: each retry of it, and the longest run. */
const LATEST = OLDEST_SCHEDULE + 3_600

/** Cloud Logging alone sets when it took an entry; its timestamp is what was written, the run's time. */
function latenessOf(run: Instant, found: ReadonlyMap<string, Found>): Pick<Difference, 'late'> {
  const received = [...found.values()].flatMap((each) => each.received ?? [])
  const late = Math.max(0, ...received.map((at) => secondsBetween(run, at)))
  return late > LATEST ? { late } : {}
}

function difference(
  run: Instant,
  expected: ReadonlySet<string>,
  found: ReadonlyMap<string, Found>,
): Difference {
  const ids = [...found.keys()].toSorted()
  const isIntact = (id: string) => found.get(id)?.isIntact === true
  return {
    run,
    missing: [...expected].filter((id) => !found.has(id)).toSorted(),
    extra: ids.filter((id) => !expected.has(id) && isIntact(id)),
    altered: ids.filter((id) => !isIntact(id)),
    repeated: ids.filter((id) => (found.get(id)?.times ?? 0) > 1),
    ...latenessOf(run, found),
  }
}
