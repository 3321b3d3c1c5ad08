import { Readable } from 'node:stream'
import { CLOCK_SKEW, secondsBetween } from '../calendar.js'
import type { Instant } from '../model.js'
import type { GapRecord } from '../records/gap-record.js'
import type { PassedOver } from '../records/run-record.js'
import type { ArchiveStore, OpenObject, StoredObject } from './archive-store.js'
import type { PackedRecords } from './byte-lines.js'
import {
  DamagedArchive,
  damaged,
  LARGEST_MANIFEST,
  type Manifest,
  misdated,
  parseManifest,
} from './manifest.js'
import { claimsFolder, manifestRank, runFolder, runName, runOfFolder, runsFolder } from './names.js'
import { type ArchivedLine, digestOf, unpack } from './packed-lines.js'
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
    const { fitting, unfit } = await this.folder(audit, run)
    const [first] = unfit
    if (fitting.length === 0 && first !== undefined) throw first
    return (await this.#linkedFirst(fitting))?.manifest
  }

  /** The same; what is there and does not fit is none. */
  async remembered(audit: string, run: Instant): Promise<Manifest | undefined> {
    const { fitting } = await this.folder(audit, run)
    return (await this.#linkedFirst(fitting))?.manifest
  }

  /** Of the manifests of a run, one that links to the run before, where there is one. */
  async #linkedFirst(fitting: readonly Fitting[]): Promise<Fitting | undefined> {
    const [first, ...others] = fitting
    if (first === undefined || others.length === 0) return first
    const { audit, run } = first.manifest
    const earlier = (await this.runs(audit)).filter((each) => each < run)
    for (const each of fitting) if (await this.isLinked(each.manifest, earlier)) return each
    return first
  }

  /** Whether a run links to the newest of the runs before it, by the digest that the claims of that one are named by. */
  async isLinked({ audit, record: { previous } }: Manifest, earlier: readonly Instant[]): Promise<boolean> {
    const before = earlier.at(-1)
    if (previous === undefined || before === undefined) return previous === before
    if (previous.run !== before) return false
    return (await this.store.objects(claimsFolder(audit, before, previous.sha256))).length > 0
  }

  /**
   * What stands in the folder of a run. Everybody who may add objects can put manifests there, before the run and
   * after it: which of those that fit is the run's own, its links show. `listed`: its objects, where they are known.
   */
  async folder(audit: string, run: Instant, listed?: readonly StoredObject[]): Promise<FolderContent> {
    const folder = runFolder(audit, run)
    const objects = listed ?? (await this.store.objects(folder))
    const unfit: DamagedArchive[] = []
    const fitting: Fitting[] = []
    for (const object of manifestsIn(objects)) {
      if (fitting.length > 0 && fitting.length + unfit.length >= LOOKED_AT) break
      const where = this.where(folder + object.path)
      try {
        if (object.created !== undefined && liesAhead(run, object.created)) {
          throw damaged(where, 'it was put there before its run began')
        }
        const manifest = await this.#manifestIn(folder, object)
        if (manifest.run !== run || manifest.audit !== audit || !isRecordOf(manifest)) {
          throw damaged(where, `it is the manifest of ${manifest.audit} ${manifest.run}`)
        }
        const why = misdated(manifest, object.created)
        if (why !== undefined) throw damaged(where, why)
        fitting.push({ manifest, where, path: object.path, created: object.created })
      } catch (error) {
        if (!(error instanceof DamagedArchive)) throw error
        unfit.push(error)
      }
    }
    return { objects, fitting, unfit }
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

/** A manifest that fits its own digest, its folder and its times. */
export interface Fitting {
  readonly manifest: Manifest
  /** How people know its object. */
  readonly where: string
  /** The object in the folder of its run. */
  readonly path: string
  /** When the store took it, where the store says so. */
  readonly created: Instant | undefined
}

/** What stands in the folder of a run. */
export interface FolderContent {
  readonly objects: readonly StoredObject[]
  /** In the order of their names: what is not the run's own may stand before it. */
  readonly fitting: readonly Fitting[]
  /** Manifests that do not fit, as far as they were looked at. */
  readonly unfit: readonly DamagedArchive[]
}

/** Manifests of a folder that are looked at once there is one that fits. */
const LOOKED_AT = 32

/** By their names, and of those that only a run can give, the oldest first: who comes later may add any number. */
function manifestsIn(objects: readonly StoredObject[]): readonly StoredObject[] {
  const manifests = objects.flatMap((object) => {
    const rank = manifestRank(object.path)
    return rank === undefined ? [] : [{ object, rank, created: object.created ?? '' }]
  })
  return manifests
    .sort((one, other) => one.rank - other.rank || (one.created < other.created ? -1 : 1))
    .map(({ object }) => object)
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
