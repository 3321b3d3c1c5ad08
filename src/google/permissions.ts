import { z } from 'zod'
import { gsPathOf } from '../gs-path.js'
import { CALLS, type Call } from './calls.js'
import type { GoogleClient } from './client.js'

/** What `doctor` asks where trying would leave a trace. Nobody needs a right to ask. */
const PERMISSION_CALLS = {
  ofScope: {
    service: 'cloudresourcemanager.googleapis.com',
    operation: 'testIamPermissions',
    quota: 'readProjects',
    permission: 'resourcemanager.projects.get',
    role: CALLS.getProject.role,
    doing: 'Asking what the auditor may do in',
  },
  ofBucket: {
    service: 'storage.googleapis.com',
    operation: 'buckets.testIamPermissions',
    quota: 'readObjects',
    permission: 'storage.buckets.get',
    role: CALLS.listExport.role,
    doing: 'Asking what the auditor may do in',
  },
} as const satisfies Record<string, Call>

const held = z.looseObject({ permissions: z.array(z.string()).default([]) })

/** Which of the permissions the credentials have not: on an organization, a folder, a project or `gs://BUCKET`. */
export async function lacking<Permission extends string>(
  client: GoogleClient,
  subject: string,
  permissions: readonly Permission[],
): Promise<readonly Permission[]> {
  const bucket = gsPathOf(subject)?.bucket
  const found =
    bucket === undefined
      ? await heldInScope(client, subject, permissions)
      : await heldOnBucket(client, bucket, permissions)
  return permissions.filter((permission) => !found.includes(permission))
}

/** @see https://cloud.google.com/resource-manager/reference/rest/v3/organizations/testIamPermissions */
async function heldInScope(
  client: GoogleClient,
  resource: string,
  permissions: readonly string[],
): Promise<readonly string[]> {
  const { cloudresourcemanager } = await import('googleapis/build/src/apis/cloudresourcemanager/index.js')
  const api = cloudresourcemanager({ version: 'v3', ...client.connection })
  const kind = resource.startsWith('folders/')
    ? api.folders
    : resource.startsWith('projects/')
      ? api.projects
      : api.organizations
  const answer = await client.ask({
    call: PERMISSION_CALLS.ofScope,
    subject: resource,
    send: (options) =>
      kind.testIamPermissions({ resource, requestBody: { permissions: [...permissions] } }, options),
    schema: held,
  })
  return answer.permissions
}

/** @see https://cloud.google.com/storage/docs/json_api/v1/buckets/testIamPermissions */
async function heldOnBucket(
  client: GoogleClient,
  bucket: string,
  permissions: readonly string[],
): Promise<readonly string[]> {
  const { storage } = await import('googleapis/build/src/apis/storage/index.js')
  const { buckets } = storage({ version: 'v1', ...client.connection })
  const answer = await client.ask({
    call: PERMISSION_CALLS.ofBucket,
    subject: `gs://${bucket}`,
    send: (options) => buckets.testIamPermissions({ bucket, permissions: [...permissions] }, options),
    schema: held,
  })
  return answer.permissions
}
