import type * as z from 'zod'
import { type Call, ok } from '../wire/call.js'
import { badRequest } from '../wire/google-error.js'
import { bodyOf } from '../wire/json-body.js'
import { listed, pageOf, pageSizeOf, shelfOf } from '../wire/pages.js'
import { PAGING, type Query } from '../wire/parameters.js'
import type { Route } from '../wire/routes.js'
import { changed, type Kept, type KeptResources } from './kept.js'

/** Resources that a project makes by name, and how their API speaks of them. */
export interface Collection {
  /** Such as `secretmanager.secrets`. */
  readonly operation: string
  /** Such as `/v1/projects/{project}/secrets`. */
  readonly path: string
  readonly kept: KeptResources
  /** What may be sent; anything else is refused. */
  readonly message: z.ZodType<Kept>
  /** The parameter of creation that holds the ID; without it `id` takes it out of what was sent. */
  readonly idParameter?: string
  readonly id?: (sent: Kept) => unknown
  /** The resource within what is sent to create it; the whole by default. */
  readonly within?: string
  /** The resource as it is shown, with what the service adds. */
  readonly form: (name: string, sent: Kept) => Kept
  /** Makes, changes and deletes in an operation, which is done at once. */
  readonly inOperations?: true
  /** Makes and changes in an operation as well, by methods of their own, as `buckets:createAsync`. */
  readonly async?: true
  /** Made by PUT under its name, which changes none that is there. */
  readonly madeByPut?: true
  /** Methods that change the state of one, such as `pause`, each with what is in it from then on. */
  readonly states?: Readonly<Record<string, Kept>>
  /** Query parameters of creating and changing. */
  readonly query?: Query
}

const MASKED: Query = { updateMask: 'string' }

type RouteParts = readonly [
  verb: string,
  method: Route['method'],
  path: string,
  handle: Route['handle'],
  query: Query,
]

/** The routes by which a collection's resources are made, read, listed, changed and deleted. */
export function collectionRoutes(collection: Collection): readonly Route[] {
  const { operation, path, kept, query = {} } = collection
  const of = (...[verb, method, at, handle, known]: RouteParts): Route => ({
    operation: `${operation}.${verb}`,
    method,
    path: at,
    dialect: 'google',
    query: known,
    handle,
  })
  const one = `${path}/{id}`
  const noun = operation.split('.').at(-1) ?? ''
  const parameters = {
    ...query,
    ...(collection.idParameter && { [collection.idParameter]: 'string' as const }),
  }
  const inOperation = { ...collection, inOperations: true } as const
  const make = (call: Call) => makeOne(collection, call)
  const get = (call: Call) => ok(kept.get(nameIn(call)))
  const list = (call: Call) =>
    listed(noun, pageOf(call, shelfOf(kept.in(nameIn(call))), pageSizeOf(call, 100, 1000)))
  const change = (call: Call) => changeOne(collection, call)
  const put = (state: Kept) => (call: Call) =>
    ok(kept.put(nameIn(call), { ...kept.get(nameIn(call)), ...state }))
  const remove = (call: Call) => {
    const removed = kept.remove(nameIn(call))
    return ok(collection.inOperations ? done(call, removed) : {})
  }
  return [
    ...((collection.async ?? false)
      ? [
          of('createAsync', 'POST', `${path}:createAsync`, (call) => makeOne(inOperation, call), parameters),
          of('updateAsync', 'POST', `${one}:updateAsync`, (call) => changeOne(inOperation, call), MASKED),
        ]
      : []),
    ...Object.entries(collection.states ?? {}).map(([verb, state]) =>
      of(verb, 'POST', `${one}:${verb}`, put(state), {}),
    ),
    ...(collection.madeByPut ? [] : [of('create', 'POST', path, make, parameters)]),
    of('get', 'GET', one, get, {}),
    of('list', 'GET', path, list, PAGING),
    of('patch', 'PATCH', one, change, { ...query, ...MASKED }),
    collection.madeByPut
      ? of('create', 'PUT', one, (call) => makeNamed(collection, call), {})
      : of('update', 'PUT', one, change, { ...query, ...MASKED }),
    of('delete', 'DELETE', one, remove, {}),
  ]
}

/** The name of the resource or collection that a call is about: its path without the version. */
export function nameIn({ path }: Call): string {
  return decodeURIComponent(path)
    .replace(/^\/v\w+\//, '')
    .replace(/:\w+$/, '')
}

function makeOne(collection: Collection, call: Call) {
  const { message, idParameter, within, form, kept } = collection
  const body = bodyOf(call, message)
  const id = (idParameter && call.query.get(idParameter)) || collection.id?.(body)
  if (typeof id !== 'string' || id === '') throw badRequest(idParameter ?? 'name', 'an ID is needed')
  const sent = within === undefined ? body : ((body[within] ?? {}) as Kept)
  const name = `${nameIn(call)}/${id.split('/').at(-1)}`
  const made = kept.make(name, form(name, withoutNulls(sent)))
  return ok(collection.inOperations ? done(call, made) : made)
}

function makeNamed({ message, form, kept }: Collection, call: Call) {
  const name = nameIn(call)
  return ok(kept.make(name, form(name, withoutNulls(bodyOf(call, message)))))
}

/** Google takes a null for a field that is not there. */
function withoutNulls(sent: Kept): Kept {
  return Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== null))
}

function changeOne({ kept, message, form, inOperations }: Collection, call: Call) {
  const name = nameIn(call)
  const sent = changed(kept.get(name), bodyOf(call, message), call.query.get('updateMask'))
  const after = kept.put(name, form(name, sent))
  return ok(inOperations ? done(call, after) : after)
}

function done(call: Call, response: Kept): Kept {
  const [parent = ''] = /^projects\/[^/]+(\/locations\/[^/]+)?/.exec(nameIn(call)) ?? []
  return { name: `${parent}/operations/${call.operation}-${call.earlier + 1}`, done: true, response }
}
