import { type Call, isAsked, param } from '../wire/call.js'
import type { Enumeration } from '../wire/enumeration.js'
import { badRequest, invalid } from '../wire/google-error.js'
import { listed, ok } from '../wire/listing.js'
import { only, pageOf, pageSizeOf, type Shelf, shelfOf } from '../wire/pages.js'
import { PAGING, type Query } from '../wire/parameters.js'
import type { Route } from '../wire/routes.js'
import type { Folder, Project, Read, World } from '../world/world.js'
import { childrenOf } from '../world/world.js'
import { demand, denies, hidden, type Right, type Subject, subjectOf } from './access.js'
import { passes } from './filter.js'
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
export const GET_PROJECT = right('projects', 'projects.get')
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
  const route = (
    operation: string,
    path: string,
    query: Query,
    enumerated: string,
    answer: (world: World, call: Call) => ReturnType<typeof ok>,
  ): Route => ({
    operation: `cloudresourcemanager.${operation}`,
    method: 'GET',
    path: `/v3/${path}`,
    dialect: 'google',
    query,
    enumerations: { [enumerated]: STATE },
    handle: (call) => answer(world(), call),
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
  return page(call, 'projects', visible, (project) => projectV3(world, project))
}

/** Only what the caller may get; several fields match where any of them does. */
function searchProjects(world: World, call: Call) {
  const filter = anyTermOf(parseFilter(call.query.get('query') ?? ''))
  const everything: Shelf<Project> = {
    length: world.projectCount,
    at: (position) => [world.projectAt(position)],
  }
  const visible = only(
    everything,
    (project) =>
      !denies(world, GET_PROJECT, subjectOf(project)) && passes(filter, projectMeaning(world, project)),
  )
  return page(call, 'projects', visible, (project) => projectV3(world, project))
}

function getProject(world: World, call: Call) {
  return ok(projectV3(world, projectAsked(world, param(call, 'project'), GET_PROJECT)))
}

/** The folders directly in what is asked for, in the form of a version. */
export function listFolders(world: World, call: Call, form: (folder: Folder) => unknown = folderV3) {
  const parent = parentAsked(world, call, LIST_FOLDERS)
  const visible = world.folders.filter((folder) => folder.parent === parent)
  return page(call, 'folders', shelfOf(visible), form)
}

function searchFolders(world: World, call: Call) {
  if (call.query.get('query')) throw invalid('The simulator searches folders without a query only.')
  const visible = world.folders.filter((folder) => !denies(world, GET_FOLDER, folderSubject(folder)))
  return page(call, 'folders', shelfOf(visible), folderV3)
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
  return page(call, 'organizations', shelfOf(found), organizationV3)
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
  const number = param(call, 'organization')
  if (number !== world.organization.number) throw hidden(GET_ORGANIZATION, `organizations/${number}`)
  demand(world, GET_ORGANIZATION, organizationSubject(world))
  return world
}

function page<Item>(call: Call, name: string, shelf: Shelf<Item>, form: (item: Item) => unknown) {
  const found = pageOf(call, shelf, pageSizeOf(call, PAGE.usual, PAGE.most))
  return listed(name, { ...found, items: found.items.map(form) })
}

/** The `parent` of a listing, which must be there and readable. */
function parentAsked(world: World, call: Call, needed: Right): string {
  const parent = call.query.get('parent') ?? ''
  if (!/^(folders|organizations)\/\d+$/.test(parent))
    throw badRequest('parent', `"${parent}" is no folder or organization`)
  const folder = world.folders.find((candidate) => `folders/${candidate.number}` === parent)
  const subject: Subject = folder ? folderSubject(folder) : { name: parent, within: [] }
  if (!folder && parent !== `organizations/${world.organization.number}`) throw hidden(needed, parent)
  demand(world, needed, subject)
  return parent
}

/** A project by number or ID. @throws GoogleError 403 where it is not there or refused. */
export function projectAsked(world: World, name: string, needed: Right): Project {
  const project = world.projectNamed(name)
  if (!project) throw hidden(needed, `projects/${name}`)
  demand(world, needed, subjectOf(project))
  return project
}

function organizationSubject(world: World): Subject {
  return { name: `organizations/${world.organization.number}`, within: [] }
}

function folderSubject(folder: Folder): Subject {
  return { name: `folders/${folder.number}`, within: folder.ancestors }
}
