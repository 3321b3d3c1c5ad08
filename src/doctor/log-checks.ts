import type { Advice } from '../errors.js'
import { type LogBucket, type LogSink, listBuckets, listSinks } from '../google/logconfig.js'
import { commandLine } from '../policy/shell.js'
import type { Check } from './check.js'
import { type Outcome, outcomeOf, troubled, works } from './trial.js'

/** Days for which records have to be kept. */
export const KEPT_DAYS = 400

/** Writing records. */
export const entriesWrite: Check = {
  call: 'entries.write',
  actor: 'google',
  covers: [],
  needs: 'Writes the records; tried by a write that Cloud Logging checks and does not store.',
  otherwise: 'The run’s delivery fails: the function answers 500.',
  isNeeded: ({ log }) => log !== undefined,
  try: async ({ log }) => {
    if (log === undefined) return []
    const outcome = await outcomeOf(async () => {
      await log.rehearse()
      return works('would be taken')
    })
    return [{ on: `${log.project}/logs/${log.logName}`, outcome }]
  },
}

/** How long records are kept. */
export const retention: Check = {
  call: 'sinks.list, buckets.list',
  actor: 'google',
  covers: [],
  needs: `Shows that records lie in a log bucket of their own, for ${KEPT_DAYS} days at least, and not in _Default.`,
  otherwise:
    'Fails where they are kept for less; a warning where they lie in _Default as well, or the auditor may not look.',
  isNeeded: ({ log }) => log !== undefined,
  try: async ({ log, google }) => {
    if (log === undefined) return []
    const outcome = await outcomeOf(async () => {
      const sinks = await listSinks(google, log.project)
      const projects = new Set([log.project, ...bucketProjects(sinks)])
      const buckets = (await Promise.all([...projects].map((project) => listBuckets(google, project)))).flat()
      return routing(log, sinks, buckets)
    })
    return [{ on: `${log.project}/logs/${log.logName}`, outcome }]
  },
}

/** Where the log of an audit lies: its project, and its name. */
export interface RecordPlace {
  /** `projects/acme`. */
  readonly project: string
  readonly logName: string
}

/** A bucket that takes the log, and the sink that sends it there. */
interface Way {
  readonly sink: LogSink
  readonly bucket: LogBucket
}

const DESTINATION = /^logging\.googleapis\.com\/(projects\/[^/]+)\/locations\/[^/]+\/buckets\/(.+)$/

/** The projects in which the sinks' buckets lie. */
function bucketProjects(sinks: readonly LogSink[]): ReadonlySet<string> {
  return new Set(sinks.flatMap(({ destination }) => DESTINATION.exec(destination)?.[1] ?? []))
}

/**
 * Whether the log lies in a bucket of its own that keeps it long enough, and nowhere else. Filters are not
 * worked out in full: one that names the log takes it, and one that is empty takes everything.
 */
export function routing(
  place: RecordPlace,
  sinks: readonly LogSink[],
  buckets: readonly LogBucket[],
): Outcome {
  const ways = waysOf(place, sinks, buckets)
  const [longest] = ways.filter(({ bucket }) => !isShared(bucket)).toSorted(byDays)
  if (longest === undefined) return troubled('fails', homeless(ways), setUp(place))
  const { name, retentionDays, locked } = longest.bucket
  const kept = `${name} keeps them ${retentionDays} days${locked ? ', locked' : ''}`
  if (retentionDays < KEPT_DAYS) {
    return troubled('fails', `${kept}, and has to for ${KEPT_DAYS} at least`, lengthen(name))
  }
  const shared = ways.find(({ bucket }) => isShared(bucket))
  if (shared === undefined) return works(kept)
  return troubled('warning', `${kept}, and they lie in _Default as well`, keepOut(place, shared.sink.name))
}

function waysOf(
  place: RecordPlace,
  sinks: readonly LogSink[],
  buckets: readonly LogBucket[],
): readonly Way[] {
  return sinks.flatMap((sink) => {
    const bucket = buckets.find(({ name }) => sink.destination === `logging.googleapis.com/${name}`)
    const isThere = bucket !== undefined && (bucket.lifecycleState ?? 'ACTIVE') === 'ACTIVE'
    return isThere && takes(sink, place) ? [{ sink, bucket }] : []
  })
}

/** Google's own sink `_Required` takes audit logs alone; `_Default` takes all the rest. */
function takes({ name, filter, disabled, exclusions }: LogSink, place: RecordPlace): boolean {
  if (disabled || name === '_Required') return false
  const isExcluded = exclusions.some(
    (each) => each.disabled !== true && (each.filter === '' || names(each.filter, place)),
  )
  if (isExcluded) return false
  if (filter === '') return true
  const isNamed = names(filter, place)
  const isNegated = isNamed && /\bNOT\b|!=|(^|[\s(])-\w/.test(filter)
  return name === '_Default' ? !isNegated : isNamed && !isNegated
}

function names(filter: string, { logName }: RecordPlace): boolean {
  return [logName, encodeURIComponent(logName)].some((name) =>
    new RegExp(`/logs/${escaped(name)}(?![\\w./%-])|log_id\\("${escaped(name)}"\\)`, 'i').test(filter),
  )
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^$|()[\]{}\\/-]/g, '\\$&')
}

function isShared({ name }: LogBucket): boolean {
  return /\/buckets\/_(Default|Required)$/.test(name)
}

function byDays(left: Way, right: Way): number {
  return right.bucket.retentionDays - left.bucket.retentionDays
}

function homeless(ways: readonly Way[]): string {
  const [shared] = ways
  if (shared === undefined) return 'no log bucket takes the records'
  return `the records lie in ${shared.bucket.name} alone, which keeps everybody’s logs ${shared.bucket.retentionDays} days`
}

function setUp({ project, logName }: RecordPlace): Advice {
  const id = project.split('/')[1] ?? project
  const bucket = 'gemini-key-audit'
  const create = commandLine(
    ...['gcloud', 'logging', 'buckets', 'create', bucket, '--location=global'],
    ...[`--retention-days=${KEPT_DAYS}`, `--project=${id}`],
  )
  const destination = `logging.googleapis.com/${project}/locations/global/buckets/${bucket}`
  const send = commandLine(
    ...['gcloud', 'logging', 'sinks', 'create', bucket, destination],
    ...[`--log-filter=logName="${project}/logs/${encodeURIComponent(logName)}"`, `--project=${id}`],
  )
  return { say: 'make a bucket and a sink for them', command: `${create} && ${send}` }
}

function lengthen(bucket: string): Advice {
  const [, project = '', , location = '', , id = ''] = bucket.split('/')
  const update = ['gcloud', 'logging', 'buckets', 'update', id, `--location=${location}`]
  return {
    say: 'lengthen it',
    command: commandLine(...update, `--retention-days=${KEPT_DAYS}`, `--project=${project}`),
  }
}

function keepOut({ project, logName }: RecordPlace, sink: string): Advice {
  const filter = `logName="${project}/logs/${encodeURIComponent(logName)}"`
  const update = ['gcloud', 'logging', 'sinks', 'update', sink]
  const exclusion = `--add-exclusion=name=gemini-key-audit,filter=${filter}`
  return {
    say: 'keep them out',
    command: commandLine(...update, exclusion, `--project=${project.split('/')[1] ?? ''}`),
  }
}
