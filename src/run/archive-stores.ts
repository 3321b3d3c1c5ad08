import type { OptionValues } from '../config/options.js'
import { createGoogle, type GoogleClient } from '../google/client.js'
import { gsPathOf } from '../gs-path.js'
import { RunArchive } from '../history/archive.js'
import type { ArchiveStore } from '../history/archive-store.js'
import { BucketStore } from '../history/bucket-store.js'
import { DirectoryStore } from '../history/directory-store.js'

/** Where an archive lives: a directory, or `gs://BUCKET/PREFIX`. */
export function storeFor(archive: string, google: GoogleClient): ArchiveStore {
  const place = gsPathOf(archive)
  return place === undefined ? new DirectoryStore(archive) : new BucketStore(google, place.bucket, place.path)
}

/** The archive that the settings name, for reading. */
export function archiveFor(archive: string, values: OptionValues): RunArchive {
  return new RunArchive(storeFor(archive, createGoogle({ pace: values.pace ?? 90, ...originOf(values) })))
}

/** The simulator that stands for Google, where the settings name one. */
export function originOf({ googleApiUrl }: OptionValues): { origin?: string } {
  return googleApiUrl === undefined ? {} : { origin: googleApiUrl }
}
