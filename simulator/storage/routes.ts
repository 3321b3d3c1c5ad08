import { denies, type Right } from '../google/access.js'
import { heldOnBucket } from '../google/test-permissions.js'
import { type Answer, type Call, ok, param } from '../wire/call.js'
import { type Mask, masked, maskOf } from '../wire/fields.js'
import { isObject } from '../wire/json-body.js'
import type { Route } from '../wire/routes.js'
import type { World } from '../world/world.js'
import { Bucket } from './bucket.js'
import {
  bucketForm,
  continueUpload,
  deleteObject,
  getObject,
  insertObject,
  listObjects,
  Sessions,
} from './objects.js'
import { StorageError } from './storage-error.js'

export type Buckets = ReadonlyMap<string, Bucket>

/** The buckets of a world, empty. */
export function bucketsOf(world: World, now: () => Date): Map<string, Bucket> {
  return new Map(world.buckets.map((settings) => [settings.name, new Bucket(settings, now)]))
}

/** Cloud Storage's JSON API. @see https://cloud.google.com/storage/docs/json_api/v1 */
export function storageRoutes(world: () => World, buckets: Buckets): readonly Route[] {
  const sessions = new Sessions()
  const route = bucketRoutes((call, operation) => bucketAsked(world(), buckets, call, operation))
  const object = '/storage/v1/b/{bucket}/o/{object=**}'
  const upload = '/upload/storage/v1/b/{bucket}/o'
  return [
    route('buckets.get', 'GET', '/storage/v1/b/{bucket}', (bucket) => ok(bucketForm(bucket))),
    route(
      'buckets.testIamPermissions',
      'GET',
      '/storage/v1/b/{bucket}/iam/testPermissions',
      (_bucket, call) => ok(heldOnBucket(world(), call)),
    ),
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

/** Makes routes of one bucket each, that of `bucketOf`; `fields` asks for a part of what they answer. */
export function bucketRoutes(bucketOf: (call: Call, operation: string) => Bucket) {
  return (
    operation: string,
    method: Route['method'],
    path: string,
    answer: (bucket: Bucket, call: Call) => Answer,
  ): Route => ({
    operation: `storage.${operation}`,
    method,
    path,
    dialect: 'own',
    handle: (call) => {
      const bucket = bucketOf(call, operation)
      const mask = maskAsked(call)
      return partial(answer(bucket, call), mask)
    },
  })
}

/** The bucket that a path names. @throws StorageError 404 where there is none. */
export function bucketNamed(buckets: Buckets, call: Call): Bucket {
  const bucket = buckets.get(param(call, 'bucket'))
  if (!bucket) throw new StorageError('notFound', 'The specified bucket does not exist.')
  return bucket
}

/** What `fields` asks for. @throws StorageError 400 where it cannot be read. */
function maskAsked({ query }: Call): Mask | undefined {
  const text = query.get('fields')
  if (!text) return undefined
  const mask = maskOf(text)
  if (mask === undefined) throw new StorageError('invalid', `Invalid field selection ${text}`)
  return mask
}

/** Of a resource what is asked for; content and uploads in pieces have no fields. */
function partial(answer: Answer, mask: Mask | undefined): Answer {
  const isResource = answer.status === 200 && isObject(answer.body) && !Buffer.isBuffer(answer.body)
  return mask && isResource ? { ...answer, body: masked(answer.body, mask) } : answer
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
  return bucketNamed(buckets, call)
}
