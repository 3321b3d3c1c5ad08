import * as z from 'zod'
import { type Call, ok, param } from '../wire/call.js'
import { bodyOf } from '../wire/json-body.js'
import { googleRoutes, type Route } from '../wire/routes.js'
import type { Read, World } from '../world/world.js'
import { denies, hidden, type Subject, subjectNamed } from './access.js'

/** The reads that a world may deny, by the permission that is asked about. */
const READ_BY: Readonly<Record<string, Read>> = {
  'cloudasset.assets.listResource': 'assets',
  'cloudasset.assets.searchAllResources': 'search',
  'cloudasset.assets.exportResource': 'exports',
  'cloudasset.assets.searchAllIamPolicies': 'bindings',
  'resourcemanager.projects.getIamPolicy': 'bindings',
  'iam.serviceAccounts.get': 'accounts',
  'securitycenter.findings.update': 'findings',
  'securitycenter.findings.setMute': 'findings',
  'storage.objects.get': 'storage',
  'storage.objects.list': 'storage',
  'storage.objects.create': 'storage',
  'storage.objects.delete': 'storage',
}

/** `TestIamPermissionsRequest`: wildcards are not allowed. */
const REQUEST = z.strictObject({
  resource: z.string().optional(),
  permissions: z.array(z.string().regex(/^[^*]+$/, 'a permission by its whole name')).min(1),
})

/**
 * Which of some permissions the caller has on an organization, a folder or a project; nobody needs a right to ask.
 * @see https://cloud.google.com/resource-manager/reference/rest/v3/organizations/testIamPermissions
 */
export function testPermissionsRoutes(world: () => World): readonly Route[] {
  const route = googleRoutes(world)
  return ['organizations', 'folders', 'projects'].map((kind) =>
    route(
      `cloudresourcemanager.${kind}.testIamPermissions`,
      `/v3/${kind}/{id}:testIamPermissions`,
      (served, call) => {
        const subject = subjectNamed(served, kind, param(call, 'id'))
        if (subject === undefined) throw hidden(ASKING, call.path)
        return ok(held(served, bodyOf(call, REQUEST).permissions, subject))
      },
      { method: 'POST' },
    ),
  )
}

const ASKING = {
  read: 'projects',
  service: 'cloudresourcemanager.googleapis.com',
  title: 'Cloud Resource Manager API',
  permission: 'resourcemanager.projects.get',
} as const

/** The same for a bucket, whose permissions a world denies with the project of the caller. */
export function heldOnBucket(world: World, call: Call): object {
  const within = [`organizations/${world.organization.number}`]
  const subject = { name: `projects/${world.caller.project}`, within }
  return held(world, call.query.getAll('permissions'), subject)
}

/** Google leaves an empty list out. */
function held(world: World, asked: readonly string[], subject: Subject): { permissions?: readonly string[] } {
  const permissions = asked.filter((permission) => {
    const read = READ_BY[permission]
    const service = `${permission.split('.', 1)[0]}.googleapis.com`
    return read === undefined || !denies(world, { read, permission, service, title: service }, subject)
  })
  return permissions.length === 0 ? {} : { permissions }
}
