/** A place in Cloud Storage. */
export interface GsPath {
  readonly bucket: string
  /** An object's name, or what names begin with; empty for the whole bucket. */
  readonly path: string
}

/** @see https://cloud.google.com/storage/docs/buckets#naming */
const GS_PATH = /^gs:\/\/([a-z0-9][a-z0-9._-]{1,220}[a-z0-9])(?:\/(.*))?$/s

/** `gs://BUCKET/PATH` in its parts; undefined for anything else. */
export function gsPathOf(text: string): GsPath | undefined {
  const [, bucket, path = ''] = GS_PATH.exec(text) ?? []
  return bucket === undefined ? undefined : { bucket, path }
}

/** `gs://BUCKET/PATH` of an object, or of what names begin with. */
export function gsUri(bucket: string, path: string): string {
  return `gs://${bucket}/${path}`
}

/** `gs://BUCKET` of a place in Cloud Storage; undefined for anything else. */
export function gsBucketOf(text: string): string | undefined {
  const bucket = gsPathOf(text)?.bucket
  return bucket === undefined ? undefined : `gs://${bucket}`
}
