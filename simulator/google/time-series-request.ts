import type { Call } from '../wire/call.js'
import { badRequest, notFound } from '../wire/google-error.js'
import { enumerationAsked, PAGING, type Query } from '../wire/parameters.js'
import { comparisonsOf, type Filter } from './filter.js'
import { parseFilter } from './filter-parser.js'

/** The one metric of this simulator: calls to Google's APIs by credential. */
export const METRIC = 'serviceruntime.googleapis.com/api/request_count'

/** Of the enumerations what the simulator computes, with Google's numbers. */
const ALIGNERS = { ALIGN_NONE: 0, ALIGN_DELTA: 1, ALIGN_SUM: 14 } as const
const REDUCERS = { REDUCE_NONE: 0, REDUCE_SUM: 4 } as const
const VIEW = { FULL: 0, HEADERS: 1 } as const

/** What a `timeSeries.list` asks for, checked. */
export interface TimeSeriesRequest {
  readonly filter: Filter | undefined
  /** Seconds since 1970; the start is left out, the end is in. */
  readonly start: number
  readonly end: number
  /** Seconds; undefined for points as they were written. */
  readonly period: number | undefined
  readonly reduces: boolean
  readonly groupBy: readonly string[]
  readonly view: keyof typeof VIEW
  readonly pageSize: number
  readonly pageToken: string | undefined
}

/** Query parameters of `timeSeries.list`. */
export const TIME_SERIES_QUERY: Query = {
  filter: 'string',
  'interval.startTime': 'timestamp',
  'interval.endTime': 'timestamp',
  'aggregation.alignmentPeriod': 'string',
  'aggregation.perSeriesAligner': 'string',
  'aggregation.crossSeriesReducer': 'string',
  'aggregation.groupByFields': 'string',
  view: VIEW,
  ...PAGING,
}

/** @throws GoogleError 400 for what Cloud Monitoring refuses, 404 for a metric that is not there. */
export function timeSeriesRequestOf(call: Call): TimeSeriesRequest {
  const { query } = call
  const filter = parseFilter(query.get('filter') ?? '')
  demandMetric(filter)
  const end = secondsOf(query.get('interval.endTime'), 'interval.end_time')
  const startText = query.get('interval.startTime')
  const start = startText === null ? end : secondsOf(startText, 'interval.start_time')
  if (startText !== null && start >= end) {
    throw badRequest('interval.start_time', 'must be earlier than the end time')
  }
  const aligner = enumerationAsked(call, 'aggregation.perSeriesAligner', ALIGNERS)
  const reducer = enumerationAsked(call, 'aggregation.crossSeriesReducer', REDUCERS)
  const period = aligner === 'ALIGN_NONE' ? undefined : periodOf(query.get('aggregation.alignmentPeriod'))
  if (reducer !== 'REDUCE_NONE' && period === undefined) {
    throw badRequest('aggregation.cross_series_reducer', 'needs an aligner other than ALIGN_NONE')
  }
  return {
    filter,
    start,
    end,
    period,
    reduces: reducer !== 'REDUCE_NONE',
    groupBy: query.getAll('aggregation.groupByFields'),
    view: enumerationAsked(call, 'view', VIEW),
    pageSize: pageSizeOf(query.get('pageSize')),
    pageToken: query.get('pageToken') ?? undefined,
  }
}

function demandMetric(filter: Filter | undefined): void {
  const metrics = comparisonsOf(filter).filter((part) => part.field === 'metric.type')
  if (metrics.length !== 1) throw badRequest('filter', 'must name exactly one metric.type')
  const asked = metrics[0]?.value.text
  if (asked !== METRIC) throw notFound(`Cannot find metric(s) that match type = "${asked}".`)
}

function secondsOf(text: string | null, field: string): number {
  const seconds = Date.parse(text ?? '') / 1000
  if (Number.isNaN(seconds)) throw badRequest(field, `"${text ?? ''}" is not a time`)
  return seconds
}

function periodOf(text: string | null): number {
  const seconds = Number(/^(\d+)s$/.exec(text ?? '')?.[1])
  if (!(seconds >= 60)) throw badRequest('aggregation.alignment_period', 'must be at least 60s')
  return seconds
}

function pageSizeOf(text: string | null): number {
  const asked = Number(text ?? 0)
  if (!Number.isInteger(asked) || asked < 0) throw badRequest('page_size', `"${text}" is not a number`)
  return asked === 0 ? 100_000 : Math.min(asked, 100_000)
}
