import { type Right, scopeOf } from '../google/access.js'
import { type Call, ok } from '../wire/call.js'
import { invalid } from '../wire/google-error.js'
import { bodyOf, jsonBody } from '../wire/json-body.js'
import { listedPage, shelfOf } from '../wire/pages.js'
import { googleRoutes, type Route } from '../wire/routes.js'
import type { World } from '../world/world.js'
import { entriesOf, SEVERITY_NUMBERS, writeRequestOf } from './entry.js'
import { entryForm, LIST_REQUEST, queriedEntries, resourceNamesOf } from './list.js'
import type { Log } from './log.js'

export const LOGGING = {
  read: 'logs',
  service: 'logging.googleapis.com',
  title: 'Cloud Logging API',
} as const
const WRITE: Right = { ...LOGGING, permission: 'logging.logEntries.create' }
const LIST: Right = { ...LOGGING, permission: 'logging.logEntries.list' }

export const LOG_PAGE = { usual: 50, most: 1000 }

/** @see https://cloud.google.com/logging/quotas */
const REQUEST_BYTES = 10 * 1024 * 1024

/** Cloud Logging API v2: writing and listing. */
export function loggingRoutes(world: () => World, log: Log, now: () => Date): readonly Route[] {
  const route = googleRoutes(world)
  return [
    route('logging.entries.write', '/v2/entries:write', (served, call) => write(served, log, now(), call), {
      method: 'POST',
    }),
    route('logging.entries.list', '/v2/entries:list', (served, call) => list(served, log, call), {
      method: 'POST',
      enumerations: { 'entries.severity': SEVERITY_NUMBERS },
    }),
  ]
}

function write(world: World, log: Log, now: Date, call: Call) {
  if (call.body.length > REQUEST_BYTES) {
    throw invalid(`Request payload size exceeds the limit: ${REQUEST_BYTES} bytes.`)
  }
  const request = writeRequestOf(jsonBody(call))
  const entries = entriesOf(request, now)
  for (const container of new Set(entries.map((entry) => entry.logName.split('/logs/', 1)[0] ?? ''))) {
    demandContainer(world, WRITE, container)
  }
  if (!request.dryRun) log.write(entries)
  return ok({})
}

function list(world: World, log: Log, call: Call) {
  const body = bodyOf(call, LIST_REQUEST)
  for (const name of resourceNamesOf(body)) demandContainer(world, LIST, name)
  const asked = { ...call, query: parametersOf(body) }
  return listedPage(asked, 'entries', shelfOf(queriedEntries(log, body)), LOG_PAGE, entryForm)
}

/** What a listing by POST has in its body, as if it stood in the query: paging looks there. */
function parametersOf(body: Readonly<Record<string, unknown>>): URLSearchParams {
  return new URLSearchParams(
    Object.entries(body).map(([name, value]): [string, string] => [name, String(value)]),
  )
}

/** @throws GoogleError 403 where logs of this project or organization are refused or it is not there. */
export function demandContainer(world: World, right: Right, container: string): void {
  const [kind, id = ''] = container.split('/')
  if (kind === 'projects') scopeOf(world, right, kind, id)
}
