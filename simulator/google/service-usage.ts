import type { serviceusage_v1 } from 'googleapis/build/src/apis/serviceusage/v1.js'
import * as z from 'zod'
import { type Answer, type Call, ok, param } from '../wire/call.js'
import type { Enumeration } from '../wire/enumeration.js'
import { badRequest, errorInfo, GoogleError, invalid } from '../wire/google-error.js'
import { bodyOf } from '../wire/json-body.js'
import { listedPage, shelfOf } from '../wire/pages.js'
import { PAGING } from '../wire/parameters.js'
import { googleRoutes, type Route } from '../wire/routes.js'
import type { Changes } from '../world/changed.js'
import { enablingAt, type Project, type World } from '../world/world.js'
import { activeProject, type Right, scopeOf } from './access.js'
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
const DISABLE: Right = { ...API, permission: 'serviceusage.services.disable' }
const DONE = ok({ name: 'operations/noop.DONE_OPERATION', done: true, response: {} })

/** At most 20 at once. */
const BATCH = z.strictObject({ serviceIds: z.array(z.string()).min(1).max(20) })

const POLICY: Right = { ...API, read: 'inherited', permission: 'serviceusage.consumerpolicy.get' }

const STATE: Enumeration = { STATE_UNSPECIFIED: 0, DISABLED: 1, ENABLED: 2 }

/**
 * Service Usage API v1, and of v2beta what folders and the organization enable for all below them.
 * @see https://cloud.google.com/service-usage/docs/reference/rest
 */
export function serviceUsageRoutes(
  world: () => World,
  enabling: Enabled,
  changes?: Changes,
): readonly Route[] {
  const route = googleRoutes(world)
  const services = '/v1/projects/{project}/services'
  const projectOf = (served: World, call: Call, right: Right): Project => {
    const project = activeProject(served, call, right)
    const since = enabling.get(project.number)
    return since === undefined ? project : { ...project, services: [...project.services, ...since] }
  }
  const reading =
    (right: Right, answer: (project: Project, call: Call) => Answer) => (served: World, call: Call) =>
      answer(projectOf(served, call, right), call)
  const inList = { 'services.state': STATE }
  return [
    route('serviceusage.services.list', services, reading(LIST, listServices), {
      query: { filter: 'string', ...PAGING },
      enumerations: inList,
    }),
    route('serviceusage.services.batchGet', `${services}:batchGet`, reading(GET, batchGetServices), {
      query: { names: 'string' },
      enumerations: inList,
    }),
    route('serviceusage.services.get', `${services}/{service}`, reading(GET, getService), {
      enumerations: { state: STATE },
    }),
    ...switchingRoutes(world, enabling, changes),
    ...['organizations', 'folders'].map((kind) =>
      route(
        'serviceusage.consumerPolicies.get',
        `/v2beta/${kind}/{id}/consumerPolicies/default`,
        (served, call) => consumerPolicy(served, call, kind),
      ),
    ),
  ]
}

/** Services are switched on for the caller alone, or in the world where that is there to be changed. */
function switchingRoutes(world: () => World, enabling: Enabled, changes?: Changes): readonly Route[] {
  const route = googleRoutes(world)
  const services = '/v1/projects/{project}/services'
  const enabler = (verb: string, path: string, asked: (call: Call) => readonly string[]) =>
    route(
      `serviceusage.services.${verb}`,
      path,
      (served, call) => {
        const project = activeProject(served, call, ENABLE)
        const { number } = project
        if (changes !== undefined)
          for (const service of asked(call)) changes.setService(project, service, true)
        else enabling.set(number, new Set([...(enabling.get(number) ?? []), ...asked(call)]))
        return DONE
      },
      { method: 'POST' },
    )
  const disable = (served: World, call: Call) => {
    changes?.setService(activeProject(served, call, DISABLE), param(call, 'service'), false)
    return DONE
  }
  return [
    enabler('batchEnable', `${services}:batchEnable`, (call) => bodyOf(call, BATCH).serviceIds),
    enabler('enable', `${services}/{service}:enable`, (call) => [param(call, 'service')]),
    ...(changes === undefined
      ? []
      : [
          route('serviceusage.services.disable', `${services}/{service}:disable`, disable, {
            method: 'POST',
          }),
        ]),
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

function getService(project: Project, call: Call) {
  return ok(resourceOf(project, param(call, 'service')))
}

function batchGetServices(project: Project, call: Call) {
  const names = call.query.getAll('names')
  if (names.length === 0 || names.length > 30) throw badRequest('names', 'between 1 and 30 services')
  return ok({ services: names.map((name) => resourceOf(project, name.split('/').at(-1) ?? '')) })
}

function listServices(project: Project, call: Call) {
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
  return listedPage(call, 'services', shelfOf(visible), { usual: 50, most: 200 })
}

/** @throws GoogleError 403 for a service that does not exist, as for a forbidden one. */
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
