import { randomBytes } from 'node:crypto'
import { GoogleAuth } from 'google-auth-library'
import type { AssessmentOptions } from './assessment.js'
import type { Parts } from './audit.js'
import { dayOf } from './calendar.js'
import { isLoopback } from './config/checks.js'
import type { Config } from './config/config.js'
import type { OptionValues } from './config/options.js'
import type { Delivery } from './deliver/delivery.js'
import { DeliveryError } from './deliver/error.js'
import { LogDelivery } from './deliver/log-delivery.js'
import { RecordLog, type RecordLogLimits, type RecordLogOptions } from './deliver/logging.js'
import { ReportDelivery } from './deliver/report-delivery.js'
import { SlackChannel, type SlackOptions } from './deliver/slack.js'
import { SlackDelivery } from './deliver/slack-delivery.js'
import { SlackTrial } from './deliver/slack-trial.js'
import type { Site } from './doctor/check.js'
import type { LogTrial } from './doctor/tellers.js'
import { ConfigError } from './errors.js'
import { EXPORT_PAUSES } from './google/asset-export.js'
import { createGoogle, type GoogleClient, type GoogleOptions } from './google/client.js'
import { type Credentials, credentialsFor } from './google/credentials.js'
import { ApiError } from './google/errors.js'
import type { RequestCount } from './google/tally.js'
import { termOf } from './google/term.js'
import { RunArchive } from './history/archive.js'
import { BucketPlace } from './history/bucket.js'
import { Claims } from './history/claims.js'
import { type Baseline, typeIn } from './history/comparison.js'
import { DirectoryPlace } from './history/directory.js'
import type { Place } from './history/place.js'
import { runsBefore } from './history/recent.js'
import type { ExportPlace } from './inventory/exported-assets.js'
import { createInventory, type InventoryOptions } from './inventory/inventory.js'
import type { JudgedRun } from './judged-run.js'
import type { Day, Instant } from './model.js'
import type { Route } from './policy/policy.js'
import { exclusionFor } from './policy/waivers.js'
import { readPolicy } from './policy-source.js'
import type { ChartRun } from './report/chart/runs.js'

type Env = Readonly<Record<string, string | undefined>>

/** How long and how large single requests may get, where the usual limits do not fit. */
export interface RequestLimits {
  readonly google?: Pick<GoogleOptions, 'timeLimit' | 'sizeLimit' | 'patience'>
  readonly logging?: Partial<RecordLogLimits>
  readonly slack?: Pick<SlackOptions, 'timeout' | 'patience' | 'wait'>
}

interface Use extends Pick<AssessmentOptions, 'progress'> {
  readonly now: () => Instant
  /** Whether anybody but the caller hears of the run. */
  readonly deliver: boolean
  /** Length of a quota's minute in milliseconds, where a simulator's minute passes faster. */
  readonly minute?: number | undefined
  readonly limits?: RequestLimits | undefined
  /** Aborts with `Stopped` when the reading is to end before its time. */
  readonly stop?: AbortSignal | undefined
  /** Whether the same run is asked for again when it fails. */
  readonly isRetried?: boolean
}

/** The parts of a run, and how often each operation of Google's was asked so far. */
export interface Assembled extends Parts {
  readonly requests: () => readonly RequestCount[]
}

/** The project that simulated credentials belong to, where no variable names another. */
const SIMULATED_PROJECT = 'simulator'

/** Milliseconds between two messages; Slack takes one a second in a channel, the simulator any number. */
const SLACK_PAUSE = 1_000

/** Builds the working parts of a run: the only place where adapters meet their settings. */
export async function assemble(
  config: Config,
  env: Env,
  { now, deliver, progress, minute, limits = {}, stop, isRetried = false }: Use,
): Promise<Assembled> {
  const google = createGoogle({
    pace: config.pace,
    ...(minute && { minute }),
    ...originOf(config),
    organization: organizationIn(config.scope),
    ...limits.google,
  })
  const term = termOf(config.timeBudget, stop)
  const reader = google.until(term.signal, term.left)
  const place = config.archive === undefined ? undefined : placeFor(config.archive, google)
  const earlier = runsBeforeIn(place)
  return {
    now,
    requests: () => google.requests(),
    records: config.records,
    timeZone: config.timeZone,
    remarks: deliver ? remarksOn(config) : [],
    isRetried,
    ...(progress === undefined ? {} : { progress }),
    readPolicy: (asOf) => readPolicy(config.policy, { asOf, today: dayOf(now(), config.timeZone) }, reader),
    inventoryFor: (policy, asOf, baseline) =>
      createInventory(google, {
        scopes: config.scope,
        mode: config.inventory,
        ...exportTo(config, now()),
        isExcluded: (project) => exclusionFor(policy, project, asOf) !== undefined,
        ...term,
        now,
        ...agendaOf(baseline),
        rememberedType: (uid) => typeIn(baseline, uid),
      }),
    ...memoryOf(place, { now, deliver }),
    deliveries: deliver ? await deliveriesFor(config, env, { earlier, limits }) : [],
    deliveriesBy: ({ routes }) => [
      ...(deliver ? routeDeliveries(config, routes, limits) : []),
      ...(deliver && place !== undefined ? [new ReportDelivery(place, earlier)] : []),
    ],
  }
}

/** The organization among the scopes, by its number; empty where there is not just one. */
function organizationIn(scopes: readonly string[]): string {
  const [only = '', ...others] = scopes.filter((scope) => scope.startsWith('organizations/'))
  return others.length === 0 ? only.replace('organizations/', '') : ''
}

/** Where a reading begins is known only where a run is remembered. */
function agendaOf({ agenda }: Partial<Baseline> = {}): Pick<InventoryOptions, 'earlierProject'> {
  return agenda === undefined ? {} : { earlierProject: (number) => agenda.project(number) }
}

/** What is wrong with the policy that is named, or why it cannot be read, where other options are wrong as well. */
export async function policyProblems(
  values: OptionValues,
  asOf: Day,
  { now }: Pick<Use, 'now'>,
): Promise<readonly string[]> {
  const google = createGoogle({ pace: 90, ...originOf(values) })
  try {
    await readPolicy(values.policy, { asOf, today: dayOf(now(), values.timeZone ?? 'UTC') }, google)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    if (error instanceof ApiError) return [error.message]
    throw error
  }
}

/** Earlier runs are compared with wherever there is an archive; only a delivered run is remembered. */
function memoryOf(
  place: Place | undefined,
  { now, deliver }: Pick<Use, 'now' | 'deliver'>,
): Pick<Parts, 'archive' | 'turnsOf'> {
  if (place === undefined) return {}
  return {
    archive: new RunArchive(place),
    ...(deliver && { turnsOf: (run) => new Claims(place, run, { now }) }),
  }
}

/** The runs before the one that is told, as charts show them, looked up once; none where none are remembered. */
function runsBeforeIn(place: Place | undefined): (run: JudgedRun) => Promise<readonly ChartRun[]> {
  if (place === undefined) return () => Promise.resolve([])
  let found: Promise<readonly ChartRun[]> | undefined
  return ({ run }) => {
    found ??= runsBefore(new RunArchive(place), run)
    return found
  }
}

/** The folder of one reading below the place of exports. A simulator is looked at without Google's pauses. */
function exportTo({ export: place, googleApiUrl }: Config, now: Instant): { exportTo?: ExportPlace } {
  const [, bucket, prefix] = /^gs:\/\/([^/]+)(?:\/(.*))?$/.exec(place ?? '') ?? []
  if (bucket === undefined) return {}
  const own = `${now.replace(/[^0-9TZ]/g, '')}-${randomBytes(4).toString('hex')}`
  const pauses = googleApiUrl === undefined ? EXPORT_PAUSES : { first: 20, longest: 200 }
  return { exportTo: { bucket, folder: prefix ? `${prefix}/${own}` : own, pauses } }
}

/** Where an archive lives: a directory, or `gs://BUCKET/PREFIX`. */
function placeFor(archive: string, google: GoogleClient): Place {
  const [, bucket, prefix = ''] = /^gs:\/\/([^/]+)(?:\/(.*))?$/.exec(archive) ?? []
  return bucket === undefined ? new DirectoryPlace(archive) : new BucketPlace(google, bucket, prefix)
}

/** The archive that the settings name, for reading. */
export function archiveFor(archive: string, values: OptionValues): RunArchive {
  return new RunArchive(placeFor(archive, createGoogle({ pace: values.pace ?? 90, ...originOf(values) })))
}

function originOf({ googleApiUrl }: OptionValues): { origin?: string } {
  return googleApiUrl === undefined ? {} : { origin: googleApiUrl }
}

function remarksOn(config: Config): string[] {
  const remarks: string[] = []
  if (config.slackBotToken === undefined)
    remarks.push('No Slack message is sent: SLACK_BOT_TOKEN is not set.')
  if (config.logProject === 'none')
    remarks.push('No record is written to Cloud Logging: LOG_PROJECT is none.')
  return remarks
}

interface DeliveryUse {
  /** The runs before, for the chart. */
  readonly earlier?: (run: JudgedRun) => Promise<readonly ChartRun[]>
  readonly limits?: RequestLimits | undefined
}

/** Who hears of a run, as far as the settings are known: Cloud Logging first, then Slack. */
export async function deliveriesFor(
  values: OptionValues,
  env: Env,
  { earlier, limits = {} }: DeliveryUse = {},
): Promise<readonly Delivery[]> {
  const { slackChannel: channel } = values
  const slack = channel === undefined ? undefined : slackChannel(values, channel, limits)
  return [
    ...(values.logProject === 'none' ? [] : [await logDelivery(values, env, limits)]),
    ...(slack === undefined ? [] : [new SlackDelivery(slack, earlier && { runsBefore: earlier })]),
  ]
}

/** A channel of routes hears of all their keys in one digest; the first channel hears of every key anyway. */
function routeDeliveries(
  values: OptionValues,
  routes: readonly Route[],
  limits: RequestLimits,
): readonly Delivery[] {
  const channels = new Set(routes.map(({ channel }) => channel))
  channels.delete(values.slackChannel ?? '')
  return [...channels].flatMap((channel) => {
    const slack = slackChannel(values, channel, limits)
    if (slack === undefined) return []
    return [new SlackDelivery(slack, { routes: routes.filter((route) => route.channel === channel) })]
  })
}

function slackChannel(
  values: OptionValues,
  channel: string,
  { slack }: RequestLimits,
): SlackChannel | undefined {
  const { slackBotToken: token, slackApiUrl: url } = values
  if (token === undefined || url === undefined) return undefined
  return new SlackChannel({ token, channel, url, pause: isLoopback(url) ? 0 : SLACK_PAUSE, ...slack })
}

async function logDelivery(values: OptionValues, env: Env, { logging }: RequestLimits): Promise<Delivery> {
  const { logName = 'gemini-key-audit' } = values
  const owner = await logOwner(values, env).catch(() => undefined)
  if (owner !== undefined) {
    const limits = logging === undefined ? {} : { limits: logging }
    return new LogDelivery(new RecordLog({ ...owner, logName, ...originOf(values), ...limits }))
  }
  return new Undeliverable(`logging:logs/${logName}`, NO_LOG)
}

/** Whose log it is, and by whose leave. Google's library throws where it finds no credentials or no project. */
async function logOwner(
  values: OptionValues,
  env: Env,
): Promise<Pick<RecordLogOptions, 'project' | 'authClient'>> {
  const credentials = credentialsFor(values.googleApiUrl)
  const project = values.logProject ?? (await projectOf(credentials, env))
  return {
    project,
    authClient: credentials instanceof GoogleAuth ? await credentials.getClient() : credentials,
  }
}

function projectOf(credentials: Credentials, env: Env): string | Promise<string> {
  if (credentials instanceof GoogleAuth) return credentials.getProjectId()
  return env['GOOGLE_CLOUD_PROJECT'] ?? SIMULATED_PROJECT
}

/** A doctor asks quickly and gives up soon: somebody is waiting. */
const IMPATIENCE = { retries: 1, first: 500, longest: 2_000, total: 30_000 }
const SHORT = 20_000

/** What the doctor tries: the adapters of a run, without a reading. */
export async function siteFor(config: Config, env: Env, now: () => Instant): Promise<Site> {
  const { scope: scopes, inventory: mode, timeBudget, pace, policy, archive, slackChannel: channel } = config
  const google = createGoogle({ pace, patience: IMPATIENCE, timeLimit: SHORT, ...originOf(config) })
  const today = dayOf(now(), config.timeZone)
  const { slackBotToken: token, slackApiUrl: url } = config
  const bucket = mode === 'export' ? /^gs:\/\/[^/]+/.exec(config.export ?? '')?.[0] : undefined
  return {
    plan: {
      scopes,
      mode: mode === 'export' ? 'auto' : mode,
      ...(bucket !== undefined && { exportTo: bucket }),
      timeBudget,
      pace,
      ...(policy !== undefined && { policy }),
    },
    google,
    now,
    today,
    readPolicy: () => readPolicy(policy, { asOf: today, today }, google),
    ...(archive !== undefined && { archive: { place: placeFor(archive, google), audit: config.name } }),
    ...(config.logProject !== 'none' && { log: await logTrial(config, env) }),
    ...(token !== undefined && channel !== undefined && { slack: new SlackTrial({ token, channel, url }) }),
  }
}

async function logTrial(values: Config, env: Env): Promise<LogTrial> {
  const { logName } = values
  const owner = await logOwner(values, env).catch(() => undefined)
  if (owner === undefined) {
    const rehearse = () => Promise.reject(new DeliveryError(`logging:logs/${logName}`, false, NO_LOG))
    return { project: 'projects/LOG_PROJECT', logName, rehearse }
  }
  const log = new RecordLog({ ...owner, logName, ...originOf(values), limits: { timeout: SHORT } })
  return { project: `projects/${owner.project}`, logName, rehearse: () => log.rehearse() }
}

const NO_LOG =
  'Finding the project and the credentials for the records failed: there are no Application Default ' +
  'Credentials, or they name no project; give the function a service account or run ' +
  '`gcloud auth application-default login`, and set LOG_PROJECT.'

/** A place of which is known beforehand that it cannot be reached; it says so each time. */
class Undeliverable implements Delivery {
  readonly isRepeatable = true

  constructor(
    readonly to: string,
    readonly why: string,
  ) {}

  deliver(): Promise<never> {
    return Promise.reject(new DeliveryError(this.to, false, this.why))
  }
}
