import { z } from 'zod'
import { CALLS } from './calls.js'
import type { GoogleClient } from './client.js'
import { ApiError } from './errors.js'
import { PAGE_SIZES } from './page-sizes.js'
import { foreignField, pageOf, pages } from './paging.js'

const POLICY_FIELDS: ReadonlySet<string> = new Set(['version', 'bindings', 'auditConfigs', 'etag'])
const projectsPage = pageOf('projects')
const foldersPage = pageOf('folders')
const organizationsPage = pageOf('organizations')

/** Without bindings it is a policy only if it holds nothing that is foreign to one. */
const policy = z
  .looseObject({ bindings: z.array(z.unknown()).nullish() })
  .refine((body) => foreignField(body, POLICY_FIELDS) === undefined, {
    path: ['bindings'],
    message: 'missing',
  })
const resource = z.looseObject({ name: z.string() })
const folder = z.object({ name: z.string(), parent: z.string().optional() })

const organization = z
  .object({ name: z.string().regex(/^organizations\/\d+$/), displayName: z.string().default('') })
  .transform(({ name, displayName }) => ({ name, domain: displayName }))

/** An organization: `organizations/1`, and its domain. */
export type Organization = z.output<typeof organization>

/** A folder of Resource Manager: `folders/1`, and what it lies in. */
export type Folder = z.infer<typeof folder>

async function api(client: GoogleClient) {
  const { cloudresourcemanager } = await import('googleapis/build/src/apis/cloudresourcemanager/index.js')
  return cloudresourcemanager({ version: 'v3', ...client.connection })
}

/**
 * The projects directly in an organization or a folder, page by page, those that are being deleted included.
 * @see https://cloud.google.com/resource-manager/reference/rest/v3/projects/list
 */
export async function* listProjects(
  client: GoogleClient,
  parent: string,
): AsyncGenerator<readonly unknown[]> {
  const { projects } = await api(client)
  yield* pages(CALLS.listProjects, parent, PAGE_SIZES.projects, (page) =>
    client.ask({
      call: CALLS.listProjects,
      subject: parent,
      send: (options) => projects.list({ parent, showDeleted: true, ...page }, options),
      schema: projectsPage,
    }),
  )
}

/**
 * The folders directly in an organization or a folder, page by page.
 * @see https://cloud.google.com/resource-manager/reference/rest/v3/folders/list
 */
export async function* listFolders(client: GoogleClient, parent: string): AsyncGenerator<readonly unknown[]> {
  const { folders } = await api(client)
  yield* pages(CALLS.listFolders, parent, PAGE_SIZES.folders, (page) =>
    client.ask({
      call: CALLS.listFolders,
      subject: parent,
      send: (options) => folders.list({ parent, ...page }, options),
      schema: foldersPage,
    }),
  )
}

/** What stands for the organizations in messages: nobody has named one. */
const CREDENTIALS = 'the credentials'

/** One that cannot be read counts as well: it may be the one that is meant. */
function organizationOf(element: unknown): Organization {
  const read = organization.safeParse(element)
  if (read.success) return read.data
  throw new ApiError(CALLS.searchOrganizations, CREDENTIALS, { reason: 'MALFORMED' })
}

/**
 * The organizations that the credentials see, page by page.
 * @see https://cloud.google.com/resource-manager/reference/rest/v3/organizations/search
 */
export async function* searchOrganizations(client: GoogleClient): AsyncGenerator<readonly Organization[]> {
  const { organizations } = await api(client)
  const found = pages(CALLS.searchOrganizations, CREDENTIALS, PAGE_SIZES.organizations, (page) =>
    client.ask({
      call: CALLS.searchOrganizations,
      subject: CREDENTIALS,
      send: (options) => organizations.search({ ...page }, options),
      schema: organizationsPage,
    }),
  )
  for await (const page of found) yield page.map(organizationOf)
}

/** One project, by `projects/NUMBER` or `projects/ID`, as Google shows it. */
export async function getProject(client: GoogleClient, name: string): Promise<unknown> {
  const { projects } = await api(client)
  const send = (options: object) => projects.get({ name }, options)
  return client.ask({ call: CALLS.getProject, subject: name, send, schema: resource })
}

/**
 * Who holds which role on a project itself, conditions included.
 * @see https://cloud.google.com/resource-manager/reference/rest/v3/projects/getIamPolicy
 */
export async function getProjectPolicy(client: GoogleClient, project: string): Promise<unknown> {
  const { projects } = await api(client)
  return client.ask({
    call: CALLS.getProjectPolicy,
    subject: project,
    send: (options) =>
      projects.getIamPolicy(
        { resource: project, requestBody: { options: { requestedPolicyVersion: 3 } } },
        options,
      ),
    schema: policy,
  })
}

/** One folder, by `folders/NUMBER`. */
export async function getFolder(client: GoogleClient, name: string): Promise<Folder> {
  const { folders } = await api(client)
  const send = (options: object) => folders.get({ name }, options)
  return client.ask({ call: CALLS.getFolder, subject: name, send, schema: folder })
}
