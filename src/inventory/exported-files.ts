import PQueue from 'p-queue'
import type { GoogleClient } from '../google/client.js'
import { deleteExport, listObjectsBelow, type ObjectInfo } from '../google/download.js'
import type { ApiError } from '../google/errors.js'
import { apiError } from './failures.js'
import type { ReadingListener } from './listener.js'

/** Deletions under way at once. */
const AT_ONCE = 16

/** Milliseconds that cleaning up may take: reading is over, and telling waits; less where time was up already. */
const LONGEST = { usually: 10_000, late: 3_000 } as const

interface Leftovers {
  readonly bucket: string
  readonly folder: string
  /** Prefixes below which an export is still writing: Google asks to leave its temporary files alone. */
  readonly spare: readonly string[]
  readonly listener: Pick<ReadingListener, 'remark'>
  /** Whether the time of the reading was up, or somebody stopped it. */
  readonly isLate: boolean
}

/**
 * Deletes the objects of a reading's own folder. What cannot be deleted is told in one sentence, and costs
 * nothing else: nobody reads it again.
 */
export async function deleteFiles(
  client: GoogleClient,
  { bucket, folder, spare, listener, isLate }: Leftovers,
): Promise<void> {
  const google = client.until(AbortSignal.timeout(isLate ? LONGEST.late : LONGEST.usually))
  const place = `gs://${bucket}/${folder}/`
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
