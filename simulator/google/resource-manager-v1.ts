import * as z from 'zod'
import { type Answer, type Call, ok } from '../wire/call.js'
import type { Enumeration } from '../wire/enumeration.js'
import { bodyOf } from '../wire/json-body.js'
import { listedPage } from '../wire/pages.js'
import { PAGING } from '../wire/parameters.js'
import { googleRoutes, type Route } from '../wire/routes.js'
import type { Project, World } from '../world/world.js'
import { parseFilter } from './filter-parser.js'
import { folderV2, organizationV1, projectV1 } from './project-forms.js'
import {
  listFolders,
  organizationAsked,
  organizationsFound,
  projectAsked,
  projectsFound,
} from './resource-manager.js'

const LIFECYCLE: Enumeration = {
  LIFECYCLE_STATE_UNSPECIFIED: 0,
  ACTIVE: 1,
  DELETE_REQUESTED: 2,
  DELETE_IN_PROGRESS: 3,
}

/** `SearchOrganizationsRequest`; there is never more than one page. */
const SEARCH = z.strictObject({
  filter: z.string().optional(),
  pageSize: z.int().optional(),
  pageToken: z.string().optional(),
})

/**
 * Cloud Resource Manager API v1, which `gcloud projects` and `gcloud organizations` still speak, and of v2 what
 * `gcloud resource-manager folders` lists.
 * @see https://cloud.google.com/resource-manager/reference/rest/v1/projects
 */
export function resourceManagerV1Routes(world: () => World): readonly Route[] {
  const method = googleRoutes(world)
  const route = (
    operation: string,
    path: string,
    answer: (world: World, call: Call) => Answer,
    enumerated: string | undefined,
    options: Partial<Pick<Route, 'method' | 'query'>> = {},
  ) =>
    method(`cloudresourcemanager.${operation}`, path, answer, {
      ...options,
      ...(enumerated !== undefined && { enumerations: { [enumerated]: LIFECYCLE } }),
    })
  const projects = { query: { filter: 'string', ...PAGING } } as const
  const folders = { query: { parent: 'string', showDeleted: 'bool', ...PAGING } } as const
  const post = { method: 'POST' } as const
  return [
    route('v1.projects.list', '/v1/projects', listProjects, 'projects.lifecycleState', projects),
    route('v1.projects.get', '/v1/projects/{project}', getProject, 'lifecycleState'),
    route('v1.projects.getAncestry', '/v1/projects/{project}:getAncestry', getAncestry, undefined, post),
    route(
      'v1.organizations.search',
      '/v1/organizations:search',
      searchOrganizations,
      'organizations.lifecycleState',
      post,
    ),
    route('v1.organizations.get', '/v1/organizations/{organization}', getOrganization, 'lifecycleState'),
    route(
      'v2.folders.list',
      '/v2/folders',
      (served, call) => listFolders(served, call, folderV2),
      'folders.lifecycleState',
      folders,
    ),
  ]
}

function getProject(world: World, call: Call) {
  return ok(projectV1(world, projectAsked(world, call)))
}

function getAncestry(world: World, call: Call) {
  return ok({ ancestor: ancestry(projectAsked(world, call)) })
}

function getOrganization(world: World, call: Call) {
  return ok(organizationV1(organizationAsked(world, call)))
}

function searchOrganizations(world: World, call: Call) {
  const { filter } = bodyOf(call, SEARCH)
  const found = organizationsFound(world, filter ?? '')
  return ok(found.length > 0 ? { organizations: found.map(organizationV1) } : {})
}

function listProjects(world: World, call: Call) {
  const found = projectsFound(world, parseFilter(call.query.get('filter') ?? ''))
  return listedPage(call, 'projects', found, { usual: 500, most: 500 }, (project) =>
    projectV1(world, project),
  )
}

function ancestry(project: Project) {
  return [`projects/${project.id}`, ...project.ancestors].map((name) => {
    const [kind, id] = name.split('/')
    return { resourceId: { type: kind?.replace(/s$/, ''), id } }
  })
}
