import { Readable } from 'node:stream'
import { CLOCK_SKEW, secondsBetween } from '../calendar.js'
import type { Instant } from '../model.js'
import type { GapRecord } from '../records/gap-record.js'
import type { PassedOver } from '../records/run-record.js'
import type { ArchiveStore, OpenObject, StoredObject } from './archive-store.js'
import type { PackedRecords } from './byte-lines.js'
import { type ArchivedLine, digestOf, unpack } from './lines.js'
import {
  DamagedArchive,
  damaged,
  LARGEST_MANIFEST,
  type Manifest,
  misdated,
  parseManifest,
} from './manifest.js'
import { manifestNumber, runFolder, runName, runOfFolder, runsFolder } from './names.js'
import { PIECE } from './pieces.js'

/** Reads what an archive has of its runs. Every method throws `ArchiveError`. */
export class StoredRuns {
  constructor(readonly store: ArchiveStore) {}

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
      const where = this.where(folder + object.path)
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
    const where = this.where(folder + path)
    if (size > LARGEST_MANIFEST) throw damaged(where, 'it is larger than any manifest')
    const bytes = await this.store.read(folder + path)
    if (bytes === undefined) throw damaged(where, 'it was there and no longer is')
    return parseManifest(bytes, where)
  }

  /** The packed records of a remembered run, which are what their digest says. */
  async records({ audit, run, records }: Manifest): Promise<PackedRecords> {
    const path = runFolder(audit, run) + records.name
    const where = this.where(path)
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

  /** How people know an object: `gs://BUCKET/PREFIX/…` or its path. */
  where(path: string): string {
    return `${this.store.name}/${path}`
  }
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

/** A small object is asked for once. */
async function inMemory(found: OpenObject): Promise<Pick<OpenObject, 'pieces'>> {
  const pieces: Buffer[] = []
  for await (const piece of found.pieces()) pieces.push(piece)
  return { pieces: () => Readable.from(pieces) }
}
