import { type Answer, type Call, isAsked, ok, param } from '../wire/call.js'
import type { Enumeration } from '../wire/enumeration.js'
import { badRequest, invalid } from '../wire/google-error.js'
import { listedPage, only, type Shelf, shelfOf } from '../wire/pages.js'
import { PAGING, type Query } from '../wire/parameters.js'
import { googleRoutes, type Route } from '../wire/routes.js'
import type { Folder, Project, Read, World } from '../world/world.js'
import { childrenOf } from '../world/world.js'
import { demand, denies, hidden, type Right, type Subject, scopeOf, subjectOf } from './access.js'
import { type Filter, passes } from './filter.js'
import { parseFilter } from './filter-parser.js'
import { folderV3, organizationV3, projectV3 } from './project-forms.js'
import { anyTermOf, organizationMeaning, projectMeaning } from './project-query.js'

const API = { service: 'cloudresourcemanager.googleapis.com', title: 'Cloud Resource Manager API' } as const
const right = (read: Read, permission: string): Right => ({
  ...API,
  read,
  permission: `resourcemanager.${permission}`,
})
const LIST_PROJECTS = right('projects', 'projects.list')
const GET_PROJECT = right('projects', 'projects.get')
const LIST_FOLDERS = right('folders', 'folders.list')
const GET_FOLDER = right('folders', 'folders.get')
const GET_ORGANIZATION = right('folders', 'organizations.get')

/** A listing picks its own size where none is asked for. */
const PAGE = { usual: 100, most: 1000 }
const STATE: Enumeration = { STATE_UNSPECIFIED: 0, ACTIVE: 1, DELETE_REQUESTED: 2 }

const CHILDREN: Query = { parent: 'string', showDeleted: 'bool', ...PAGING }
const SEARCH: Query = { query: 'string', ...PAGING }

/**
 * Cloud Resource Manager API v3: direct children, single resources, searches.
 * @see https://cloud.google.com/resource-manager/reference/rest/v3
 */
export function resourceManagerRoutes(world: () => World): readonly Route[] {
  const method = googleRoutes(world)
  const route = (
    operation: string,
    path: string,
    query: Query,
    enumerated: string,
    answer: (world: World, call: Call) => Answer,
  ) =>
    method(`cloudresourcemanager.${operation}`, `/v3/${path}`, answer, {
      query,
      enumerations: { [enumerated]: STATE },
    })
  return [
    route('projects.list', 'projects', CHILDREN, 'projects.state', listProjects),
    route('projects.search', 'projects:search', SEARCH, 'projects.state', searchProjects),
    route('projects.get', 'projects/{project}', {}, 'state', getProject),
    route('folders.list', 'folders', CHILDREN, 'folders.state', listFolders),
    route('folders.search', 'folders:search', SEARCH, 'folders.state', searchFolders),
    route('folders.get', 'folders/{folder}', {}, 'state', getFolder),
    route('organizations.search', 'organizations:search', SEARCH, 'organizations.state', searchOrganizations),
    route('organizations.get', 'organizations/{organization}', {}, 'state', getOrganization),
  ]
}

function listProjects(world: World, call: Call) {
  const parent = parentAsked(world, call, LIST_PROJECTS)
  const visible = only(
    childrenOf(world, parent),
    (project) => project.state === 'ACTIVE' || isAsked(call, 'showDeleted'),
  )
  return listedPage(call, 'projects', visible, PAGE, (project) => projectV3(world, project))
}

function searchProjects(world: World, call: Call) {
  const found = projectsFound(world, anyTermOf(parseFilter(call.query.get('query') ?? '')))
  return listedPage(call, 'projects', found, PAGE, (project) => projectV3(world, project))
}

/** The projects that a filter means and that the caller may get; several fields match where any of them does. */
export function projectsFound(world: World, filter: Filter | undefined): Shelf<Project> {
  const everything: Shelf<Project> = {
    length: world.projectCount,
    at: (position) => [world.projectAt(position)],
  }
  return only(
    everything,
    (project) =>
      !denies(world, GET_PROJECT, subjectOf(project)) && passes(filter, projectMeaning(world, project)),
  )
}

function getProject(world: World, call: Call) {
  return ok(projectV3(world, projectAsked(world, call)))
}

/** The folders directly in what is asked for, in the form of a version. */
export function listFolders(world: World, call: Call, form: (folder: Folder) => unknown = folderV3) {
  const parent = parentAsked(world, call, LIST_FOLDERS)
  const visible = world.folders.filter((folder) => folder.parent === parent)
  return listedPage(call, 'folders', shelfOf(visible), PAGE, form)
}

function searchFolders(world: World, call: Call) {
  if (call.query.get('query')) throw invalid('The simulator searches folders without a query only.')
  const visible = world.folders.filter((folder) => !denies(world, GET_FOLDER, folderSubject(folder)))
  return listedPage(call, 'folders', shelfOf(visible), PAGE, folderV3)
}

function getFolder(world: World, call: Call) {
  const number = param(call, 'folder')
  const folder = world.folders.find((candidate) => candidate.number === number)
  if (!folder) throw hidden(GET_FOLDER, `folders/${number}`)
  demand(world, GET_FOLDER, folderSubject(folder))
  return ok(folderV3(folder))
}

function searchOrganizations(world: World, call: Call) {
  const found = organizationsFound(world, call.query.get('query') ?? '')
  return listedPage(call, 'organizations', shelfOf(found), PAGE, organizationV3)
}

function getOrganization(world: World, call: Call) {
  return ok(organizationV3(organizationAsked(world, call)))
}

/** The organization where the query means it and the caller may see it: a search leaves out what is refused. */
export function organizationsFound(world: World, query: string): readonly World[] {
  const isSeen = !denies(world, GET_ORGANIZATION, organizationSubject(world))
  return isSeen && passes(parseFilter(query), organizationMeaning(world)) ? [world] : []
}

/** The world whose organization the call names. @throws GoogleError 403 where it is not there or refused. */
export function organizationAsked(world: World, call: Call): World {
  scopeOf(world, GET_ORGANIZATION, 'organizations', param(call, 'organization'))
  return world
}

/** The `parent` of a listing, which must be there and readable. */
function parentAsked(world: World, call: Call, right: Right): string {
  const parent = call.query.get('parent') ?? ''
  const [, kind, number] = /^(folders|organizations)\/(\d+)$/.exec(parent) ?? []
  if (kind === undefined || number === undefined)
    throw badRequest('parent', `"${parent}" is no folder or organization`)
  return scopeOf(world, right, kind, number)
}

/** The project that a call names by number or ID. @throws GoogleError 403 where it is not there or refused. */
export function projectAsked(world: World, call: Call): Project {
  const name = param(call, 'project')
  const project = world.projectNamed(name)
  if (!project) throw hidden(GET_PROJECT, `projects/${name}`)
  demand(world, GET_PROJECT, subjectOf(project))
  return project
}

function organizationSubject(world: World): Subject {
  return { name: `organizations/${world.organization.number}`, within: [] }
}

function folderSubject(folder: Folder): Subject {
  return { name: `folders/${folder.number}`, within: folder.ancestors }
}
