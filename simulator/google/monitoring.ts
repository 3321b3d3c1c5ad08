import type { Call } from '../wire/call.js'
import type { Enumeration } from '../wire/enumeration.js'
import { badRequest } from '../wire/google-error.js'
import { listed, pageOf, type Shelf } from '../wire/pages.js'
import { googleRoutes, type Route } from '../wire/routes.js'
import type { World } from '../world/world.js'
import { activeProject, type Right } from './access.js'
import { type TimeSeries, timeSeriesOf } from './time-series.js'
import { TIME_SERIES_QUERY, timeSeriesRequestOf } from './time-series-request.js'

const LIST: Right = {
  read: 'traffic',
  service: 'monitoring.googleapis.com',
  title: 'Cloud Monitoring API',
  permission: 'monitoring.timeSeries.list',
}

/** What Cloud Monitoring adds to a partial answer; the answer itself is a 200. */
const DEADLINE = { code: 4, message: 'Some of the time series could not be read in time.' }

const METRIC_KIND: Enumeration = { METRIC_KIND_UNSPECIFIED: 0, GAUGE: 1, DELTA: 2, CUMULATIVE: 3 }
const VALUE_TYPE: Enumeration = { VALUE_TYPE_UNSPECIFIED: 0, BOOL: 1, INT64: 2, DOUBLE: 3, STRING: 4 }

/** Cloud Monitoring API v3: the traffic of credentials, one project at a time. */
export function monitoringRoutes(world: () => World): readonly Route[] {
  const route = googleRoutes(world)
  return [
    route('monitoring.timeSeries.list', '/v3/projects/{project}/timeSeries', listTimeSeries, {
      query: TIME_SERIES_QUERY,
      enumerations: { 'timeSeries.metricKind': METRIC_KIND, 'timeSeries.valueType': VALUE_TYPE },
    }),
  ]
}

/** Pages are counted in points, so a series may go on over several of them. */
function listTimeSeries(world: World, call: Call) {
  const project = activeProject(world, call, LIST)
  const request = timeSeriesRequestOf(call)
  const series = timeSeriesOf(world, project, request)
  if (request.view === 'HEADERS') throw badRequest('view', 'the simulator gives whole series only')
  const visible = project.partialTraffic ? series.slice(0, Math.floor(series.length / 2)) : series
  const page = pageOf(call, singlePoints(visible), request.pageSize)
  const errors = project.partialTraffic ? { executionErrors: [DEADLINE] } : {}
  return listed('timeSeries', { ...page, items: reunited(page.items) }, { unit: '1', ...errors })
}

/** Each series at its position, once for each of its points. */
function singlePoints(series: readonly TimeSeries[]): Shelf<TimeSeries> {
  return {
    length: series.length,
    at: (position) =>
      series
        .slice(position, position + 1)
        .flatMap((one) => one.points.map((point) => ({ ...one, points: [point] }))),
  }
}

/** Neighbouring points of one series under one head again. */
function reunited(pieces: readonly TimeSeries[]): readonly TimeSeries[] {
  const whole: { head: TimeSeries; points: TimeSeries['points'][number][] }[] = []
  for (const piece of pieces) {
    const last = whole.at(-1)
    const continues = last && last.head.metric === piece.metric && last.head.resource === piece.resource
    if (continues) last.points.push(...piece.points)
    else whole.push({ head: piece, points: [...piece.points] })
  }
  return whole.map(({ head, points }) => ({ ...head, points }))
}
