import { changed, type Kept } from '../installation/kept.js'
import { POLICY, type Policies } from '../installation/policies.js'
import { type Call, ok } from '../wire/call.js'
import { isObject } from '../wire/json-body.js'
import type { Route } from '../wire/routes.js'
import type { World } from '../world/world.js'
import { Bucket } from './bucket.js'
import { bucketForm } from './objects.js'
import { bucketNamed, bucketRoutes } from './routes.js'
import { StorageError } from './storage-error.js'
import { saidIn } from './upload.js'

/** Buckets that are made, changed and deleted, and who may use them; rights are not checked. */
export function bucketMakingRoutes(
  world: () => World,
  buckets: Map<string, Bucket>,
  policies: Policies,
  now: () => Date,
): readonly Route[] {
  const route = bucketRoutes((call) => bucketNamed(buckets, call))
  const one = '/storage/v1/b/{bucket}'
  const policyOf = ({ settings: { name } }: Bucket) => `buckets/${name}`
  return [
    {
      operation: 'storage.buckets.insert',
      method: 'POST',
      path: '/storage/v1/b',
      dialect: 'own',
      handle: (call) => ok(make(world(), buckets, now, call)),
    },
    route('buckets.patch', 'PATCH', one, (bucket, call) => ok(change(bucket, call))),
    route('buckets.update', 'PUT', one, (bucket, call) => ok(change(bucket, call))),
    route('buckets.delete', 'DELETE', one, (bucket) => {
      if (bucket.list().length > 0)
        throw new StorageError('conflict', 'The bucket you tried to delete is not empty.')
      buckets.delete(bucket.settings.name)
      return { status: 204 }
    }),
    route('buckets.getIamPolicy', 'GET', `${one}/iam`, (bucket) => ok(policies.get(policyOf(bucket)))),
    route('buckets.setIamPolicy', 'PUT', `${one}/iam`, (bucket, call) => {
      const policy = POLICY.safeParse(saidIn(call.body.toString('utf8')))
      if (!policy.success) throw new StorageError('invalid', `Invalid policy: ${policy.error.message}`)
      return ok(policies.set(policyOf(bucket), policy.data))
    }),
  ]
}

function make(world: World, buckets: Map<string, Bucket>, now: () => Date, call: Call): Kept {
  const said = saidIn(call.body.toString('utf8'))
  const { name } = said
  if (typeof name !== 'string' || !/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/.test(name))
    throw new StorageError('invalid', `Invalid bucket name: '${name}'`)
  if (buckets.has(name))
    throw new StorageError(
      'conflict',
      'Your previous request to create the named bucket succeeded and you already own it.',
    )
  const project = world.projectNamed(call.query.get('project') ?? '')
  if (!project) throw new StorageError('invalid', 'Unknown project id.')
  const bucket = new Bucket(settingsOf(name, said), now)
  buckets.set(name, bucket)
  // as Cloud Storage shows it, however it was written
  const location = String(said['location'] ?? 'US').toUpperCase()
  bucket.become(settingsOf(name, said), { ...said, location, projectNumber: project.number })
  return bucketForm(bucket)
}

function change(bucket: Bucket, call: Call): Kept {
  const said = changed(bucket.said, saidIn(call.body.toString('utf8')), null)
  bucket.become(settingsOf(bucket.settings.name, said), said)
  return bucketForm(bucket)
}

function settingsOf(name: string, said: Kept) {
  const policy = isObject(said['retentionPolicy']) ? said['retentionPolicy'] : {}
  return { name, retention: Number(policy['retentionPeriod'] ?? 0), isLocked: policy['isLocked'] === true }
}
