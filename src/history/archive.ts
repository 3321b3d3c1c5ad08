import { AffectedKeys } from '../memory/affected-keys.js'
import { Ledger } from '../memory/ledger.js'
import { AFFECTED_VERDICTS, type Instant, type Run } from '../model.js'
import { canonical, sha256 } from '../records/canonical.js'
import type { GapRecord } from '../records/gap-record.js'
import { isGone } from '../records/gone-record.js'
import type { KeyRecord } from '../records/key-record.js'
import type { AuditRecord } from '../records/records.js'
import type { PassedOver } from '../records/run-record.js'
import { ArchiveError } from './archive-store.js'
import { type Earlier, EarlierRuns } from './earlier-runs.js'
import type { FreshRun, JudgedRun } from './judged-run.js'
import { CLAIMS_BY_RECORD, FORMAT, type Manifest, manifestBytes, recordDigest, runOf } from './manifest.js'
import { isRecords, manifestNames, manifestRank, recordsName, runFolder } from './names.js'
import { digestOf, lineText, Packing } from './packed-lines.js'
import { createFrom } from './pieces.js'
import { passedOver, StoredRuns } from './stored-runs.js'

/** The runs of an audit, as they are remembered in a store. Every method throws `ArchiveError`. */
export class RunArchive extends StoredRuns {
  /** What earlier runs knew, for a run that begins at a time. */
  baseline({ audit, time }: Pick<Run, 'audit' | 'time'>, now: Instant): Promise<Earlier> {
    return new EarlierRuns(this, audit).before(time, now)
  }

  /**
   * A run as it was judged when it was remembered; where it was not, what stands in its folder all the same and
   * does not belong there.
   */
  async recall({ audit, time }: Pick<Run, 'audit' | 'time'>): Promise<JudgedRun | readonly PassedOver[]> {
    const { fitting, objects, unfit } = await this.folder(audit, time)
    const misplaced: PassedOver[] = []
    for (const { manifest, where } of fitting) {
      const why = await new EarlierRuns(this, audit).problemOf(manifest)
      if (why === undefined) return this.#restored(manifest)
      misplaced.push({ object: where, why })
    }
    const early = objects.filter(({ path }) => manifestRank(path) === undefined && !isRecords(path))
    return [
      ...unfit.map(passedOver),
      ...misplaced,
      ...early.map(({ path }) => ({
        object: this.where(runFolder(audit, time) + path),
        why: 'it was there before its run was remembered',
      })),
    ]
  }

  /**
   * Remembers a run, and resolves to what is remembered: this judgement, or that of another attempt at the
   * same run which was first.
   */
  async remember(fresh: FreshRun): Promise<JudgedRun> {
    const { audit, time } = fresh.run
    const folder = runFolder(audit, time)
    const records = await this.#written(folder, fresh)
    const { record, policy } = fresh
    const { trend } = fresh.comparison
    const delivered = { policy: deliveredOf(policy), development: trend }
    const manifest = {
      format: FORMAT,
      audit,
      run: time,
      records,
      record,
      claims: CLAIMS_BY_RECORD,
      ...delivered,
    } as const
    const bytes = manifestBytes(manifest)
    for (const name of manifestNames(recordDigest(manifest))) {
      if (await this.store.create(folder + name, bytes)) return toTell(fresh)
      const first = await this.recall(fresh.run)
      if ('kind' in first) return first
    }
    throw new ArchiveError({
      code: 'FOLDER_FULL',
      cause: `Remembering the run in ${this.where(folder)} failed: each name of its manifest is taken`,
      advice: {
        say: 'find out who may write there, and name another archive with AUDIT_ARCHIVE (--archive)',
      },
    })
  }

  /** Writes the records of a run where there is nothing else yet. */
  async #written(folder: string, fresh: FreshRun, other = 0): Promise<Manifest['records']> {
    const name = recordsName(sha256(canonical(fresh.record)), other)
    const packing = new Packing({ audit: fresh.run.audit, run: fresh.run.time }, linesOf(fresh))
    const isNew = await createFrom(this.store, folder + name, packing.content())
    const records = { name, ...packing.packed }
    if (isNew || (await this.#isThere(folder, records))) return records
    return this.#written(folder, fresh, other + 1)
  }

  /** An answer may have been lost: what was there already is what was to be written. */
  async #isThere(folder: string, { name, sha256: digest }: Manifest['records']): Promise<boolean> {
    const found = await this.store.open(folder + name)
    return found !== undefined && (await digestOf(found.pieces())) === digest
  }

  async #restored(manifest: Manifest): Promise<JudgedRun> {
    const ledger = new Ledger()
    const affected = new AffectedKeys()
    const gaps: GapRecord[] = []
    for await (const line of this.lines(manifest)) {
      if (!('record' in line)) continue
      const { record, logged } = line
      if (record.record === 'gap') gaps.push(record)
      if (isAffected(record)) await affected.add(record)
      else if (record.record === 'key' && !isGone(record)) affected.beside(record)
      if (!logged) continue
      const text = canonical(record)
      await ledger.add({ insertId: sha256(text), canonical: text })
    }
    const { record, policy } = manifest
    const run = runOf(manifest)
    return {
      kind: 'judged',
      run,
      record,
      ledger,
      affected: affected.summary,
      affectedKeys: affected,
      gaps,
      policy,
    }
  }
}

function deliveredOf({ contact, owners, routes }: JudgedRun['policy']): Manifest['policy'] {
  return { ...(contact === undefined ? {} : { contact }), owners, routes }
}

function isAffected(record: AuditRecord): record is KeyRecord {
  return record.record === 'key' && !isGone(record) && AFFECTED_VERDICTS.includes(record.verdict)
}

/** The gaps come first and in their order, which no digest keeps. */
async function* linesOf(fresh: FreshRun): AsyncGenerator<string> {
  const { gaps, leftOver = [], ledger, silent, comparison } = fresh
  for (const record of gaps) yield JSON.stringify({ logged: true, record })
  for (const each of leftOver) yield JSON.stringify(each)
  for await (const { canonical: text } of ledger.lines()) yield* lineOf(text, true, comparison)
  for await (const { canonical: text } of silent.lines()) yield* lineOf(text, false, comparison)
  for (const known of comparison.carried()) yield JSON.stringify({ known })
}

/** The line of a record; none of a gap. */
function lineOf(text: string, logged: boolean, comparison: FreshRun['comparison']): readonly string[] {
  const record = JSON.parse(text) as AuditRecord
  if (record.record === 'gap') return []
  const known = record.record === 'key' && !isGone(record) ? comparison.knowledgeOf(record) : undefined
  return [lineText(text, logged, known)]
}

/** What deliveries need: what earlier runs knew takes the room that a file for Slack may need. */
function toTell({
  silent: _silent,
  comparison: _comparison,
  leftOver: _leftOver,
  ...run
}: FreshRun): JudgedRun {
  return run
}
