import type { apikeys_v2 } from 'googleapis/build/src/apis/apikeys/v2.js'
import { type Call, isAsked, param } from '../wire/call.js'
import { GoogleError, invalid, notFound } from '../wire/google-error.js'
import { listed, ok } from '../wire/listing.js'
import { pageOf, pageSizeOf, shelfOf } from '../wire/pages.js'
import { PAGING } from '../wire/parameters.js'
import type { Route } from '../wire/routes.js'
import { type Key, keyName, type Project, type Restrictions, type World } from '../world/world.js'
import { demand, hidden, type Right, subjectOf } from './access.js'

const API = { read: 'keys', service: 'apikeys.googleapis.com', title: 'API Keys API' } as const
const LIST: Right = { ...API, permission: 'apikeys.keys.list' }
const GET: Right = { ...API, permission: 'apikeys.keys.get' }
const KEYS = '/v2/projects/{project}/locations/{location}/keys'

/** Most keys on one page, whatever is asked for. */
const PAGE = 300

/** Something that an auditor must never do: the operation, and on what. */
export interface Violation {
  readonly operation: string
  readonly path: string
}

/**
 * API Keys API v2, for reading. Whatever would return a key string or change a key is refused and noted.
 * @see https://cloud.google.com/api-keys/docs/reference/rest/v2/projects.locations.keys
 */
export function apiKeysRoutes(
  world: () => World,
  violated: (violation: Violation) => void,
): readonly Route[] {
  const forbidden = (operation: string, method: Route['method'], path: string): Route => ({
    operation: `apikeys.${operation}`,
    method,
    path,
    dialect: 'google',
    handle: (call) => {
      violated({ operation: call.operation, path: call.path })
      throw new GoogleError('PERMISSION_DENIED', `An auditor never calls ${call.operation}.`)
    },
  })
  return [
    {
      operation: 'apikeys.keys.list',
      method: 'GET',
      path: KEYS,
      dialect: 'google',
      query: { ...PAGING, showDeleted: 'bool' },
      handle: (call) => listKeys(world(), call),
    },
    {
      operation: 'apikeys.keys.get',
      method: 'GET',
      path: `${KEYS}/{key}`,
      dialect: 'google',
      query: {},
      handle: (call) => getKey(world(), call),
    },
    forbidden('keys.getKeyString', 'GET', `${KEYS}/{key}/keyString`),
    forbidden('keys.lookupKey', 'GET', '/v2/keys:lookupKey'),
    forbidden('keys.create', 'POST', KEYS),
    forbidden('keys.patch', 'PATCH', `${KEYS}/{key}`),
    forbidden('keys.delete', 'DELETE', `${KEYS}/{key}`),
    forbidden('keys.undelete', 'POST', `${KEYS}/{key}:undelete`),
  ]
}

function listKeys(world: World, call: Call) {
  const project = projectOf(world, call, LIST)
  const visible = keysThatExist(world, project).filter(
    (key) => isAsked(call, 'showDeleted') || key.deleteTime === undefined,
  )
  const page = pageOf(call, shelfOf(visible), pageSizeOf(call, 50, PAGE))
  return listed('keys', { ...page, items: page.items.map((key) => keyResource(project, key)) })
}

function getKey(world: World, call: Call) {
  const project = projectOf(world, call, GET)
  const id = param(call, 'key')
  const key = keysThatExist(world, project).find((candidate) => candidate.id === id)
  if (!key) throw notFound(`Requested entity was not found: ${call.path}`)
  return ok(keyResource(project, key))
}

/** Keys that only the inventory still shows are gone here. */
function keysThatExist(world: World, project: Project): readonly Key[] {
  return world.keysOf(project).filter((key) => key.lag !== 'vanished')
}

function projectOf(world: World, call: Call, right: Right): Project {
  if (param(call, 'location') !== 'global')
    throw invalid(`Location ${param(call, 'location')} is not global.`)
  const name = param(call, 'project')
  const project = world.projectNamed(name)
  if (project?.state !== 'ACTIVE') throw hidden(right, `projects/${name}/locations/global`)
  demand(world, right, subjectOf(project))
  return project
}

/** A key as the API Keys API v2 shows it; never with its string. */
function keyResource(project: Project, key: Key): Readonly<Record<string, unknown>> {
  return wireOf(project, key, key.restrictions, true)
}

/** A key as the asset inventory's `resource.data` shows it: as it was, and mostly without its service account. */
export function inventoriedKey(
  project: Project,
  key: Key,
  showsServiceAccount: boolean,
): Readonly<Record<string, unknown>> {
  const restrictions = key.isTruncated ? undefined : (key.staleRestrictions ?? key.restrictions)
  return wireOf(project, key, restrictions, showsServiceAccount)
}

function wireOf(
  project: Project,
  key: Key,
  restrictions: Restrictions | undefined,
  showsServiceAccount: boolean,
) {
  const visible: apikeys_v2.Schema$V2Key = {
    name: keyName(project, key),
    ...(key.displayName !== undefined && { displayName: key.displayName }),
    createTime: key.createTime,
    uid: key.uid,
    updateTime: key.updateTime,
    ...(key.deleteTime && { deleteTime: key.deleteTime }),
    ...(key.annotations && { annotations: { ...key.annotations } }),
    etag: etagOf(key),
    ...(showsServiceAccount &&
      key.serviceAccountEmail !== undefined && { serviceAccountEmail: key.serviceAccountEmail }),
  }
  const wire = { ...visible, restrictions, ...key.wire }
  return Object.fromEntries(Object.entries(wire).filter(([name, value]) => isShown(name, value)))
}

/** Google leaves out what is not set; `restrictions: null` is kept, since a world may say so on purpose. */
function isShown(name: string, value: unknown): boolean {
  return value !== undefined && (value !== null || name === 'restrictions')
}

function etagOf(key: Key): string {
  return `W/"${Buffer.from(`${key.uid.slice(0, 8)}${key.updateTime.slice(5, 19)}`).toString('base64')}"`
}
