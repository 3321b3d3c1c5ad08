import { Readable } from 'node:stream'
import { AffectedKeys } from '../memory/affected-keys.js'
import { KnownKeys } from '../memory/known-keys.js'
import { Ledger } from '../memory/ledger.js'
import { AFFECTED_VERDICTS, type Instant, type Run } from '../model.js'
import { canonical, sha256 } from '../records/canonical.js'
import type { GapRecord } from '../records/gap-record.js'
import { isGone } from '../records/gone-record.js'
import type { KeyRecord } from '../records/key-record.js'
import type { AuditRecord } from '../records/records.js'
import type { ArchiveStore, OpenObject } from './archive-store.js'
import { Backlog, type LeftOver } from './backlog.js'
import type { PackedRecords } from './byte-lines.js'
import type { Baseline } from './comparison.js'
import type { FreshRun, JudgedRun } from './judged-run.js'
import { type ArchivedLine, digestOf, lineText, Packing, unpack, unpackKnowledge } from './lines.js'
import {
  DamagedArchive,
  damaged,
  FORMAT,
  type Manifest,
  manifestBytes,
  parseManifest,
  runOf,
} from './manifest.js'
import { MANIFEST, recordsName, runFolder, runName, runOfFolder, runsFolder } from './names.js'
import { createFrom, PIECE } from './pieces.js'
import { runsUpTo } from './run-trend.js'

/** The runs of an audit, as they are remembered in a store. Every method throws `ArchiveError`. */
export class RunArchive {
  readonly store: ArchiveStore

  constructor(store: ArchiveStore) {
    this.store = store
  }

  /** The audits that have runs here. */
  async audits(): Promise<readonly string[]> {
    const audits: string[] = []
    for (const folder of await this.store.list('')) {
      const audit = folder.replace(/\/$/, '')
      if (audit !== folder && (await this.runs(audit)).length > 0) audits.push(audit)
    }
    return audits
  }

  /** The times of the runs that have a folder, in their order, from one on; not all of them are remembered. */
  async runs(audit: string, from?: Instant): Promise<readonly Instant[]> {
    const folders = await this.store.list(runsFolder(audit), from && runName(from))
    return folders.flatMap((folder) => runOfFolder(folder) ?? [])
  }

  /** The manifest of a run; undefined when the run is not remembered. */
  async manifest(audit: string, run: Instant): Promise<Manifest | undefined> {
    const path = runFolder(audit, run) + MANIFEST
    const bytes = await this.store.read(path)
    if (bytes === undefined) return undefined
    const manifest = parseManifest(bytes, this.#where(path))
    if (manifest.run !== run || manifest.audit !== audit || manifest.record.run !== run) {
      throw damaged(this.#where(path), `it is the manifest of ${manifest.audit} ${manifest.run}`)
    }
    return manifest
  }

  /** The packed records of a remembered run, which are what their digest says. */
  async records({ audit, run, records }: Manifest): Promise<PackedRecords> {
    const path = runFolder(audit, run) + records.name
    const where = this.#where(path)
    const found = await this.store.open(path)
    if (found === undefined) throw damaged(where, 'it is missing')
    const { pieces } = found.size <= PIECE ? await inMemory(found) : found
    if ((await digestOf(pieces())) !== records.sha256) {
      throw damaged(where, 'its digest is not that of its manifest')
    }
    return { where, pieces }
  }

  /** The lines of a remembered run, one at a time. */
  async *lines(manifest: Manifest): AsyncGenerator<ArchivedLine> {
    yield* unpack(await this.records(manifest))
  }

  /** What a remembered run could not read, known gaps included: it stands before all else. */
  async gaps(manifest: Manifest): Promise<readonly GapRecord[]> {
    const gaps: GapRecord[] = []
    for await (const line of this.lines(manifest)) {
      if (!('record' in line) || line.record.record !== 'gap') break
      gaps.push(line.record)
    }
    return gaps
  }

  /** A run as it was judged when it was remembered; undefined when it was not. */
  async recall({ audit, time }: Pick<Run, 'audit' | 'time'>): Promise<JudgedRun | undefined> {
    const manifest = await this.manifest(audit, time)
    return manifest && this.#restored(manifest)
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
    const telling = { policy: tellingOf(policy), development: trend }
    const manifest = { format: FORMAT, audit, run: time, records, record, ...telling } as const
    if (await this.store.create(folder + MANIFEST, manifestBytes(manifest))) return toTell(fresh)
    const first = await this.recall(fresh.run)
    if (first === undefined) throw damaged(this.#where(folder + MANIFEST), 'it was there and no longer is')
    return first
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

  /**
   * What the newest earlier run knew, with sentences about runs that could not be read; undefined when there
   * is none. A run by another day is no baseline.
   */
  async baseline({ audit, time }: Pick<Run, 'audit' | 'time'>): Promise<Earlier> {
    const all = await this.runs(audit)
    const runs = all.filter((run) => run < time)
    const overtakenBy = await this.#newestAfter(audit, time, all)
    const remarks: string[] = []
    let link: Manifest | undefined
    for (const run of runs.toReversed()) {
      try {
        const manifest = await this.manifest(audit, run)
        if (manifest === undefined || manifest.record.asOfOverridden) continue
        link ??= manifest
        return { baseline: await this.#baseline(manifest), link: linkTo(link), ...overtakenBy, remarks }
      } catch (error) {
        if (!(error instanceof DamagedArchive)) throw error
        remarks.push(`An earlier run cannot be compared with. ${error.message}`)
      }
    }
    return { remarks, ...overtakenBy, ...(link && { link: linkTo(link) }) }
  }

  /** The newest remembered run of a later time: there is one when this run is late, or its clock has gone back. */
  async #newestAfter(
    audit: string,
    time: Instant,
    runs: readonly Instant[],
  ): Promise<Pick<Earlier, 'overtakenBy'>> {
    for (const run of runs.filter((each) => each > time).toReversed()) {
      const manifest = await this.manifest(audit, run).catch(undefinedIfDamaged)
      if (manifest !== undefined && !manifest.record.asOfOverridden) return { overtakenBy: linkTo(manifest) }
    }
    return {}
  }

  async #baseline(manifest: Manifest): Promise<Baseline> {
    const knowledge = new KnownKeys()
    const gaps: GapRecord[] = []
    const left: LeftOver[] = []
    for await (const line of unpackKnowledge(await this.records(manifest))) {
      if ('known' in line && line.known !== undefined) knowledge.add(line.known)
      else if ('left' in line) left.push(line)
      else if ('record' in line && line.record.record === 'gap') gaps.push(line.record)
    }
    const backlog = new Backlog(left)
    for (const known of knowledge) backlog.add(known)
    const trend = runsUpTo(manifest)
    return { record: manifest.record, sha256: linkTo(manifest).sha256, knowledge, gaps, backlog, trend }
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
      affected: affected.told,
      affectedKeys: affected,
      gaps,
      policy,
    }
  }

  #where(path: string): string {
    return `${this.store.name}/${path}`
  }
}

/** What of earlier runs a run begins with. */
export interface Earlier {
  readonly baseline?: Baseline
  /** The newest earlier run record: the next link of the chain. */
  readonly link?: { readonly run: Instant; readonly sha256: string }
  /** The newest run of a later time that was remembered before. */
  readonly overtakenBy?: { readonly run: Instant; readonly sha256: string }
  /** Why runs were passed over. */
  readonly remarks: readonly string[]
}

/** A run that cannot be read is told by whoever needs it, and by `verify`. */
function undefinedIfDamaged(error: unknown): undefined {
  if (!(error instanceof DamagedArchive)) throw error
  return undefined
}

function linkTo({ run, record }: Manifest): NonNullable<Earlier['link']> {
  return { run, sha256: sha256(canonical(record)) }
}

function tellingOf({ contact, owners, routes }: JudgedRun['policy']): Manifest['policy'] {
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

/** A small object is asked for once. */
async function inMemory(found: OpenObject): Promise<Pick<OpenObject, 'pieces'>> {
  const pieces: Buffer[] = []
  for await (const piece of found.pieces()) pieces.push(piece)
  return { pieces: () => Readable.from(pieces) }
}
