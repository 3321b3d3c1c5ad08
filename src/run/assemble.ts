import { randomBytes } from 'node:crypto'
import { dayOf } from '../calendar.js'
import type { Config } from '../config/config.js'
import { DEFAULTS, type OptionValues } from '../config/options.js'
import type { Delivery } from '../deliver/delivery.js'
import { OcsfDelivery } from '../deliver/ocsf-delivery.js'
import { ReportDelivery } from '../deliver/report-delivery.js'
import { SecurityCenterDelivery } from '../deliver/security-center.js'
import { ConfigError, type ConfigProblem } from '../errors.js'
import { EXPORT_PAUSES } from '../google/asset-export.js'
import type { RequestCount } from '../google/calls.js'
import { createGoogle, type GoogleClient } from '../google/client.js'
import { ApiError } from '../google/errors.js'
import { type Organization, searchOrganizations } from '../google/resourcemanager.js'
import { timeLimitOf } from '../google/time-limit.js'
import { gsPathOf } from '../gs-path.js'
import { RunArchive } from '../history/archive.js'
import type { ArchiveStore } from '../history/archive-store.js'
import { Claims } from '../history/claims.js'
import { type Baseline, typeIn } from '../history/comparison.js'
import type { JudgedRun } from '../history/judged-run.js'
import { runsBefore } from '../history/recent.js'
import { createInventory } from '../inventory/inventory.js'
import type { ExportPlace, InventoryOptions } from '../inventory/reading.js'
import type { Day, Instant } from '../model.js'
import { HYGIENE_TABLE } from '../policy/hygiene.js'
import { exclusionFor } from '../policy/waivers.js'
import type { ChartRun } from '../records/trend.js'
import { ocsfStore, originOf, storeFor } from './archive-stores.js'
import type { AssessmentOptions } from './assessment.js'
import type { RunDependencies } from './audit.js'
import { deliveriesFor, remarksOn, routeDeliveries } from './deliveries.js'
import { readPolicy } from './policy-source.js'
import { INTERACTIVE_RETRY_POLICY, INTERACTIVE_TIME_LIMIT, type RequestLimits } from './request-limits.js'
import { findingSource } from './security-center-source.js'

type Env = Readonly<Record<string, string | undefined>>

interface Use extends Pick<AssessmentOptions, 'progress'> {
  readonly now: () => Instant
  /** Whether the run is delivered, and not only returned. */
  readonly deliver: boolean
  /** Length of a quota's minute in milliseconds, where a simulator's minute passes faster. */
  readonly minute?: number | undefined
  readonly limits?: RequestLimits | undefined
  /** Aborts with `Stopped` when the reading is to end before its time. */
  readonly stop?: AbortSignal | undefined
  /** Whether the same run is asked for again when it fails. */
  readonly isRetried?: boolean
}

export interface Assembled extends RunDependencies {
  /** How often each operation of Google's was asked so far. */
  readonly requests: () => readonly RequestCount[]
  /** Lets go of what would wait until the run's time is up. */
  readonly end: () => void
}

/** Builds the working parts of a run: here its adapters meet their settings. */
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
  const timeLimit = timeLimitOf(config.timeBudget, stop)
  const reader = google.until(timeLimit.signal, timeLimit.left)
  const store = config.archive === undefined ? undefined : storeFor(config.archive, google)
  const ocsf = ocsfStore(config, google)
  const earlier = runsBeforeIn(store)
  return {
    now,
    requests: () => google.requests(),
    end: timeLimit.end,
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
        typesWhereOff: policy.hygiene.some((id) => HYGIENE_TABLE[id].type === 'standard'),
        signal: timeLimit.signal,
        left: timeLimit.left,
        now,
        ...backlogOf(baseline),
        rememberedType: (uid) => typeIn(baseline, uid),
      }),
    ...memoryOf(store, { now, deliver }),
    deliveries: deliver ? await deliveriesFor(config, env, { earlier, limits }) : [],
    deliveriesBy: ({ routes }) => [
      ...(deliver ? routeDeliveries(config, routes, limits) : []),
      ...(deliver && store !== undefined ? [new ReportDelivery(store, earlier)] : []),
      ...(deliver && ocsf !== undefined ? [new OcsfDelivery(ocsf)] : []),
      ...(deliver ? findingsOf(config, google) : []),
    ],
  }
}

/** The organization among the scopes, by its number; empty where there is not just one. */
function organizationIn(scopes: readonly string[]): string {
  const [only = '', ...others] = scopes.filter((scope) => scope.startsWith('organizations/'))
  return others.length === 0 ? only.replace('organizations/', '') : ''
}

/** Findings stand for today: a run that judges by another day leaves them alone. */
function findingsOf({ scc, asOf }: Config, google: GoogleClient): readonly Delivery[] {
  return scc === undefined || asOf !== undefined
    ? []
    : [new SecurityCenterDelivery(findingSource(google, scc))]
}

/** Where a reading begins is known only where a run is remembered. */
function backlogOf({ backlog }: Partial<Baseline> = {}): Pick<InventoryOptions, 'earlierProject'> {
  return backlog === undefined ? {} : { earlierProject: (number) => backlog.project(number) }
}

/** What is wrong with the policy that is named, or why it cannot be read, where other options are wrong as well. */
export async function policyProblems(
  values: OptionValues,
  asOf: Day,
  { now }: Pick<Use, 'now'>,
): Promise<readonly ConfigProblem[]> {
  const google = createGoogle({ pace: DEFAULTS.pace, ...originOf(values) })
  try {
    await readPolicy(values.policy, { asOf, today: dayOf(now(), values.timeZone ?? 'UTC') }, google)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    if (error instanceof ApiError) return [{ code: 'POLICY_UNREADABLE', says: error.message }]
    throw error
  }
}

/** The organizations that the credentials see. Throws `ApiError`. */
export async function visibleOrganizations(values: OptionValues): Promise<readonly Organization[]> {
  const google = createGoogle({
    pace: values.pace ?? DEFAULTS.pace,
    retryPolicy: INTERACTIVE_RETRY_POLICY,
    timeLimit: INTERACTIVE_TIME_LIMIT,
    ...originOf(values),
  })
  const found: Organization[] = []
  for await (const page of searchOrganizations(google)) found.push(...page)
  return found
}

/** Earlier runs are compared with wherever there is an archive; only a delivered run is remembered. */
function memoryOf(
  store: ArchiveStore | undefined,
  { now, deliver }: Pick<Use, 'now' | 'deliver'>,
): Pick<RunDependencies, 'archive' | 'claimsOf'> {
  if (store === undefined) return {}
  return {
    archive: new RunArchive(store),
    ...(deliver && {
      claimsOf: (run) => new Claims(store, run, { now }),
    }),
  }
}

/** The runs before the one that is delivered, as charts show them, looked up once; none without an archive. */
function runsBeforeIn(store: ArchiveStore | undefined): (run: JudgedRun) => Promise<readonly ChartRun[]> {
  if (store === undefined) return () => Promise.resolve([])
  let found: Promise<readonly ChartRun[]> | undefined
  return ({ run }) => {
    found ??= runsBefore(new RunArchive(store), run)
    return found
  }
}

/** The folder of one reading below the place of exports. A simulator is looked at without Google's pauses. */
function exportTo({ export: place, googleApiUrl }: Config, now: Instant): { exportTo?: ExportPlace } {
  const below = gsPathOf(place ?? '')
  if (below === undefined) return {}
  const own = `${now.replace(/[^0-9TZ]/g, '')}-${randomBytes(4).toString('hex')}`
  const pauses = googleApiUrl === undefined ? EXPORT_PAUSES : { first: 20, longest: 200 }
  const folder = below.path === '' ? own : `${below.path}/${own}`
  return { exportTo: { bucket: below.bucket, folder, pauses } }
}
