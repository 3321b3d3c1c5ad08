import { Readable } from 'node:stream'
import { CLOCK_SKEW, secondsBetween } from '../calendar.js'
import { AffectedKeys } from '../memory/affected-keys.js'
import { KnownKeys } from '../memory/known-keys.js'
import { Ledger } from '../memory/ledger.js'
import { AFFECTED_VERDICTS, type Instant, type Run } from '../model.js'
import { canonical, sha256 } from '../records/canonical.js'
import type { GapRecord } from '../records/gap-record.js'
import { isGone } from '../records/gone-record.js'
import type { KeyRecord } from '../records/key-record.js'
import type { AuditRecord } from '../records/records.js'
import type { PassedOver, RunLink } from '../records/run-record.js'
import type { ArchiveStore, OpenObject, StoredObject } from './archive-store.js'
import { ArchiveError } from './archive-store.js'
import { Backlog, type LeftOver } from './backlog.js'
import type { PackedRecords } from './byte-lines.js'
import type { Baseline } from './comparison.js'
import type { FreshRun, JudgedRun } from './judged-run.js'
import { type ArchivedLine, digestOf, lineText, Packing, unpack, unpackKnowledge } from './lines.js'
import {
  CLAIMS_BY_RECORD,
  DamagedArchive,
  damaged,
  FORMAT,
  LARGEST_MANIFEST,
  type Manifest,
  manifestBytes,
  misdated,
  misplaced,
  parseManifest,
  recordDigest,
  runOf,
} from './manifest.js'
import {
  claimsFolder,
  isRecords,
  manifestName,
  manifestNumber,
  recordsName,
  runFolder,
  runName,
  runOfFolder,
  runsFolder,
} from './names.js'
import { createFrom, PIECE } from './pieces.js'
import { runsUpTo } from './recent.js'

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

  /** The manifest of a run; undefined when the run is not remembered. Throws where none that is there fits. */
  async manifest(audit: string, run: Instant): Promise<Manifest | undefined> {
    const { manifest, unfit } = await this.folder(audit, run)
    const [first] = unfit
    if (manifest === undefined && first !== undefined) throw first
    return manifest
  }

  /**
   * What stands in the folder of a run. Its manifest is the first one that fits: everybody who may add objects
   * can put another one there, before the run and after it. `listed`: its objects, where they are known.
   */
  async folder(audit: string, run: Instant, listed?: readonly StoredObject[]): Promise<FolderContent> {
    const folder = runFolder(audit, run)
    const objects = listed ?? (await this.store.objects(folder))
    const unfit: DamagedArchive[] = []
    for (const object of manifestsIn(objects)) {
      const where = this.#where(folder + object.path)
      try {
        const manifest = await this.#manifestIn(folder, object)
        if (manifest.run !== run || manifest.audit !== audit || !isRecordOf(manifest)) {
          throw damaged(where, `it is the manifest of ${manifest.audit} ${manifest.run}`)
        }
        const why = misdated(manifest, object.created)
        if (why !== undefined) throw damaged(where, why)
        return { manifest, object, objects, unfit }
      } catch (error) {
        if (!(error instanceof DamagedArchive)) throw error
        unfit.push(error)
      }
    }
    return { objects, unfit }
  }

  async #manifestIn(folder: string, { path, size }: StoredObject): Promise<Manifest> {
    const where = this.#where(folder + path)
    if (size > LARGEST_MANIFEST) throw damaged(where, 'it is larger than any manifest')
    const bytes = await this.store.read(folder + path)
    if (bytes === undefined) throw damaged(where, 'it was there and no longer is')
    return parseManifest(bytes, where)
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

  /**
   * A run as it was judged when it was remembered; where it was not, what stands in its folder all the same and
   * does not belong there.
   */
  async recall({ audit, time }: Pick<Run, 'audit' | 'time'>): Promise<JudgedRun | readonly PassedOver[]> {
    const { manifest, object, objects, unfit } = await this.folder(audit, time)
    const problem = manifest && (await this.#problemOf(manifest))
    if (manifest !== undefined && problem === undefined) return this.#restored(manifest)
    const folder = runFolder(audit, time)
    const early = objects.filter(({ path }) => manifestNumber(path) === undefined && !isRecords(path))
    return [
      ...unfit.map(passedOver),
      ...(object === undefined || problem === undefined
        ? []
        : [{ object: this.#where(folder + object.path), why: problem }]),
      ...early.map(({ path }) => ({
        object: this.#where(folder + path),
        why: 'it was there before its run was remembered',
      })),
    ]
  }

  /** Why a run is no link after the runs before it; undefined where it is one, or none at all. */
  async #problemOf(manifest: Manifest): Promise<string | undefined> {
    if (manifest.record.asOfOverridden) return undefined
    const earlier = (await this.runs(manifest.audit)).filter((run) => run < manifest.run)
    if (await this.#isLinked(manifest, earlier)) return undefined
    const before = (await this.#believed(manifest.audit, earlier, [])).chain.at(-1)
    return before && misplaced(manifest, before)
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
    const manifest = {
      format: FORMAT,
      audit,
      run: time,
      records,
      record,
      claims: CLAIMS_BY_RECORD,
      ...telling,
    } as const
    const bytes = manifestBytes(manifest)
    for (
      let number: number | undefined = 1;
      number !== undefined;
      number = await this.#freeNumber(fresh.run)
    ) {
      if (await this.store.create(folder + manifestName(number), bytes)) return toTell(fresh)
      const first = await this.recall(fresh.run)
      if ('kind' in first) return first
    }
    throw new ArchiveError(
      `Remembering the run in ${this.#where(folder)} failed: the folder is full of manifests of others; find out ` +
        'who may write there, and name another archive with AUDIT_ARCHIVE (--archive).',
    )
  }

  /** The first number of a manifest that is free in the folder of a run. */
  async #freeNumber({ audit, time }: Pick<Run, 'audit' | 'time'>): Promise<number | undefined> {
    const objects = await this.store.objects(runFolder(audit, time))
    const taken = new Set(objects.map(({ path }) => manifestNumber(path)))
    for (let number = 1; manifestNumber(manifestName(number)) === number; number += 1) {
      if (!taken.has(number)) return number
    }
    return undefined
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
   * What the newest earlier run knew, and what was passed over on the way to it; without a baseline when there
   * is no earlier run. A run by another day is none, and one that lies in the future overtakes nothing.
   */
  async baseline({ audit, time }: Pick<Run, 'audit' | 'time'>, now: Instant): Promise<Earlier> {
    const all = await this.runs(audit)
    const runs = all.filter((run) => !liesAhead(run, now))
    const ahead = all.filter((run) => liesAhead(run, now))
    const found: PassedOver[] = ahead.map((run) => ({
      object: this.#where(runFolder(audit, run)),
      why: 'its run lies in the future',
    }))
    const overtakenBy = await this.#newestAfter(audit, time, runs, found)
    const earlier = await this.#newestBefore(
      audit,
      runs.filter((run) => run < time),
      found,
    )
    const once = new Map(found.map((each) => [each.object, each]))
    return { ...earlier, ...overtakenBy, passedOver: [...once.values()] }
  }

  async #newestBefore(
    audit: string,
    runs: readonly Instant[],
    found: PassedOver[],
  ): Promise<Pick<Earlier, 'baseline' | 'link'>> {
    const first = await this.#newestLinked(audit, runs, found)
    if (first !== undefined) return first
    const { chain, rest } = await this.#believed(audit, runs, found)
    const newest = chain.at(-1)
    const link = newest && { link: linkTo(newest) }
    for (const manifest of chain.toReversed()) {
      try {
        return { baseline: await this.#baseline(manifest), ...link }
      } catch (error) {
        if (!(error instanceof DamagedArchive)) throw error
        found.push(passedOver(error))
      }
    }
    return rest.length === 0 ? { ...link } : { ...(await this.#newestBefore(audit, rest, found)), ...link }
  }

  /** The usual case: the newest run is whole, and its link shows without reading another one. */
  async #newestLinked(
    audit: string,
    runs: readonly Instant[],
    found: PassedOver[],
  ): Promise<Pick<Earlier, 'baseline' | 'link'> | undefined> {
    const { chain, rest } = await this.#believed(audit, runs, found, 1)
    const [newest] = chain
    if (newest === undefined || !(await this.#isLinked(newest, rest))) return undefined
    return this.#baseline(newest).then(
      (baseline) => ({ baseline, link: linkTo(newest) }),
      (error: unknown) => {
        if (error instanceof DamagedArchive) return undefined // met again, and told, where all are looked at
        throw error
      },
    )
  }

  /** Whether a run links to the run before it, by the digest that the claims of that one are named by. */
  async #isLinked({ audit, record: { previous } }: Manifest, earlier: readonly Instant[]): Promise<boolean> {
    const before = earlier.at(-1)
    if (previous === undefined || before === undefined) return previous === before
    if (previous.run !== before) return false
    return (await this.store.objects(claimsFolder(audit, before, previous.sha256))).length > 0
  }

  /**
   * The newest of some runs that are believed, oldest first: each fits its folder, and links to the one before.
   * What does not is added to `found`. `rest`: the runs before them, which were not looked at.
   */
  async #believed(
    audit: string,
    runs: readonly Instant[],
    found: PassedOver[],
    most = LOOKED_AT,
  ): Promise<{ readonly chain: readonly Manifest[]; readonly rest: readonly Instant[] }> {
    const newest: { readonly manifest: Manifest; readonly where: string }[] = []
    let at = runs.length
    for (; at > 0 && newest.length < most; at -= 1) {
      const run = runs[at - 1]
      if (run === undefined) break
      const { manifest, object, unfit } = await this.folder(audit, run)
      found.push(...unfit.map(passedOver))
      if (manifest === undefined || object === undefined || manifest.record.asOfOverridden) continue
      newest.unshift({ manifest, where: this.#where(runFolder(audit, run) + object.path) })
    }
    const chain: Manifest[] = []
    for (const { manifest, where } of newest) {
      const before = chain.at(-1)
      const why = before && misplaced(manifest, before)
      if (why === undefined) chain.push(manifest)
      else found.push({ object: where, why })
    }
    return { chain, rest: runs.slice(0, at) }
  }

  /** The newest remembered run of a later time: there is one when this run is late, or its clock has gone back. */
  async #newestAfter(
    audit: string,
    time: Instant,
    runs: readonly Instant[],
    found: PassedOver[],
  ): Promise<Pick<Earlier, 'overtakenBy'>> {
    for (const run of runs.filter((each) => each > time).toReversed()) {
      const { manifest, unfit } = await this.folder(audit, run)
      found.push(...unfit.map(passedOver))
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
  readonly link?: RunLink
  /** The newest run of a later time that was remembered before. */
  readonly overtakenBy?: RunLink
  /** What stands in the archive and was not believed. */
  readonly passedOver: readonly PassedOver[]
}

/** What stands in the folder of a run. */
export interface FolderContent {
  readonly manifest?: Manifest
  /** The object of the manifest. */
  readonly object?: StoredObject
  readonly objects: readonly StoredObject[]
  /** Manifests that do not fit, as far as they were looked at. */
  readonly unfit: readonly DamagedArchive[]
}

/** Runs whose links are followed before one of them is compared with. */
const LOOKED_AT = 6

function manifestsIn(objects: readonly StoredObject[]): readonly StoredObject[] {
  return objects
    .filter(({ path }) => manifestNumber(path) !== undefined)
    .sort((one, other) => (manifestNumber(one.path) ?? 0) - (manifestNumber(other.path) ?? 0))
}

function isRecordOf({ audit, run, record }: Manifest): boolean {
  return record.run === run && record.audit === audit
}

/** Whether a run has a time that its clock and ours cannot explain. */
export function liesAhead(run: Instant, now: Instant): boolean {
  return secondsBetween(now, run) > CLOCK_SKEW
}

export function passedOver({ where, why }: DamagedArchive): PassedOver {
  return { object: where, why }
}

function linkTo(manifest: Manifest): RunLink {
  return { run: manifest.run, sha256: recordDigest(manifest) }
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
