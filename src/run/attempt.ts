import { CLOCK_SKEW, dayOf, OLDEST_SCHEDULE, parseInstant, secondsBetween, toTheSecond } from '../calendar.js'
import {
  auditName,
  type Config,
  configOf,
  type ReadConfig,
  readSettings,
  type Settings,
} from '../config/config.js'
import { DEFAULTS, OPTIONS, type OptionValues } from '../config/options.js'
import { deliverAll } from '../deliver/deliver-all.js'
import { DeliveryError } from '../deliver/delivery.js'
import { ConfigError, explanationText } from '../errors.js'
import type { RequestCount } from '../google/calls.js'
import { createGoogle } from '../google/client.js'
import { ArchiveError } from '../history/archive-store.js'
import { beginningOf } from '../history/executions.js'
import type { FailedRun } from '../history/judged-run.js'
import type { ReadingListener } from '../inventory/reading.js'
import type { Instant, Run } from '../model.js'
import { originOf, storeFor } from './archive-stores.js'
import { type Assembled, assemble, policyProblems } from './assemble.js'
import { audit, type Outcome, type RunDependencies } from './audit.js'
import { deliveriesFor } from './deliveries.js'
import { failedRun } from './failed-run.js'
import type { RequestLimits } from './request-limits.js'

/** What an entry adds to the settings of a run. */
export interface Attempt {
  readonly now: () => Date
  /** Whether the run is delivered, and not only returned. */
  readonly deliver: boolean
  /** `X-CloudScheduler-ScheduleTime`, where Cloud Scheduler asked. */
  readonly scheduled?: string | undefined
  /** Aborts with `Stopped` when the reading is to end before its time. */
  readonly stop?: AbortSignal | undefined
  readonly progress?: ReadingListener['progress']
  /** Length of a quota's minute in milliseconds, where a simulator's minute passes faster. */
  readonly minute?: number | undefined
  readonly limits?: RequestLimits | undefined
  /** Is called for each delivery that has arrived whole, and for the archive that holds the run. */
  readonly delivered?: RunDependencies['delivered']
  /** Is called with how often each operation was asked, when the run has ended. */
  readonly counted?: (requests: readonly RequestCount[]) => void
}

/** What is known of an attempt before its parts are built. */
interface Beginning {
  readonly settings: Settings
  readonly read: ReadConfig
  readonly run: Run
  readonly attempt: Omit<Attempt, 'now'> & { readonly now: () => Instant; readonly isRetried: boolean }
}

/**
 * One attempt of a run, from its settings to its outcome: what both entries call. A wrong configuration is a
 * failed run, delivered as far as the rest of the configuration reaches, so that "failed" and "never ran" differ.
 */
export async function attempt(settings: Settings, { now, ...attempt }: Attempt): Promise<Outcome> {
  const instant = () => now().toISOString() as Instant
  const started = instant()
  const read = readSettings(settings)
  const { scope = [], timeZone = 'UTC' } = read.values
  const execution = attempt.deliver ? executionIn(settings) : undefined
  const began = await executionBegan(read, execution, started)
  const asked = { ...read.values, name: auditName(read.values), scope, timeZone }
  const run = { ...identifyRun(asked, began ?? started, attempt.scheduled), reading: started }
  const isRetried = execution !== undefined || isScheduled(started, attempt.scheduled)
  const beginning = { settings, read, run, attempt: { ...attempt, now: instant, isRetried } }
  const parts = await built(beginning).catch((error: unknown) => failedRun(run, error))
  if ('kind' in parts) return deliverFailure(parts, beginning)
  try {
    return await audit(run, { ...parts, delivered: attempt.delivered })
  } finally {
    parts.end()
    attempt.counted?.(parts.requests())
  }
}

/** The parts of the run. Throws a `ConfigError` with every problem, those of the policy included. */
async function built({ settings, read, run, attempt }: Beginning): Promise<Assembled> {
  if (read.problems.length === 0) return assemble(configOf(read), settings.env, attempt)
  const policy = await policyProblems(reachable(read.values, settings), run.asOf, attempt)
  throw new ConfigError('OPTION_WRONG', read.problems, policy)
}

async function deliverFailure(failed: FailedRun, { settings, read, attempt }: Beginning): Promise<Outcome> {
  const { now, deliver, delivered } = attempt
  if (!deliver) return { run: failed, undelivered: [] }
  try {
    const deliveries = await deliveriesFor(reachable(read.values, settings), settings.env, attempt)
    return { run: failed, undelivered: await deliverAll(failed, deliveries, { now, delivered }) }
  } catch (error) {
    const why = error instanceof Error ? error.name : String(error)
    const cause = `Reporting the failed run failed through a fault of its own (${why})`
    const explanation = {
      code: 'FAULT',
      cause,
      advice: { say: 'report it, with the version of the program' },
    }
    const nobody = new DeliveryError('everybody', true, explanationText(explanation), explanation)
    return { run: failed, undelivered: [nobody] }
  }
}

/** A simulator whose address is wrong is no reason to ask or to write to Google instead. */
function reachable(values: OptionValues, { env }: Settings): OptionValues {
  const meant = (env[OPTIONS.googleApiUrl.variable] ?? '').trim() !== ''
  if (!meant || values.googleApiUrl !== undefined) return values
  const { policy, ...others } = values
  return { ...others, ...(policy?.startsWith('gs://') ? {} : { policy }), logProject: 'none' }
}

/**
 * Which run an attempt belongs to. Cloud Scheduler keeps `X-CloudScheduler-ScheduleTime` the same over its
 * retries, so that it names the run; a header that is older than 3 hours or ahead of our clock by more than a
 * minute (as on a forced run, which carries the next time) is not believed, and the start names the run.
 *
 * @see https://cloud.google.com/scheduler/docs/reference/rpc/google.cloud.scheduler.v1#httptarget
 */
export function identifyRun(
  config: Pick<Config, 'name' | 'scope' | 'timeZone' | 'asOf'>,
  started: Instant,
  scheduleHeader?: string,
): Run {
  const time = toTheSecond(believedSchedule(started, scheduleHeader) ?? started)
  return {
    audit: config.name,
    time,
    reading: started,
    asOf: config.asOf ?? dayOf(time, config.timeZone),
    asOfOverridden: config.asOf !== undefined,
    scope: config.scope,
  }
}

/** Whether Cloud Scheduler asked, which asks again for the same run when it fails. */
function isScheduled(started: Instant, scheduleHeader: string | undefined): boolean {
  return believedSchedule(started, scheduleHeader) !== undefined
}

function believedSchedule(started: Instant, header: string | undefined): Instant | undefined {
  const scheduled = header === undefined ? undefined : parseInstant(header)
  if (scheduled === undefined) return undefined
  const age = secondsBetween(scheduled, started)
  return age <= OLDEST_SCHEDULE && age >= -CLOCK_SKEW ? scheduled : undefined
}

/**
 * The execution of a Cloud Run job that this process is an attempt at; undefined elsewhere.
 * @see https://cloud.google.com/run/docs/container-contract#jobs-env-vars
 */
function executionIn({ env }: Settings): string | undefined {
  const { CLOUD_RUN_EXECUTION: execution = '', CLOUD_RUN_TASK_ATTEMPT: attempt = '' } = env
  return /^[a-z][a-z0-9-]{0,62}$/.test(execution) && /^\d+$/.test(attempt) ? execution : undefined
}

/**
 * When the first attempt at the execution began, where there is an archive that remembers it. One that cannot be used
 * is met again, and reported, when the run is compared.
 */
async function executionBegan(
  { values, problems }: ReadConfig,
  execution: string | undefined,
  started: Instant,
): Promise<Instant | undefined> {
  const { archive, pace = DEFAULTS.pace } = values
  if (execution === undefined || archive === undefined || problems.length > 0) return undefined
  try {
    const store = storeFor(archive, createGoogle({ pace, ...originOf(values) }))
    return await beginningOf(store, { audit: auditName(values), execution, started })
  } catch (error) {
    if (error instanceof ArchiveError) return undefined
    throw error
  }
}
