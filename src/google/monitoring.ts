import { CALLS } from './calls.js'
import type { GoogleClient } from './client.js'
import { PAGE_SIZES } from './page-sizes.js'
import { pageOf, pages } from './paging.js'

const seriesPage = pageOf('timeSeries', 'unit')

/** Keys are known by a label of the resource, not of the metric; `starts_with` leaves all other callers out. */
const FILTER = [
  'metric.type="serviceruntime.googleapis.com/api/request_count"',
  'resource.type="consumed_api"',
  'resource.labels.credential_id=starts_with("apikey:")',
].join(' AND ')

/** RFC 3339; the start is left out, the end is in. */
export interface Interval {
  readonly start: string
  readonly end: string
}

/**
 * The calls that API keys of a project (`projects/123`) made to Google's APIs, page by page: a time series for
 * each key, service and response code, with a sum for each 24 hours counted back from the end. Google gives at
 * most 100,000 points a page, so a series may go on in the next one. Throws `ApiError` for a partial answer.
 * @see https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.timeSeries/list
 * @see https://cloud.google.com/monitoring/api/v3/filters
 */
export async function* listKeyTraffic(
  client: GoogleClient,
  project: string,
  { start, end }: Interval,
): AsyncGenerator<readonly unknown[]> {
  const { monitoring } = await import('googleapis/build/src/apis/monitoring/index.js')
  const { timeSeries } = monitoring({ version: 'v3', ...client.connection }).projects
  const asked = {
    name: project,
    filter: FILTER,
    'interval.startTime': start,
    'interval.endTime': end,
    'aggregation.alignmentPeriod': '86400s',
    'aggregation.perSeriesAligner': 'ALIGN_SUM', // DELTA and RATE would interpolate
    'aggregation.crossSeriesReducer': 'REDUCE_SUM',
    'aggregation.groupByFields': [
      'resource.labels.credential_id',
      'resource.labels.service',
      'metric.labels.response_code',
    ],
    view: 'FULL',
  }
  yield* pages(CALLS.listTimeSeries, project, PAGE_SIZES.points, (page) =>
    client.ask({
      call: CALLS.listTimeSeries,
      subject: project,
      send: (options) => timeSeries.list({ ...asked, ...page }, options),
      schema: seriesPage,
    }),
  )
}
