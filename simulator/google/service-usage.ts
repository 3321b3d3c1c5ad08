import type { serviceusage_v1 } from 'googleapis/build/src/apis/serviceusage/v1.js'
import * as z from 'zod'
import { type Call, param } from '../wire/call.js'
import type { Enumeration } from '../wire/enumeration.js'
import { badRequest, errorInfo, GoogleError, invalid } from '../wire/google-error.js'
import { bodyOf } from '../wire/json-body.js'
import { listed, ok } from '../wire/listing.js'
import { pageOf, pageSizeOf, shelfOf } from '../wire/pages.js'
import { PAGING, type Query } from '../wire/parameters.js'
import type { Route } from '../wire/routes.js'
import { enablingAt, type Project, type World } from '../world/world.js'
import { demand, hidden, type Right, subjectOf } from './access.js'
import { scopeOf } from './assets.js'
import { passes } from './filter.js'
import { parseFilter } from './filter-parser.js'

/** Services that projects have enabled since the world was made, by the projects' numbers. */
export type Enabled = Map<string, Set<string>>

/** Services that any project may enable, with the titles that consoles show. */
const SERVICE_TITLES: Readonly<Record<string, string>> = {
  'aiplatform.googleapis.com': 'Vertex AI API',
  'apikeys.googleapis.com': 'API Keys API',
  'bigquery.googleapis.com': 'BigQuery API',
  'cloudasset.googleapis.com': 'Cloud Asset API',
  'cloudresourcemanager.googleapis.com': 'Cloud Resource Manager API',
  'customsearch.googleapis.com': 'Custom Search API',
  'directions-backend.googleapis.com': 'Directions API',
  'fcm.googleapis.com': 'Firebase Cloud Messaging API',
  'firebase.googleapis.com': 'Firebase Management API',
  'firebasevertexai.googleapis.com': 'Firebase AI Logic API',
  'generativelanguage.googleapis.com': 'Gemini API',
  'geocoding-backend.googleapis.com': 'Geocoding API',
  'identitytoolkit.googleapis.com': 'Identity Toolkit API',
  'logging.googleapis.com': 'Cloud Logging API',
  'maps-android-backend.googleapis.com': 'Maps SDK for Android',
  'maps-backend.googleapis.com': 'Maps JavaScript API',
  'monitoring.googleapis.com': 'Cloud Monitoring API',
  'orgpolicy.googleapis.com': 'Organization Policy API',
  'places-backend.googleapis.com': 'Places API',
  'serviceusage.googleapis.com': 'Service Usage API',
  'sheets.googleapis.com': 'Google Sheets API',
  'speech.googleapis.com': 'Cloud Speech-to-Text API',
  'storage.googleapis.com': 'Cloud Storage API',
  'texttospeech.googleapis.com': 'Cloud Text-to-Speech API',
  'translate.googleapis.com': 'Cloud Translation API',
  'vision.googleapis.com': 'Cloud Vision API',
  'youtube.googleapis.com': 'YouTube Data API v3',
}

const API = { read: 'services', service: 'serviceusage.googleapis.com', title: 'Service Usage API' } as const
const GET: Right = { ...API, permission: 'serviceusage.services.get' }
const LIST: Right = { ...API, permission: 'serviceusage.services.list' }

const ENABLE: Right = { ...API, permission: 'serviceusage.services.enable' }
/** At most 20 at once. */
const BATCH = z.strictObject({ serviceIds: z.array(z.string()).min(1).max(20) })

const POLICY: Right = { ...API, read: 'inherited', permission: 'serviceusage.consumerpolicy.get' }

const STATE: Enumeration = { STATE_UNSPECIFIED: 0, DISABLED: 1, ENABLED: 2 }

/**
 * Service Usage API v1, and of v2beta what folders and the organization enable for all below them.
 * @see https://cloud.google.com/service-usage/docs/reference/rest
 */
export function serviceUsageRoutes(world: () => World, enabling: Enabled): readonly Route[] {
  const route = (
    operation: string,
    path: string,
    query: Query,
    enumerated: string,
    answer: (world: World, call: Call, enabling: Enabled) => ReturnType<typeof ok>,
  ): Route => ({
    operation,
    method: 'GET',
    path,
    dialect: 'google',
    query,
    enumerations: { [enumerated]: STATE },
    handle: (call) => answer(world(), call, enabling),
  })
  const services = '/v1/projects/{project}/services'
  const enabler = (verb: string, path: string, asked: (call: Call) => readonly string[]): Route => ({
    operation: `serviceusage.services.${verb}`,
    method: 'POST',
    path,
    dialect: 'google',
    query: {},
    handle: (call) => {
      const project = projectOf(world(), call, ENABLE, enabling)
      enabling.set(project.number, new Set([...(enabling.get(project.number) ?? []), ...asked(call)]))
      return ok({ name: 'operations/noop.DONE_OPERATION', done: true, response: {} })
    },
  })
  return [
    route(
      'serviceusage.services.list',
      services,
      { filter: 'string', ...PAGING },
      'services.state',
      listServices,
    ),
    route(
      'serviceusage.services.batchGet',
      `${services}:batchGet`,
      { names: 'string' },
      'services.state',
      batchGetServices,
    ),
    route('serviceusage.services.get', `${services}/{service}`, {}, 'state', getService),
    enabler('batchEnable', `${services}:batchEnable`, (call) => bodyOf(call, BATCH).serviceIds),
    enabler('enable', `${services}/{service}:enable`, (call) => [param(call, 'service')]),
    ...['organizations', 'folders'].map(
      (kind): Route => ({
        operation: 'serviceusage.consumerPolicies.get',
        method: 'GET',
        path: `/v2beta/${kind}/{id}/consumerPolicies/default`,
        dialect: 'google',
        query: {},
        handle: (call) => consumerPolicy(world(), call, kind),
      }),
    ),
  ]
}

/** @see https://cloud.google.com/service-usage/docs/reference/rest/v2beta/consumerPolicies */
function consumerPolicy(world: World, call: Call, kind: string) {
  const name = scopeOf(world, POLICY, kind, param(call, 'id'))
  const services = (enablingAt(world, name)?.services ?? []).map((service) => `services/${service}`)
  return ok({
    name: `${name}/consumerPolicies/default`,
    ...(services.length > 0 && { enableRules: [{ services }] }),
  })
}

function getService(world: World, call: Call, enabling: Enabled) {
  return ok(resourceOf(projectOf(world, call, GET, enabling), param(call, 'service')))
}

function batchGetServices(world: World, call: Call, enabling: Enabled) {
  const project = projectOf(world, call, GET, enabling)
  const names = call.query.getAll('names')
  if (names.length === 0 || names.length > 30) throw badRequest('names', 'between 1 and 30 services')
  return ok({ services: names.map((name) => resourceOf(project, name.split('/').at(-1) ?? '')) })
}

function listServices(world: World, call: Call, enabling: Enabled) {
  const project = projectOf(world, call, LIST, enabling)
  const filter = parseFilter(call.query.get('filter') ?? '')
  const names = [...new Set([...Object.keys(SERVICE_TITLES), ...project.services])].sort()
  const visible = names
    .map((name) => resourceOf(project, name))
    .filter((service) =>
      passes(filter, {
        compare: (field, operator, value) => {
          if (field !== 'state' || !':='.includes(operator))
            throw invalid(`Invalid filter: ${field}${operator}`)
          return service.state === value.text
        },
        word: (word) => {
          throw invalid(`Invalid filter: ${word}`)
        },
      }),
    )
  return listed('services', pageOf(call, shelfOf(visible), pageSizeOf(call, 50, 200)))
}

/** @throws GoogleError 403 for a service that nobody offers: Google does not tell it from a forbidden one. */
function resourceOf(
  project: Project,
  service: string,
): serviceusage_v1.Schema$GoogleApiServiceusageV1Service {
  const enabled = project.services.some((name) => name.toLowerCase() === service.toLowerCase())
  const title = SERVICE_TITLES[service]
  if (!enabled && title === undefined) {
    throw new GoogleError('PERMISSION_DENIED', `Not found or permission denied for service(s): ${service}.`, [
      errorInfo('SERVICE_CONFIG_NOT_FOUND_OR_PERMISSION_DENIED', 'serviceusage.googleapis.com', {
        services: service,
      }),
    ])
  }
  return {
    name: `projects/${project.number}/services/${service}`,
    config: { name: service, ...(title && { title }) },
    state: enabled ? 'ENABLED' : 'DISABLED',
    parent: `projects/${project.number}`,
  }
}

function projectOf(world: World, call: Call, right: Right, enabling: Enabled): Project {
  const name = param(call, 'project')
  const project = world.projectNamed(name)
  if (project?.state !== 'ACTIVE') throw hidden(right, `projects/${name}`)
  demand(world, right, subjectOf(project))
  const since = enabling.get(project.number)
  return since === undefined ? project : { ...project, services: [...project.services, ...since] }
}
