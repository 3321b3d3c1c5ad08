import { titleOf } from '../config/config.js'
import { DEFAULTS, OPTIONS, type OptionValues } from '../config/options.js'
import { createGoogle, type GoogleClient } from '../google/client.js'
import { gsPathOf } from '../gs-path.js'
import { RunArchive } from '../history/archive.js'
import type { ArchiveStore } from '../history/archive-store.js'
import { BucketStore } from '../history/bucket-store.js'
import { DirectoryStore } from '../history/directory-store.js'

/** A directory, or `gs://BUCKET/PREFIX`, that holds an archive or what `setting` names. */
export function storeFor(place: string, google: GoogleClient, setting?: string): ArchiveStore {
  const inBucket = gsPathOf(place)
  if (inBucket === undefined) return new DirectoryStore(place, setting)
  return new BucketStore(google, inBucket.bucket, inBucket.path)
}

/** Where findings are written as OCSF; undefined where no setting names a place. */
export function ocsfStore({ ocsf }: OptionValues, google: GoogleClient): ArchiveStore | undefined {
  return ocsf === undefined ? undefined : storeFor(ocsf, google, titleOf(OPTIONS.ocsf))
}

/** The archive that the settings name, for reading. */
export function archiveFor(archive: string, values: OptionValues): RunArchive {
  const { pace = DEFAULTS.pace } = values
  return new RunArchive(storeFor(archive, createGoogle({ pace, ...originOf(values) })))
}

/** The simulator that stands for Google, where the settings name one. */
export function originOf({ googleApiUrl }: OptionValues): { origin?: string } {
  return googleApiUrl === undefined ? {} : { origin: googleApiUrl }
}
