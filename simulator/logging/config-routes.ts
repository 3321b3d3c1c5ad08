import type { Right } from '../google/access.js'
import type { LogConfig } from '../installation/log-config.js'
import { param } from '../wire/call.js'
import { listedPage, shelfOf } from '../wire/pages.js'
import { PAGING } from '../wire/parameters.js'
import { googleRoutes, type Route } from '../wire/routes.js'
import type { World } from '../world/world.js'
import { demandContainer, LOG_PAGE, LOGGING } from './routes.js'

const SINKS: Right = { ...LOGGING, permission: 'logging.sinks.list' }
const BUCKETS: Right = { ...LOGGING, permission: 'logging.buckets.list' }

/** How long `_Default` keeps entries by default. */
const DEFAULT_DAYS = 30
/** Fixed by Google. */
const REQUIRED_DAYS = 400

/** Where logs go: sinks and buckets, for reading. @see https://cloud.google.com/logging/docs/reference/v2/rest */
export function logConfigRoutes(world: () => World, made: LogConfig): readonly Route[] {
  const route = googleRoutes(world)
  const listing = (
    name: string,
    path: string,
    right: Right,
    itemsOf: (world: World, container: string) => object[],
  ) =>
    route(
      `logging.${name}.list`,
      `/v2/projects/{project}/${path}`,
      (served, call) => {
        const container = `projects/${param(call, 'project')}`
        demandContainer(served, right, container)
        return listedPage(call, name, shelfOf(itemsOf(served, container)), LOG_PAGE)
      },
      { query: PAGING },
    )
  return [
    listing('sinks', 'sinks', SINKS, (served, container) => sinksOf(served, container, made)),
    listing('buckets', 'locations/-/buckets', BUCKETS, (served, container) => [
      ...bucketsOf(served, container),
      ...made.buckets.below(container),
    ]),
  ]
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
