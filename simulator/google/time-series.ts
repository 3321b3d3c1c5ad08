import { invalid } from '../wire/google-error.js'
import { timestampOf } from '../wire/timestamp.js'
import type { Key, Project, TrafficLine, World } from '../world/world.js'
import { type Meaning, passes, type Value } from './filter.js'
import { METRIC, type TimeSeriesRequest } from './time-series-request.js'

const DAY_SECONDS = 86_400

/** Calls of one kind by one key, with the labels under which Cloud Monitoring keeps them. */
interface Series {
  readonly resource: Readonly<Record<string, string>>
  readonly metric: Readonly<Record<string, string>>
  readonly line: TrafficLine
}

/** So many calls at one moment, in seconds since 1970. */
interface Point {
  readonly second: number
  readonly calls: number
}

/** Every series of a project's consumed APIs; the resource label `credential_id` names the key. */
function seriesOf(world: World, project: Project): readonly Series[] {
  return world.keysOf(project).flatMap((key) => key.traffic.map((line) => seriesOfLine(project, key, line)))
}

/** The calls of a line between two moments, both included, oldest first. */
function pointsOf(line: TrafficLine, from: number, to: number): readonly Point[] {
  const points: Point[] = []
  const skipped = Math.ceil((from / DAY_SECONDS - 1 - line.firstDay) / line.every)
  for (let day = line.firstDay + Math.max(0, skipped) * line.every; day <= line.lastDay; day += line.every) {
    const second = day * DAY_SECONDS + line.secondOfDay
    if (second > to) break
    if (second >= from) points.push({ second, calls: line.calls })
  }
  return points
}

function seriesOfLine(project: Project, key: Key, line: TrafficLine): Series {
  return {
    line,
    resource: {
      project_id: project.id,
      service: line.service,
      method: line.method,
      version: 'v1beta',
      location: 'global',
      credential_id: `apikey:${key.uid}`,
    },
    metric: {
      response_code: String(line.code),
      response_code_class: `${Math.floor(line.code / 100)}xx`,
      protocol: 'http',
      grpc_status_code: '',
    },
  }
}

/** A time series with its points newest first, in Cloud Monitoring's form. */
export interface TimeSeries {
  readonly metric: { readonly type: string; readonly labels?: Readonly<Record<string, string>> }
  readonly resource: { readonly type: string; readonly labels: Readonly<Record<string, string>> }
  readonly metricKind: 'DELTA'
  readonly valueType: 'INT64'
  readonly points: readonly TimeSeriesPoint[]
}

interface TimeSeriesPoint {
  readonly interval: { readonly startTime: string; readonly endTime: string }
  readonly value: { readonly int64Value: string }
}

type Labels = Readonly<Record<string, string>>
/** Calls by the end of their period, in seconds. */
type Sums = Map<number, number>

interface Group {
  readonly resource: Labels
  readonly metric: Labels
  readonly sums: Sums
}

/**
 * The series of a project that the filter lets through, summed as asked. Series without a point in the
 * interval are left out.
 * @see https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.timeSeries/list
 */
export function timeSeriesOf(
  world: World,
  project: Project,
  request: TimeSeriesRequest,
): readonly TimeSeries[] {
  const groups = new Map<string, Group>()
  for (const series of seriesOf(world, project)) {
    if (!passes(request.filter, meaningOf(series))) continue
    const labels = labelsOf(series, request)
    const key = JSON.stringify(labels)
    const group = groups.get(key) ?? { ...labels, sums: new Map() }
    groups.set(key, group)
    addPoints(group.sums, series, request, world.now)
  }
  return [...groups.values()].filter((group) => group.sums.size > 0).map((group) => formOf(group, request))
}

/** Cloud Monitoring deletes what is older than six weeks. */
const MEMORY_SECONDS = 42 * 86_400

/**
 * Nothing is known of the time after the world's now, nor of what was forgotten. Periods are counted back from
 * the interval's end.
 */
function addPoints(sums: Sums, { line }: Series, request: TimeSeriesRequest, now: Date): void {
  const period = request.period ?? 0
  const periods = period === 0 ? 0 : Math.ceil((request.end - request.start) / period)
  const today = now.getTime() / 1000
  const first = period === 0 ? request.start : request.end - periods * period
  const from = Math.max(first, today - MEMORY_SECONDS)
  for (const { second, calls } of pointsOf(line, from, Math.min(request.end, today))) {
    if (second <= from) continue
    const end = period === 0 ? second : request.end - Math.floor((request.end - second) / period) * period
    sums.set(end, (sums.get(end) ?? 0) + calls)
  }
}

/** What tells series apart after reduction: the labels grouped by, and the project. */
function labelsOf(series: Series, request: TimeSeriesRequest): { resource: Labels; metric: Labels } {
  if (!request.reduces) return { resource: series.resource, metric: series.metric }
  return {
    resource: kept(series.resource, [...request.groupBy, 'resource.labels.project_id'], 'resource'),
    metric: kept(series.metric, request.groupBy, 'metric'),
  }
}

function kept(labels: Labels, fields: readonly string[], of: 'resource' | 'metric'): Labels {
  const wanted = fields.map((field) => new RegExp(`^${of}\\.labels?\\.(.+)$`).exec(field)?.[1])
  return Object.fromEntries(Object.entries(labels).filter(([name]) => wanted.includes(name)))
}

function formOf({ resource, metric, sums }: Group, request: TimeSeriesRequest): TimeSeries {
  const ends = [...sums.keys()].sort((left, right) => right - left)
  return {
    metric: { ...(Object.keys(metric).length > 0 && { labels: metric }), type: METRIC },
    resource: { type: 'consumed_api', labels: resource },
    metricKind: 'DELTA',
    valueType: 'INT64',
    points: ends.map((end) => ({
      interval: { startTime: rfc3339(end - (request.period ?? 60)), endTime: rfc3339(end) },
      value: { int64Value: String(sums.get(end)) },
    })),
  }
}

function meaningOf(series: Series): Meaning {
  return {
    compare: (field, operator, value) => {
      const text = fieldOf(series, field)
      if (operator === '=') return matches(text, value)
      if (operator === '!=') return !matches(text, value)
      throw invalid(`The simulator does not know the operator ${operator} for ${field}.`)
    },
    word: (word) => {
      throw invalid(`Invalid filter: "${word}" is no condition.`)
    },
  }
}

function fieldOf(series: Series, field: string): string {
  if (field === 'metric.type') return METRIC
  if (field === 'resource.type') return 'consumed_api'
  if (field === 'project') return series.resource['project_id'] ?? ''
  const [, of, name = ''] = /^(resource|metric)\.labels?\.(.+)$/.exec(field) ?? []
  if (!of) throw invalid(`Time series cannot be filtered by "${field}".`)
  return (of === 'resource' ? series.resource : series.metric)[name] ?? ''
}

function matches(text: string, value: Value): boolean {
  switch (value.by) {
    case undefined:
      return text === value.text
    case 'starts_with':
      return text.startsWith(value.text)
    case 'ends_with':
      return text.endsWith(value.text)
    case 'has_substring':
      return text.includes(value.text)
    case 'one_of':
      return value.texts.includes(text)
    default:
      return new RegExp(`^(?:${value.text})$`).test(text)
  }
}

function rfc3339(seconds: number): string {
  return timestampOf(new Date(seconds * 1000))
}
