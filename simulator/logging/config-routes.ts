import type { Right } from '../google/access.js'
import type { LogConfig } from '../installation/log-config.js'
import { type Call, param } from '../wire/call.js'
import { listed } from '../wire/listing.js'
import { pageOf, pageSizeOf, shelfOf } from '../wire/pages.js'
import { PAGING } from '../wire/parameters.js'
import type { Route } from '../wire/routes.js'
import type { World } from '../world/world.js'
import { demandContainer, LOGGING } from './routes.js'

const SINKS: Right = { ...LOGGING, permission: 'logging.sinks.list' }
const BUCKETS: Right = { ...LOGGING, permission: 'logging.buckets.list' }

/** How long `_Default` keeps entries unless somebody changes it. */
const DEFAULT_DAYS = 30
/** Fixed by Google. */
const REQUIRED_DAYS = 400

/** Where logs go: sinks and buckets, for reading. @see https://cloud.google.com/logging/docs/reference/v2/rest */
export function logConfigRoutes(world: () => World, made: LogConfig): readonly Route[] {
  const route = (operation: string, path: string, handle: (world: World, call: Call) => object[]): Route => ({
    operation: `logging.${operation}.list`,
    method: 'GET',
    path: `/v2/projects/{project}/${path}`,
    dialect: 'google',
    query: PAGING,
    handle: (call) => {
      const all = handle(world(), call)
      return listed(operation, pageOf(call, shelfOf(all), pageSizeOf(call, 50, 1000)))
    },
  })
  return [
    route('sinks', 'sinks', (served, call) => {
      demandContainer(served, SINKS, containerOf(call))
      return sinksOf(served, containerOf(call), made)
    }),
    route('buckets', 'locations/-/buckets', (served, call) => {
      demandContainer(served, BUCKETS, containerOf(call))
      const ours = made.buckets.below(containerOf(call))
      return [...bucketsOf(served, containerOf(call)), ...ours]
    }),
  ]
}

function containerOf(call: Call): string {
  return `projects/${param(call, 'project')}`
}

function sinksOf(
  { log: { own, isInDefault } }: World,
  container: string,
  { sinks, exclusions: excluded }: LogConfig,
): object[] {
  const [id = '', filter] =
    own === undefined ? [] : [own, `logName="${container}/logs/${encodeURIComponent(own)}"`]
  const exclusions = [
    ...(isInDefault || filter === undefined ? [] : [{ name: id, filter }]),
    ...excluded.in(`${container}/exclusions`),
  ]
  return [
    { name: '_Required', destination: destinationOf(container, '_Required'), filter: REQUIRED },
    {
      name: '_Default',
      destination: destinationOf(container, '_Default'),
      filter: `NOT ${REQUIRED.replaceAll(' OR ', ' AND NOT ')}`,
      ...(exclusions.length > 0 && { exclusions }),
    },
    ...(filter === undefined ? [] : [{ name: id, destination: destinationOf(container, id), filter }]),
    ...sinks.in(`${container}/sinks`),
  ]
}

const REQUIRED =
  'LOG_ID("cloudaudit.googleapis.com/activity") OR LOG_ID("externalaudit.googleapis.com/activity")'

function bucketsOf({ log: { own, retentionDays } }: World, container: string): object[] {
  const bucket = (id: string, days: number) => ({
    name: `${container}/locations/global/buckets/${id}`,
    retentionDays: days,
    lifecycleState: 'ACTIVE',
  })
  return [
    { ...bucket('_Required', REQUIRED_DAYS), locked: true },
    bucket('_Default', DEFAULT_DAYS),
    ...(own === undefined ? [] : [bucket(own, retentionDays)]),
  ]
}

function destinationOf(container: string, bucket: string): string {
  return `logging.googleapis.com/${container}/locations/global/buckets/${bucket}`
}
