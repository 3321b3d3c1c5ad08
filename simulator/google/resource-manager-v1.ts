import * as z from 'zod'
import { type Call, param } from '../wire/call.js'
import type { Enumeration } from '../wire/enumeration.js'
import { bodyOf } from '../wire/json-body.js'
import { listed, ok } from '../wire/listing.js'
import { only, pageOf, pageSizeOf, type Shelf } from '../wire/pages.js'
import { PAGING } from '../wire/parameters.js'
import type { Route } from '../wire/routes.js'
import type { Project, World } from '../world/world.js'
import { denies, subjectOf } from './access.js'
import { passes } from './filter.js'
import { parseFilter } from './filter-parser.js'
import { folderV2, organizationV1, projectV1 } from './project-forms.js'
import { projectMeaning } from './project-query.js'
import {
  GET_PROJECT,
  listFolders,
  organizationAsked,
  organizationsFound,
  projectAsked,
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
  return [
    {
      operation: 'cloudresourcemanager.v1.projects.list',
      method: 'GET',
      path: '/v1/projects',
      dialect: 'google',
      query: { filter: 'string', ...PAGING },
      enumerations: { 'projects.lifecycleState': LIFECYCLE },
      handle: (call) => listProjects(world(), call),
    },
    {
      operation: 'cloudresourcemanager.v1.projects.get',
      method: 'GET',
      path: '/v1/projects/{project}',
      dialect: 'google',
      query: {},
      enumerations: { lifecycleState: LIFECYCLE },
      handle: (call) => ok(projectV1(world(), projectAsked(world(), param(call, 'project'), GET_PROJECT))),
    },
    {
      operation: 'cloudresourcemanager.v1.projects.getAncestry',
      method: 'POST',
      path: '/v1/projects/{project}:getAncestry',
      dialect: 'google',
      query: {},
      handle: (call) =>
        ok({ ancestor: ancestry(projectAsked(world(), param(call, 'project'), GET_PROJECT)) }),
    },
    {
      operation: 'cloudresourcemanager.v1.organizations.search',
      method: 'POST',
      path: '/v1/organizations:search',
      dialect: 'google',
      query: {},
      enumerations: { 'organizations.lifecycleState': LIFECYCLE },
      handle: (call) => searchOrganizations(world(), call),
    },
    {
      operation: 'cloudresourcemanager.v1.organizations.get',
      method: 'GET',
      path: '/v1/organizations/{organization}',
      dialect: 'google',
      query: {},
      enumerations: { lifecycleState: LIFECYCLE },
      handle: (call) => ok(organizationV1(organizationAsked(world(), call))),
    },
    {
      operation: 'cloudresourcemanager.v2.folders.list',
      method: 'GET',
      path: '/v2/folders',
      dialect: 'google',
      query: { parent: 'string', showDeleted: 'bool', ...PAGING },
      enumerations: { 'folders.lifecycleState': LIFECYCLE },
      handle: (call) => listFolders(world(), call, folderV2),
    },
  ]
}

function searchOrganizations(world: World, call: Call) {
  const { filter } = bodyOf(call, SEARCH)
  const found = organizationsFound(world, filter ?? '')
  return ok(found.length > 0 ? { organizations: found.map(organizationV1) } : {})
}

function listProjects(world: World, call: Call) {
  const filter = parseFilter(call.query.get('filter') ?? '')
  const everything: Shelf<Project> = {
    length: world.projectCount,
    at: (position) => [world.projectAt(position)],
  }
  const visible = only(
    everything,
    (project) =>
      !denies(world, GET_PROJECT, subjectOf(project)) && passes(filter, projectMeaning(world, project)),
  )
  const page = pageOf(call, visible, pageSizeOf(call, 500, 500))
  return listed('projects', { ...page, items: page.items.map((project) => projectV1(world, project)) })
}

function ancestry(project: Project) {
  return [`projects/${project.id}`, ...project.ancestors].map((name) => {
    const [kind, id] = name.split('/')
    return { resourceId: { type: kind?.replace(/s$/, ''), id } }
  })
}
