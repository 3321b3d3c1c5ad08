import type { Bucket } from '../storage/bucket.js'
import { bucketMakingRoutes } from '../storage/making.js'
import type { Route } from '../wire/routes.js'
import type { World } from '../world/world.js'
import { collectionRoutes } from './collection.js'
import { identityRoutes } from './identities.js'
import { installedKinds } from './kinds.js'
import { type LogConfig, logMakingRoutes } from './log-config.js'
import { Policies, policyRoutes } from './policies.js'

/**
 * What making an installation calls, beyond what an audit reads: each API keeps what it is given and gives it back.
 * Nobody's rights are checked, and nothing that is deployed here runs.
 */
export function installationRoutes(
  world: () => World,
  log: LogConfig,
  buckets: Map<string, Bucket>,
  now: () => Date,
): readonly Route[] {
  const policies = new Policies()
  const bound = (operation: string, path: string) => policyRoutes(policies, operation, path)
  return [
    ...identityRoutes(world, policies),
    ...bucketMakingRoutes(world, buckets, policies, now),
    ...logMakingRoutes(log, now),
    ...installedKinds(now).flatMap(collectionRoutes),
    ...bound('cloudresourcemanager.v1.projects', '/v1/projects/{id}'),
    ...bound('cloudresourcemanager.v1.organizations', '/v1/organizations/{id}'),
    ...bound('cloudresourcemanager.folders', '/v3/folders/{id}'),
    ...bound('secretmanager.secrets', '/v1/projects/{project}/secrets/{id}'),
    ...bound('pubsub.topics', '/v1/projects/{project}/topics/{id}'),
    ...bound('run.services', '/v2/projects/{project}/locations/{location}/services/{id}'),
    ...bound('run.jobs', '/v2/projects/{project}/locations/{location}/jobs/{id}'),
  ]
}
