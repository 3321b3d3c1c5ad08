import { addDays, dayOf, daysBetween, parseDay } from '../calendar.js'
import { type Instant, RULED_VERDICTS } from '../model.js'
import {
  COUNTED,
  type Period,
  PeriodBuilder,
  type Question,
  type ReadRun,
  RunKeys,
} from '../records/period/period.js'
import type { PassedOver } from '../records/run-record.js'
import { DamagedArchive, damaged, type Manifest } from './manifest.js'
import { runFolder } from './names.js'
import { unpackHolding } from './packed-lines.js'
import { liesAhead, type StoredRuns } from './stored-runs.js'

/**
 * Reads the runs of an audit since a day; those by another day (`--as-of`) are left out. What is damaged is a day of
 * its own kind, and ends nothing. Memory grows with what was fixed and with the keys of one run, not with the runs.
 * Throws `ArchiveError` where the archive cannot be read at all.
 */
export async function periodOf(
  archive: StoredRuns,
  audit: string,
  question: Question,
  now: Instant,
): Promise<Period> {
  const builder = new PeriodBuilder()
  const passedOver: PassedOver[] = []
  const from = `${addDays(question.since, -1)}T00:00:00Z` as Instant // a zone may be ahead of UTC
  for (const run of await archive.runs(audit, from)) {
    if (liesAhead(run, now)) {
      passedOver.push({ object: archive.where(runFolder(audit, run)), why: 'its run lies in the future' })
      continue
    }
    const read = await readRun(archive, { audit, run }, question, builder.lookedAt)
    if (read !== undefined && read.day >= question.since) builder.add(read)
  }
  if (builder.newest !== undefined) await addAuthKeys(archive, audit, builder.newest)
  return { audit, ...question, ...builder.period(dayOf(now, 'UTC')), passedOver }
}

async function readRun(
  archive: StoredRuns,
  { audit, run }: { readonly audit: string; readonly run: Instant },
  question: Question,
  lookedAt: ReadonlySet<string>,
): Promise<ReadRun | undefined> {
  const day = dayOf(run, 'UTC')
  try {
    const manifest = await archive.manifest(audit, run)
    if (manifest === undefined) return { day, outcome: 'not-remembered', fixed: 0 }
    if (manifest.record.asOfOverridden) return undefined
    return await judgedRun(archive, manifest, question, lookedAt)
  } catch (error) {
    if (!(error instanceof DamagedArchive)) throw error
    return { day, run, outcome: 'damaged', fixed: 0, why: `${error.where}: ${error.why}` }
  }
}

/** `lookedAt`: keys of which a run that is not complete is asked whether it saw them. */
async function judgedRun(
  archive: StoredRuns,
  manifest: Manifest,
  question: Question,
  lookedAt: ReadonlySet<string>,
): Promise<ReadRun> {
  const { asOf, outcome } = manifest.record
  const day = parseDay(asOf)
  if (day === undefined || Math.abs(daysBetween(day, dayOf(manifest.run, 'UTC'))) > 1) {
    throw damaged(archive.where(runFolder(manifest.audit, manifest.run)), `its day is ${asOf}`)
  }
  const keys = new RunKeys(day, question)
  const asked = outcome === 'complete' ? new Set<string>() : lookedAt
  for await (const line of unpackHolding(await archive.records(manifest), COUNTING, asked)) {
    if ('record' in line && line.record.record === 'key') keys.add(line.record)
  }
  const isLooking = manifest.record.counts.hygiene !== undefined
  return { day, run: manifest.run, outcome, counts: keys.counts, fixed: keys.fixed.length, keys, isLooking }
}

/** Auth keys are most of an archive in the end, and count by one run only: no other one is read for them. */
async function addAuthKeys(
  archive: StoredRuns,
  audit: string,
  { run, keys }: NonNullable<PeriodBuilder['newest']>,
): Promise<void> {
  const manifest = await archive.manifest(audit, run)
  if (manifest === undefined) return
  for await (const line of unpackHolding(await archive.records(manifest), ['"verdict":"compliant"'])) {
    if ('record' in line && line.record.record === 'key') keys.addAuth(line.record)
  }
}

/** What the line of a key holds that counts; the canonical form of a record has no blanks. */
const COUNTING: readonly string[] = [
  ...COUNTED.map((verdict) => `"verdict":"${verdict}"`),
  ...RULED_VERDICTS.map((verdict) => `"previousVerdict":"${verdict}"`),
  '"hygiene":[{',
  '"reach":"unknown"',
]
