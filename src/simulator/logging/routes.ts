import { demand, hidden, type Right, subjectOf } from '../google/access.js'
import type { Call } from '../wire/call.js'
import { invalid } from '../wire/google-error.js'
import { jsonBody } from '../wire/json-body.js'
import { ok } from '../wire/listing.js'
import type { Route } from '../wire/routes.js'
import type { World } from '../world/world.js'
import { entriesOf, writeRequestOf } from './entry.js'
import type { Log } from './log.js'

const WRITE: Right = {
  read: 'logs',
  service: 'logging.googleapis.com',
  title: 'Cloud Logging API',
  permission: 'logging.logEntries.create',
}

/** @see https://cloud.google.com/logging/quotas */
const REQUEST_BYTES = 10 * 1024 * 1024

/** Cloud Logging API v2: writing and listing. */
export function loggingRoutes(world: () => World, log: Log, now: () => Date): readonly Route[] {
  return [
    {
      operation: 'logging.entries.write',
      method: 'POST',
      path: '/v2/entries:write',
      dialect: 'google',
      query: [],
      handle: (call) => write(world(), log, now(), call),
    },
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

/** @throws GoogleError 403 where logs of this project or organization are refused or it is not there. */
export function demandContainer(world: World, right: Right, container: string): void {
  const [kind, id = ''] = container.split('/')
  if (kind !== 'projects') return
  const project = world.projectNamed(id)
  if (!project) throw hidden(right, container)
  demand(world, right, subjectOf(project))
}
