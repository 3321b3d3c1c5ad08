import PQueue from 'p-queue'
import { parseInstant } from '../calendar.js'
import { finishExport, type RunningExport, startExport } from '../google/asset-export.js'
import { CALLS } from '../google/calls.js'
import type { GoogleClient } from '../google/client.js'
import { deleteExport, listObjectsBelow, type ObjectInfo, objectLines } from '../google/download.js'
import { ApiError, isOutOfTime } from '../google/errors.js'
import { cleaned } from '../google/failure.js'
import { gsPathOf, gsUri } from '../gs-path.js'
import type { Instant } from '../model.js'
import { type AssetPage, type AssetSource, KEY_ASSET, PROJECT_ASSET } from './assets.js'
import { apiError, isRefused } from './failures.js'
import type { ExportPlace, ReadingListener } from './reading.js'

/** Deletions under way at once. */
const AT_ONCE = 16

/** Milliseconds that cleaning up may take: reading is over, and delivery waits; less where time was up already. */
const LONGEST = { usually: 10_000, late: 3_000 } as const

interface Leftovers {
  readonly bucket: string
  readonly folder: string
  /** Prefixes below which an export is still writing: Google asks to leave its temporary files alone. */
  readonly spare: readonly string[]
  readonly listener: Pick<ReadingListener, 'remark'>
  /** Whether the time of the reading was up, or it was stopped. */
  readonly isLate: boolean
}

/**
 * Deletes the objects of a reading's own folder. What cannot be deleted is named in one sentence, and costs
 * nothing else: nobody reads it again.
 */
async function deleteFiles(
  client: GoogleClient,
  { bucket, folder, spare, listener, isLate }: Leftovers,
): Promise<void> {
  const google = client.until(AbortSignal.timeout(isLate ? LONGEST.late : LONGEST.usually))
  const place = gsUri(bucket, `${folder}/`)
  if (spare.length > 0) {
    listener.remark(`An export to ${place} was not done in time, and its files stay. ${remedy(place)}`)
  }
  try {
    const objects = await listObjectsBelow(google, bucket, `${folder}/`, 'exports')
    const own = objects.filter(({ name }) => !spare.some((prefix) => name.startsWith(`${prefix}/`)))
    const failure = await firstFailure(google, own)
    if (failure) throw failure
  } catch (error) {
    const { because, fix } = apiError(error)
    listener.remark(
      `The files of the export stay: ${because}. To have them deleted: ${fix}. ${remedy(place)}`,
    )
  }
}

/** Deletes until one deletion fails. */
async function firstFailure(
  google: GoogleClient,
  objects: readonly ObjectInfo[],
): Promise<ApiError | undefined> {
  const crew = new PQueue({ concurrency: AT_ONCE })
  let failure: ApiError | undefined
  const remove = async (object: ObjectInfo) => {
    if (failure) return
    await deleteExport(google, object).catch((error: unknown) => {
      failure = apiError(error)
    })
  }
  await Promise.all(objects.map((object) => crew.add(() => remove(object))))
  return failure
}

function remedy(place: string): string {
  return `To delete them: gcloud storage rm --recursive ${place}`
}

interface ExportedAssetsOptions {
  readonly scopes: readonly string[]
  readonly place: ExportPlace
  /** What is read where an export fails. */
  readonly listed: AssetSource
  readonly now: () => Instant
  readonly listener: ReadingListener
  /** Ends the waiting. */
  readonly signal: AbortSignal
}

/** An export that is done, with the objects that it wrote. */
interface Export {
  readonly running: RunningExport
  readonly uris: readonly string[] | undefined
  readonly objects: readonly ObjectInfo[]
  readonly readAt: Instant
}

/**
 * Assets as Google's own engine writes them to Cloud Storage: one request for a whole scope, however many keys it
 * holds. All exports begin when the first page is asked for. Where one fails, its scope is listed instead, and
 * that is reported.
 */
export class ExportedAssets implements AssetSource {
  readonly #google: GoogleClient
  readonly #options: ExportedAssetsOptions
  #exports: ReadonlyMap<string, Promise<Export>> | undefined
  /** Exports that may still be writing. */
  readonly #running = new Set<RunningExport>()
  #hasBegun = false
  readonly #done = new Map<string, Export>()
  readonly #listedInstead = new Set<string>()

  constructor(google: GoogleClient, options: ExportedAssetsOptions) {
    this.#google = google
    this.#options = options
  }

  async *pages(scope: string, type: string): AsyncGenerator<AssetPage> {
    let given = false
    try {
      const { readAt, ...done } = await this.#exportOf(scope)
      for (const object of filesOf(type, scope, done)) {
        for await (const elements of objectLines(this.#google, object)) {
          yield { elements, readAt, from: 'export' }
          given = true
        }
      }
      if (!given) yield { elements: [], readAt, from: 'export' }
      return
    } catch (error) {
      const failure = apiError(error)
      // What a damaged file said was handed out, and cannot be taken back.
      if (isOutOfTime(failure) || (given && failure.reason === 'DAMAGED_OBJECT')) throw failure
      this.#remarkListed(scope, failure)
    }
    yield* this.#options.listed.pages(scope, type)
  }

  /** Reports what was read, and deletes it. */
  async close(google: GoogleClient): Promise<void> {
    const { place, listener, signal } = this.#options
    const spare = [...this.#running].map(({ prefix }) => objectIn(prefix))
    if (this.#done.size > 0) listener.remark(wordsOf([...this.#done.values()]))
    if (this.#hasBegun) await deleteFiles(google, { ...place, spare, listener, isLate: signal.aborted })
  }

  #exportOf(scope: string): Promise<Export> {
    const { scopes } = this.#options
    this.#exports ??= new Map(scopes.map((each) => [each, this.#export(each)]))
    return this.#exports.get(scope) ?? this.#export(scope)
  }

  #export(scope: string): Promise<Export> {
    const done = this.#exported(scope)
    done.catch(() => undefined) // thrown when the scope has its turn; nothing may wait for it now
    return done
  }

  async #exported(scope: string): Promise<Export> {
    const { place, now, listener, signal } = this.#options
    const asked = now()
    const folder = `gs://${place.bucket}/${place.folder}/${scope.replace('/', '-').replace(':', '_')}`
    const running = await startExport(this.#google, {
      scope,
      assetTypes: [PROJECT_ASSET, KEY_ASSET],
      prefixFor: (attempt) => `${folder}/${attempt}`,
    })
    this.#hasBegun = true
    this.#running.add(running)
    listener.progress('exports', this.#done.size, this.#options.scopes.length)
    const { uris, readTime } = await finishExport(this.#google, running, place.pauses, signal).catch(
      (error: unknown) => {
        if (apiError(error).operation === CALLS.exportAssets.operation) this.#running.delete(running)
        throw error
      },
    )
    this.#running.delete(running)
    const objects = await listObjectsBelow(
      this.#google,
      place.bucket,
      `${objectIn(running.prefix)}/`,
      'exports',
    )
    const readAt = parseInstant(readTime ?? '') ?? asked
    const done = { running, uris: uris?.length ? uris : undefined, objects, readAt }
    this.#done.set(scope, done)
    listener.progress('exports', this.#done.size, this.#options.scopes.length)
    return done
  }

  #remarkListed(scope: string, failure: ApiError): void {
    if (this.#listedInstead.has(scope)) return
    this.#listedInstead.add(scope)
    const { place, listener } = this.#options
    const besides =
      isRefused(failure) && failure.operation === CALLS.exportAssets.operation
        ? {
            say: 'let Cloud Asset Inventory write to the bucket',
            command: `gcloud storage buckets add-iam-policy-binding gs://${place.bucket} --member=serviceAccount:service-PROJECT_NUMBER@gcp-sa-cloudasset.iam.gserviceaccount.com --role=roles/storage.objectAdmin`,
          }
        : undefined
    const instead = 'its assets are listed page by page instead'
    listener.remark({ problem: failure.problem, instead, goal: 'export', besides })
  }
}

/** The objects that hold the assets of one type, in their order. Throws `ApiError` where one is missing. */
function filesOf(
  type: string,
  scope: string,
  { running, uris, objects }: Omit<Export, 'readAt'>,
): readonly ObjectInfo[] {
  const folder = `${running.prefix}/${type}/`
  const written = new Map(objects.map((object) => [gsUri(object.bucket, object.name), object]))
  const there = numbered(folder, written)
  const unnamed = uris && there.find((name) => !uris.includes(name))
  if (unnamed !== undefined) throw incomplete(scope, `its file ${unnamed} is not among those that it names`)
  const missing = (uris ?? there).find((name) => !written.has(name))
  if (missing !== undefined) throw incomplete(scope, `its file ${cleaned(missing)} is missing`)
  return (uris?.filter((uri) => uri.startsWith(folder)) ?? there).flatMap((name) => written.get(name) ?? [])
}

function incomplete(scope: string, detail: string): ApiError {
  return new ApiError(CALLS.exportAssets, scope, { reason: 'INCOMPLETE_EXPORT', detail })
}

/** The names that the files of a folder must have: from 0 on, without a hole. */
function numbered(folder: string, written: ReadonlyMap<string, ObjectInfo>): readonly string[] {
  const numbers = [...written.keys()]
    .filter((name) => name.startsWith(folder) && /^\d+$/.test(name.slice(folder.length)))
    .map((name) => Number(name.slice(folder.length)))
  return Array.from({ length: Math.max(-1, ...numbers) + 1 }, (_, number) => `${folder}${number}`)
}

function objectIn(uri: string): string {
  return gsPathOf(uri)?.path ?? uri
}

function wordsOf(done: readonly Export[]): string {
  const objects = done.flatMap((each) => each.objects)
  const bytes = objects.reduce((sum, { size }) => sum + size, 0)
  const oldest = done.map(({ readAt }) => readAt).sort()[0] ?? ''
  const scopes = done.length === 1 ? `${done[0]?.running.scope}` : `${done.length} scopes`
  return `The assets of ${scopes} were exported as of ${oldest} and read from ${objects.length.toLocaleString('en')} files of ${(bytes / 1e6).toFixed(1)} MB in all.`
}
