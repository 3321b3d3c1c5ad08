import { createHash } from 'node:crypto'
import type { Bucket, StoredObject } from './bucket.js'
import { crc32c } from './crc32c.js'

/** An object as the JSON API shows it. @see https://cloud.google.com/storage/docs/json_api/v1/objects#resource */
export function objectForm(
  bucket: Bucket,
  object: StoredObject,
  origin: string,
): Readonly<Record<string, unknown>> {
  const { name } = bucket.settings
  const generation = String(object.generation)
  const created = object.timeCreated.toISOString()
  const retained = bucket.retainedUntil(object)
  const path = `storage/v1/b/${name}/o/${encodeURIComponent(object.name)}`
  return {
    kind: 'storage#object',
    id: `${name}/${object.name}/${generation}`,
    selfLink: `${origin}/${path}`,
    mediaLink: `${origin}/download/${path}?generation=${generation}&alt=media`,
    name: object.name,
    bucket: name,
    generation,
    metageneration: '1',
    contentType: object.contentType,
    ...(object.contentEncoding && { contentEncoding: object.contentEncoding }),
    storageClass: 'STANDARD',
    size: String(object.content.length),
    ...hashesOf(object),
    etag: Buffer.from(generation).toString('base64'),
    timeCreated: created,
    updated: created,
    ...(retained && { retentionExpirationTime: retained.toISOString() }),
    ...(Object.keys(object.metadata).length > 0 && { metadata: object.metadata }),
  }
}

function hashesOf({ content, crc32c: known }: StoredObject) {
  if (known !== undefined) return { crc32c: known }
  const bytes = content.subarray()
  return { md5Hash: createHash('md5').update(bytes).digest('base64'), crc32c: crc32c(bytes) }
}

/** A bucket as the JSON API shows it. */
export function bucketForm({ settings }: Bucket): Readonly<Record<string, unknown>> {
  return {
    kind: 'storage#bucket',
    id: settings.name,
    name: settings.name,
    location: 'EU',
    storageClass: 'STANDARD',
    iamConfiguration: { uniformBucketLevelAccess: { enabled: true }, publicAccessPrevention: 'enforced' },
    ...(settings.retention > 0 && {
      retentionPolicy: { retentionPeriod: String(settings.retention), isLocked: settings.isLocked },
    }),
  }
}
