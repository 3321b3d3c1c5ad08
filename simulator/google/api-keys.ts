import { randomUUID } from 'node:crypto'
import type { apikeys_v2 } from 'googleapis/build/src/apis/apikeys/v2.js'
import * as z from 'zod'
import { type Call, isAsked, ok, param } from '../wire/call.js'
import { badRequest, GoogleError, invalid, notFound } from '../wire/google-error.js'
import { bodyOf } from '../wire/json-body.js'
import { listedPage, shelfOf } from '../wire/pages.js'
import { PAGING } from '../wire/parameters.js'
import { googleRoutes, type Route } from '../wire/routes.js'
import type { Changes } from '../world/changed.js'
import { type Key, keyName, type Project, type Restrictions, type World } from '../world/world.js'
import { activeProject, type Right } from './access.js'

const API = { read: 'keys', service: 'apikeys.googleapis.com', title: 'API Keys API' } as const
const LIST: Right = { ...API, permission: 'apikeys.keys.list' }
const GET: Right = { ...API, permission: 'apikeys.keys.get' }
const KEYS = '/v2/projects/{project}/locations/{location}/keys'

const PAGE = { usual: 50, most: 300 }

/** Something that an auditor must never do: the operation, and on what. */
export interface Violation {
  readonly operation: string
  readonly path: string
}

/**
 * API Keys API v2, for reading. Whatever would return a key string or change a key is refused and noted, unless the
 * world is there to be changed.
 * @see https://cloud.google.com/api-keys/docs/reference/rest/v2/projects.locations.keys
 */
export function apiKeysRoutes(
  world: () => World,
  violated: (violation: Violation) => void,
  changes?: Changes,
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
  const route = googleRoutes(world)
  return [
    route('apikeys.keys.list', KEYS, listKeys, { query: { ...PAGING, showDeleted: 'bool' } }),
    route('apikeys.keys.get', `${KEYS}/{key}`, getKey),
    forbidden('keys.getKeyString', 'GET', `${KEYS}/{key}/keyString`),
    forbidden('keys.lookupKey', 'GET', '/v2/keys:lookupKey'),
    ...(changes === undefined
      ? [
          forbidden('keys.create', 'POST', KEYS),
          forbidden('keys.patch', 'PATCH', `${KEYS}/{key}`),
          forbidden('keys.delete', 'DELETE', `${KEYS}/{key}`),
          forbidden('keys.undelete', 'POST', `${KEYS}/{key}:undelete`),
        ]
      : changingRoutes(world, changes)),
  ]
}

/** How keys are made, changed, deleted and restored, by administrators. */
function changingRoutes(world: () => World, changes: Changes): readonly Route[] {
  const route = googleRoutes(world)
  const one = `${KEYS}/{key}`
  return [
    route('apikeys.keys.create', KEYS, (served, call) => createKey(served, call, changes), {
      method: 'POST',
      query: { keyId: 'string' },
    }),
    route('apikeys.keys.patch', one, (served, call) => patchKey(served, call, changes), {
      method: 'PATCH',
      query: { updateMask: 'string' },
    }),
    route('apikeys.keys.delete', one, (served, call) => markDeleted(served, call, changes, true), {
      method: 'DELETE',
      query: { etag: 'string' },
    }),
    route(
      'apikeys.keys.undelete',
      `${one}:undelete`,
      (served, call) => markDeleted(served, call, changes, false),
      {
        method: 'POST',
      },
    ),
  ]
}

const CREATE: Right = { ...API, permission: 'apikeys.keys.create' }
const UPDATE: Right = { ...API, permission: 'apikeys.keys.update' }

const FIELDS = z.strictObject({
  displayName: z.string().max(63).optional(),
  restrictions: z.record(z.string(), z.unknown()).optional(),
})

const NEW_FIELDS = FIELDS.extend({ serviceAccountEmail: z.string().optional() })

function createKey(world: World, call: Call, changes: Changes) {
  const project = projectOf(world, call, CREATE)
  const id = call.query.get('keyId') ?? randomUUID()
  if (!/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$|^[0-9a-f-]{36}$/.test(id))
    throw badRequest('key_id', 'not a key ID')
  if (world.keysOf(project).some((key) => key.id === id))
    throw new GoogleError('ALREADY_EXISTS', `Key ${id} already exists.`)
  return done(project, changes.makeKey(project, id, bodyOf(call, NEW_FIELDS)))
}

/** Without a mask all that can be changed is replaced. */
function patchKey(world: World, call: Call, changes: Changes) {
  const project = projectOf(world, call, UPDATE)
  const key = keyOf(world, project, call)
  const body = bodyOf(call, FIELDS)
  const names = call.query.get('updateMask')?.split(',') ?? ['displayName', 'restrictions']
  const wrong = names.find((name) => !/^(display_?[nN]ame|restrictions)$/.test(name))
  if (wrong !== undefined) throw badRequest('update_mask', `"${wrong}" cannot be changed`)
  const { displayName: _name, restrictions: _restrictions, ...rest } = key
  const isAsked = (pattern: RegExp) => names.some((name) => pattern.test(name))
  const { displayName } = isAsked(/^display/) ? body : key
  const { restrictions } = isAsked(/^restrictions$/) ? body : key
  const changed = {
    ...rest,
    ...(displayName !== undefined && { displayName }),
    ...(restrictions !== undefined && { restrictions }),
  }
  return done(project, changes.changeKey(project, key, changed))
}

function markDeleted(world: World, call: Call, changes: Changes, isDeleted: boolean) {
  const project = projectOf(world, call, UPDATE)
  const key = keyOf(world, project, call)
  const { deleteTime: _time, ...live } = key
  const changed = isDeleted ? { ...key, deleteTime: changes.time() } : live
  return done(project, changes.changeKey(project, key, changed))
}

/** The operation is over at once. */
function done(project: Project, key: Key) {
  return ok({ name: `operations/akmf.${key.uid}`, done: true, response: keyResource(project, key) })
}

function listKeys(world: World, call: Call) {
  const project = projectOf(world, call, LIST)
  const visible = keysThatExist(world, project).filter(
    (key) => isAsked(call, 'showDeleted') || key.deleteTime === undefined,
  )
  return listedPage(call, 'keys', shelfOf(visible), PAGE, (key) => keyResource(project, key))
}

function getKey(world: World, call: Call) {
  const project = projectOf(world, call, GET)
  return ok(keyResource(project, keyOf(world, project, call)))
}

function keyOf(world: World, project: Project, call: Call): Key {
  const id = param(call, 'key')
  const key = keysThatExist(world, project).find((candidate) => candidate.id === id)
  if (!key) throw notFound(`Requested entity was not found: ${call.path}`)
  return key
}

/** Keys that only the inventory still shows are gone here. */
function keysThatExist(world: World, project: Project): readonly Key[] {
  return world.keysOf(project).filter((key) => key.lag !== 'vanished')
}

function projectOf(world: World, call: Call, right: Right): Project {
  if (param(call, 'location') !== 'global')
    throw invalid(`Location ${param(call, 'location')} is not global.`)
  return activeProject(world, call, right, '/locations/global')
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
