import * as z from 'zod'

import type { ArchiveStore, StoredObject } from './archive-store.js'
import { isBeginning } from './executions.js'
import { type Manifest, recordDigest } from './manifest.js'
import { isRecords, manifestRank, otherReport, REPORT } from './names.js'
import type { Fitting } from './stored-runs.js'

/** An object below the folder of a run that does not belong there. */
interface Stranger {
  readonly path: string
  readonly why: string
}

/** What stands in the folder of a run besides its manifest, its records and its report. */
export interface Strangers {
  readonly foreign: readonly Stranger[]
  readonly notes: readonly string[]
  /** Whether there are claims as version 0.1.0 made them, which name no run record. */
  readonly hasOldClaims: boolean
}

/** Whether an object of an audit is what lies beside its runs: a beginning of an execution, a mark of a single change. */
export async function liesBesideRuns(
  store: ArchiveStore,
  audit: string,
  object: StoredObject,
): Promise<boolean> {
  if (!EVENT_CLAIM.test(object.path)) return isBeginning(store, audit, object)
  return object.size <= LARGEST && (await holderOf(store, `${audit}/${object.path}`)) !== undefined
}

/** What there is to look at: the objects, without those that are named already, and the run's own manifest. */
interface LookedAt {
  readonly objects: readonly StoredObject[]
  readonly own: Fitting | undefined
}

/** Looks at everything in the folder of a run. Throws `ArchiveError`. */
export async function strangersIn(
  store: ArchiveStore,
  folder: string,
  { objects, own }: LookedAt,
): Promise<Strangers> {
  const manifest = own?.manifest
  const foreign: Stranger[] = []
  const notes: string[] = []
  let hasOldClaims = false
  for (const object of objects) {
    const { path } = object
    if (path === own?.path || path === manifest?.records.name || isReport(path, objects, manifest)) continue
    if (isRecords(path))
      notes.push(`${store.name}/${folder}${path} is not of its run: an attempt at it has died.`)
    else if (manifest !== undefined && manifest.claims === undefined && OLD_CLAIM.test(path))
      hasOldClaims = true
    else foreign.push(...(await problemOf(store, folder, object, manifest)))
  }
  return { foreign: onceEach(foreign), notes, hasOldClaims }
}

async function problemOf(
  store: ArchiveStore,
  folder: string,
  object: StoredObject,
  manifest: Manifest | undefined,
): Promise<readonly Stranger[]> {
  const { path } = object
  if (manifest === undefined) {
    return [{ path: path.replace(/^claims\/.*/s, 'claims/'), why: 'its run is not remembered' }]
  }
  if (manifestRank(path) !== undefined) return [{ path, why: 'there is a manifest of the run before it' }]
  if (path === REPORT) return [{ path, why: 'it stood there before the report of its run' }]
  return claimProblem(store, folder, object, recordDigest(manifest))
}

/** Claims on another run record are one finding, by their folder. */
function onceEach(strangers: readonly Stranger[]): readonly Stranger[] {
  return [...new Map(strangers.map((each) => [each.path, each])).values()]
}

/** The report of a remembered run: the one with the usual name, unless the run had to take another one. */
function isReport(path: string, objects: readonly StoredObject[], manifest: Manifest | undefined): boolean {
  if (manifest === undefined) return false
  const other = otherReport(recordDigest(manifest))
  if (path === other) return true
  return path === REPORT && !objects.some((object) => object.path === other)
}

const OLD_CLAIM = /^claims\/[A-Za-z0-9._-]+$/
const EVENT_CLAIM = /^events\/[0-9a-f]{64}\/[A-Za-z0-9._-]+-[1-9]\d{0,3}(\.done|\.failed)?$/
const CLAIM = /^claims\/([0-9a-f]{64})\/([A-Za-z0-9._-]+-[1-9]\d{0,3})(\.done|\.failed|\.noted)?$/

const own = z.object({ at: z.string(), holder: z.string() })

/** Bytes of a claim or a mark. */
const LARGEST = 4 * 1024

/** Why an object is no claim of the run and no mark on one. */
async function claimProblem(
  store: ArchiveStore,
  folder: string,
  { path, size }: StoredObject,
  digest: string,
): Promise<readonly Stranger[]> {
  const [, about, claim = '', ending] = CLAIM.exec(path) ?? []
  if (about === undefined) return [{ path, why: 'it is nothing that this program writes' }]
  if (about !== digest) {
    return [{ path: `claims/${about}/`, why: 'it is about another run record than the one that is there' }]
  }
  const holder = size > LARGEST ? undefined : await holderOf(store, folder + path)
  if (holder === undefined) return [{ path, why: 'it is no claim or mark of this program' }]
  if (ending === undefined || (await holderOf(store, `${folder}claims/${about}/${claim}`)) === holder)
    return []
  return [{ path, why: 'it is not by the holder of its claim' }]
}

async function holderOf(store: ArchiveStore, path: string): Promise<string | undefined> {
  const bytes = await store.read(path)
  try {
    return own.parse(JSON.parse(bytes?.toString('utf8') ?? '')).holder
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined
    throw error
  }
}
