import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { type Answer, type Call, ok, param } from '../wire/call.js'
import { pageOf, pageSizeOf, shelfOf } from '../wire/pages.js'
import type { Bucket, NewObject, Preconditions, StoredObject } from './bucket.js'
import { crc32c } from './crc32c.js'
import { StorageError } from './storage-error.js'
import { type Resource, resourceOf, saidIn, uploadedObject } from './upload.js'

/** A page of a bucket's objects and of the folders that a delimiter makes of their names; both count. */
export function listObjects(bucket: Bucket, call: Call): Answer {
  const from = call.query.get('startOffset') ?? ''
  const to = call.query.get('endOffset')
  const prefix = call.query.get('prefix') ?? ''
  const found = bucket.list(prefix).filter(({ name }) => name >= from && (!to || name < to))
  const entries = entriesOf(found, prefix, call.query.get('delimiter') ?? '')
  const page = pageOf(call, shelfOf(entries), pageSizeOf(call, 1000, 1000, 'maxResults'))
  const prefixes = page.items.filter((entry) => typeof entry === 'string')
  const objects = page.items.filter((entry) => typeof entry !== 'string')
  return ok({
    kind: 'storage#objects',
    ...(page.nextPageToken && { nextPageToken: page.nextPageToken }),
    ...(prefixes.length > 0 && { prefixes }),
    ...(objects.length > 0 && { items: objects.map((object) => objectForm(bucket, object, call.origin)) }),
  })
}

/** Objects, and in the place of those below a folder the folder's name, once. */
function entriesOf(
  found: readonly StoredObject[],
  prefix: string,
  delimiter: string,
): readonly (StoredObject | string)[] {
  if (delimiter === '') return found
  const folders = new Set<string>()
  return found.flatMap((object): readonly (StoredObject | string)[] => {
    const at = object.name.indexOf(delimiter, prefix.length)
    if (at < 0) return [object]
    const folder = object.name.slice(0, at + delimiter.length)
    if (folders.has(folder)) return []
    folders.add(folder)
    return [folder]
  })
}

/** An object's resource, or its content where `alt=media` is asked for. */
export function getObject(bucket: Bucket, call: Call): Answer {
  const media = call.query.get('alt') === 'media'
  try {
    const object = bucket.get(param(call, 'object'), conditionsOf(call))
    const generation = call.query.get('generation') ?? String(object.generation)
    if (generation !== String(object.generation)) {
      throw new StorageError('notFound', `No such object: ${call.path}#${generation}`)
    }
    return media ? content(object, call) : ok(objectForm(bucket, object, call.origin))
  } catch (error) {
    if (media && error instanceof StorageError) throw new StorageError(error.reason, error.message, true)
    throw error
  }
}

/** Content stored as gzip is unpacked for those who do not take it, as Cloud Storage does. */
function content(object: StoredObject, call: Call): Answer {
  const packed = object.contentEncoding === 'gzip'
  const takesGzip = /\bgzip\b/.test(String(call.headers['accept-encoding'] ?? ''))
  const body = packed && !takesGzip ? gunzipSync(object.content.subarray()) : object.content
  const headers = {
    'content-type': object.contentType,
    'x-goog-generation': String(object.generation),
    'x-goog-hash': `crc32c=${object.crc32c ?? crc32c(object.content.subarray())}`,
    'x-goog-stored-content-encoding': object.contentEncoding ?? 'identity',
    ...(packed && takesGzip && { 'content-encoding': 'gzip' }),
  }
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(call.headers.range ?? '') ?? []
  if (first === undefined) return { status: 200, headers, body: body.subarray() }
  if (Number(first) >= body.length)
    throw new StorageError('requestedRangeNotSatisfiable', 'Nothing lies in that range.')
  const end = last ? Math.min(Number(last), body.length - 1) : body.length - 1
  const range = { 'content-range': `bytes ${first}-${end}/${body.length}` }
  return { status: 206, headers: { ...headers, ...range }, body: body.subarray(Number(first), end + 1) }
}

export function deleteObject(bucket: Bucket, call: Call): Answer {
  bucket.delete(param(call, 'object'), conditionsOf(call))
  return { status: 204 }
}

/** Stores an upload in one request, or begins one in several. */
export function insertObject(bucket: Bucket, sessions: Sessions, call: Call): Answer {
  const conditions = conditionsOf(call)
  if (call.query.get('uploadType') !== 'resumable') {
    return ok(objectForm(bucket, bucket.insert(uploadedObject(call), conditions), call.origin))
  }
  const type = call.headers['x-upload-content-type']
  const resource = resourceOf(
    call,
    saidIn(call.body.toString('utf8')),
    typeof type === 'string' ? type : undefined,
  )
  const id = sessions.begin(bucket.settings.name, resource, conditions)
  return {
    status: 200,
    headers: { location: `${call.origin}${call.path}?uploadType=resumable&upload_id=${id}` },
  }
}

/** Takes a further piece of an upload, and stores the object when it is whole. */
export function continueUpload(buckets: ReadonlyMap<string, Bucket>, sessions: Sessions, call: Call): Answer {
  const taken = sessions.take(call.query.get('upload_id') ?? '', call)
  if ('status' in taken) return taken
  const bucket = buckets.get(taken.bucket)
  if (!bucket) throw new StorageError('notFound', 'The specified bucket does not exist.')
  return ok(objectForm(bucket, bucket.insert(taken.object, taken.conditions), call.origin))
}

function conditionsOf(call: Call): Preconditions {
  const number = (name: string) => {
    const text = call.query.get(name)
    if (text === null) return undefined
    if (!/^\d+$/.test(text)) throw new StorageError('invalid', `Invalid value for ${name}: "${text}".`)
    return Number(text)
  }
  const match = number('ifGenerationMatch')
  const other = number('ifGenerationNotMatch')
  return {
    ...(match !== undefined && { ifGenerationMatch: match }),
    ...(other !== undefined && { ifGenerationNotMatch: other }),
  }
}

/** An object as the JSON API shows it. @see https://cloud.google.com/storage/docs/json_api/v1/objects#resource */
function objectForm(bucket: Bucket, object: StoredObject, origin: string): Readonly<Record<string, unknown>> {
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
export function bucketForm({ settings, said }: Bucket): Readonly<Record<string, unknown>> {
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
    ...said,
  }
}

interface Session {
  readonly bucket: string
  readonly resource: Resource
  readonly conditions: Preconditions
  readonly chunks: Buffer[]
}

interface Finished {
  readonly bucket: string
  readonly object: NewObject
  readonly conditions: Preconditions
}

/** Resumable uploads that have begun. @see https://cloud.google.com/storage/docs/performing-resumable-uploads */
export class Sessions {
  readonly #sessions = new Map<string, Session>()

  /** Begins an upload; its id is what the caller sends the content to. */
  begin(bucket: string, resource: Resource, conditions: Preconditions): string {
    const id = `session-${this.#sessions.size + 1}`
    this.#sessions.set(id, { bucket, resource, conditions, chunks: [] })
    return id
  }

  /** Takes a piece of content: the object once it is whole, else how far it has come. @throws StorageError. */
  take(id: string, call: Call): Finished | Answer {
    const session = this.#sessions.get(id)
    if (!session) throw new StorageError('notFound', 'There is no such upload session.')
    const [, first, total] =
      /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(call.headers['content-range'] ?? '') ?? []
    const before = lengthOf(session)
    if (first !== undefined && Number(first) !== before) {
      throw new StorageError('invalid', `The content goes on at ${before}, not at ${first}.`)
    }
    session.chunks.push(call.body)
    const length = lengthOf(session)
    const whole = call.headers['content-range'] === undefined || Number(total) === length
    if (!whole) return { status: 308, headers: length === 0 ? {} : { range: `bytes=0-${length - 1}` } }
    this.#sessions.delete(id)
    const { bucket, resource, conditions } = session
    return { bucket, conditions, object: { ...resource, content: Buffer.concat(session.chunks) } }
  }
}

function lengthOf(session: Session): number {
  return session.chunks.reduce((sum, chunk) => sum + chunk.length, 0)
}
