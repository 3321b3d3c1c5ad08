import { gunzipSync } from 'node:zlib'
import { denies, type Right } from '../google/access.js'
import { type Answer, type Call, param } from '../wire/call.js'
import { ok } from '../wire/listing.js'
import { pageOf, pageSizeOf, shelfOf } from '../wire/pages.js'
import type { Route } from '../wire/routes.js'
import type { World } from '../world/world.js'
import { Bucket, type Preconditions, type StoredObject } from './bucket.js'
import { bucketForm, objectForm } from './object-form.js'
import { Sessions } from './sessions.js'
import { StorageError } from './storage-error.js'
import { resourceOf, saidIn, uploadedObject } from './upload.js'

export type Buckets = ReadonlyMap<string, Bucket>

/** The buckets of a world, empty. */
export function bucketsOf(world: World, now: () => Date): Buckets {
  return new Map(world.buckets.map((settings) => [settings.name, new Bucket(settings, now)]))
}

/** Cloud Storage's JSON API. @see https://cloud.google.com/storage/docs/json_api/v1 */
export function storageRoutes(world: () => World, buckets: Buckets): readonly Route[] {
  const sessions = new Sessions()
  const route = (
    operation: string,
    method: Route['method'],
    path: string,
    answer: (bucket: Bucket, call: Call) => Answer,
  ): Route => ({
    operation: `storage.${operation}`,
    method,
    path,
    dialect: 'own',
    handle: (call) => answer(bucketAsked(world(), buckets, call, operation), call),
  })
  const object = '/storage/v1/b/{bucket}/o/{object=**}'
  const upload = '/upload/storage/v1/b/{bucket}/o'
  return [
    route('buckets.get', 'GET', '/storage/v1/b/{bucket}', (bucket) => ok(bucketForm(bucket))),
    route('objects.list', 'GET', '/storage/v1/b/{bucket}/o', listObjects),
    route('objects.get', 'GET', object, getObject),
    route('objects.get', 'GET', `/download${object}`, getObject),
    route('objects.delete', 'DELETE', object, deleteObject),
    ...[upload, `/resumable${upload}`].flatMap((path) => [
      route('objects.insert', 'POST', path, (bucket, call) => insertObject(bucket, sessions, call)),
      route('objects.insert', 'PUT', path, (_bucket, call) => continueUpload(buckets, sessions, call)),
    ]),
  ]
}

function listObjects(bucket: Bucket, call: Call): Answer {
  const prefix = call.query.get('prefix') ?? ''
  const delimiter = call.query.get('delimiter')
  const from = call.query.get('startOffset') ?? ''
  const to = call.query.get('endOffset')
  const found = bucket.list(prefix).filter(({ name }) => name >= from && (!to || name < to))
  const below = (name: string) => (delimiter ? name.indexOf(delimiter, prefix.length) : -1)
  const folders = new Set(
    found.flatMap(({ name }) =>
      below(name) < 0 ? [] : [name.slice(0, below(name) + (delimiter?.length ?? 0))],
    ),
  )
  const direct = found.filter(({ name }) => below(name) < 0)
  const page = pageOf(call, shelfOf(direct), pageSizeOf(call, 1000, 1000, 'maxResults'))
  return ok({
    kind: 'storage#objects',
    ...(page.nextPageToken && { nextPageToken: page.nextPageToken }),
    ...(folders.size > 0 && { prefixes: [...folders] }),
    ...(page.items.length > 0 && {
      items: page.items.map((object) => objectForm(bucket, object, call.origin)),
    }),
  })
}

function getObject(bucket: Bucket, call: Call): Answer {
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
  const body = packed && !takesGzip ? gunzipSync(object.content) : object.content
  const headers = {
    'content-type': object.contentType,
    'x-goog-generation': String(object.generation),
    ...(packed && takesGzip && { 'content-encoding': 'gzip' }),
  }
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(call.headers.range ?? '') ?? []
  if (first === undefined) return { status: 200, headers, body }
  if (Number(first) >= body.length)
    throw new StorageError('requestedRangeNotSatisfiable', 'Nothing lies in that range.')
  const end = last ? Math.min(Number(last), body.length - 1) : body.length - 1
  const range = { 'content-range': `bytes ${first}-${end}/${body.length}` }
  return { status: 206, headers: { ...headers, ...range }, body: body.subarray(Number(first), end + 1) }
}

function deleteObject(bucket: Bucket, call: Call): Answer {
  bucket.delete(param(call, 'object'), conditionsOf(call))
  return { status: 204 }
}

function insertObject(bucket: Bucket, sessions: Sessions, call: Call): Answer {
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

function continueUpload(buckets: Buckets, sessions: Sessions, call: Call): Answer {
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

/** @throws StorageError 401 without a token, 403 where the world refuses, 404 where there is no such bucket. */
function bucketAsked(world: World, buckets: Buckets, call: Call, operation: string): Bucket {
  const session = call.query.has('upload_id')
  if (!session && !/^Bearer \S/.test(call.headers.authorization ?? '')) {
    throw new StorageError('required', `Anonymous caller does not have storage.${operation} access.`)
  }
  const right: Right = {
    read: 'storage',
    service: 'storage.googleapis.com',
    title: 'Cloud Storage API',
    permission: `storage.${operation.replace('insert', 'create')}`,
  }
  if (
    denies(world, right, {
      name: `projects/${world.caller.project}`,
      within: [`organizations/${world.organization.number}`],
    })
  ) {
    throw new StorageError(
      'forbidden',
      `${world.caller.serviceAccount} does not have ${right.permission} access (or the resource may not exist).`,
    )
  }
  const bucket = buckets.get(param(call, 'bucket'))
  if (!bucket) throw new StorageError('notFound', 'The specified bucket does not exist.')
  return bucket
}
