import { ReportedChanges } from './feed/changes.js'
import { Feed, type FeedOptions } from './feed/feed.js'
import { faultGate } from './gates/fault-gate.js'
import { faultRules } from './gates/fault-rule.js'
import { type Latency, latencyGate, type QuotaOptions, quotaGate } from './gates/quota.js'
import { tokenInfoRoute } from './google/access.js'
import { apiKeysRoutes, type Violation } from './google/api-keys.js'
import { assetRoutes } from './google/assets.js'
import { computeRoutes } from './google/compute.js'
import { type Exporting, exportRoutes } from './google/export.js'
import { projectPolicyRoutes } from './google/iam.js'
import { monitoringRoutes } from './google/monitoring.js'
import { orgPolicyRoutes } from './google/org-policy.js'
import { policySearchRoutes } from './google/policy-search.js'
import { resourceManagerRoutes } from './google/resource-manager.js'
import { resourceManagerV1Routes } from './google/resource-manager-v1.js'
import { type Finding, type Findings, securityCenterRoutes } from './google/security-center.js'
import { serviceUsageRoutes } from './google/service-usage.js'
import { testPermissionsRoutes } from './google/test-permissions.js'
import { logConfig } from './installation/log-config.js'
import { installationRoutes } from './installation/routes.js'
import { logConfigRoutes } from './logging/config-routes.js'
import { type Keeping, Log, type LogEntry } from './logging/log.js'
import { loggingRoutes } from './logging/routes.js'
import { argumentsOf } from './slack/arguments.js'
import { slackRoutes } from './slack/routes.js'
import { SlackError } from './slack/slack-error.js'
import { type Message, type SharedFile, Workspace } from './slack/workspace.js'
import { type Buckets, bucketsOf, storageRoutes } from './storage/routes.js'
import type { Gate } from './wire/call.js'
import type { Route } from './wire/routes.js'
import { serve } from './wire/server.js'
import type { Changes } from './world/changed.js'
import type { World } from './world/world.js'

/** One message a second and channel. @see https://docs.slack.dev/apis/web-api/rate-limits */
const INTERVAL = 1000

/** Refuses messages that come faster than Slack takes them; `milliseconds` is any clock that only rises. */
function slackPace(milliseconds: () => number): Gate {
  const last = new Map<string, number>()
  return async (call, answer) => {
    if (call.operation !== 'slack.chat.postMessage') return answer()
    const channel = String(argumentsOf(call)['channel'])
    const now = milliseconds()
    if (now - (last.get(channel) ?? Number.NEGATIVE_INFINITY) < INTERVAL) {
      return new SlackError('ratelimited', {}, 1).answer()
    }
    last.set(channel, now)
    return answer()
  }
}

export interface SimulatorOptions {
  readonly world: World
  /** 0, the default, takes a free port. */
  readonly port?: number
  /** The simulated time, as RFC 3339 or asked each time; by default the world's `now`, standing still. */
  readonly now?: string | (() => Date)
  /** What real services do and what would only slow most tests down. */
  readonly enforce?: Enforced
  /** Faults to make, as `simulate --fault` takes them: `apikeys.keys.list=429@1-2,retry-after=1`. */
  readonly faults?: readonly string[]
  /** What faults by chance depend on; 1 by default. */
  readonly seed?: number
  /** What becomes of log entries: `kept`, the default, or `counted` where there are too many. */
  readonly log?: Keeping
  /** How exports of assets go. */
  readonly exporting?: Exporting
  /**
   * Where changes of the world are reported to, as the asset inventory's feed does; with it keys and services can be
   * changed through their APIs, which are refused otherwise.
   */
  readonly events?: FeedOptions
  /** What stands between requests and services, outermost first. */
  readonly gates?: readonly Gate[]
}

export interface Enforced {
  /** At most one message a second and channel. */
  readonly slackPace?: boolean
  /** Each Google API's documented requests a minute. */
  readonly quota?: QuotaOptions
  /** Arguments that a method of Slack does not have are refused; Slack drops them. */
  readonly slackArguments?: boolean
  /** Milliseconds before each answer, or more exactly how many. */
  readonly latency?: number | Latency
}

/** A running simulator. Its log, buckets and Slack live as long as it does, its world can be replaced. */
export interface Simulator {
  /** `http://127.0.0.1:PORT`: every Google API under its real path. */
  readonly origin: string
  /** Ends with `/api/`. */
  readonly slackUrl: string
  /** What is served now; setting another one is what time does to an organization. */
  world: World
  /** How often each operation was called, such as `apikeys.keys.list`, refused calls included. */
  readonly requests: ReadonlyMap<string, number>
  /** What an auditor must never do and did. */
  readonly violations: readonly Violation[]
  readonly log: Log
  readonly slack: Workspace
  /** The feed of changes; undefined where none is asked for. */
  readonly feed: Feed | undefined
  /** By name. */
  readonly buckets: Buckets
  /** What Security Command Center holds, by name. */
  readonly findings: ReadonlyMap<string, Finding>
  /** The log as queries show it, repetitions left out. */
  logEntries(): readonly LogEntry[]
  slackMessages(): readonly Message[]
  slackFiles(): readonly SharedFile[]
  stop(): Promise<void>
}

/** Starts a simulator on loopback. Throws a `SettingsError` for faults that are not written as they should be. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  let world = options.world
  const current = () => world
  const now = clockOf(options)
  const log = new Log(world.log.retentionDays, now, options.log)
  const slack = new Workspace(() => world.slack, now)
  const buckets = bucketsOf(world, now)
  const findings: Findings = new Map()
  const madeLog = logConfig()
  const violations: Violation[] = []
  const feed = options.events && new Feed(options.events)
  const setWorld = (next: World) => {
    world = next
  }
  const changes = feed && new ReportedChanges({ world: current, setWorld, now, feed })
  const holdings = { log, slack, buckets, findings, madeLog, violations, changes }
  const routes = googleAndSlack(options, current, now, holdings)
  const gates = gatesOf(options, routes, { now, consumer: () => world.caller.project })
  const served = await serve(routes, [dated(now), ...gates], options.port ?? 0)
  return {
    origin: served.origin,
    slackUrl: `${served.origin}/api/`,
    get world() {
      return world
    },
    set world(next) {
      setWorld(next)
    },
    requests: served.requests,
    violations,
    log,
    slack,
    feed,
    buckets,
    findings,
    logEntries: () => log.entries(),
    slackMessages: () => slack.messages,
    slackFiles: () => slack.files,
    stop: () => {
      feed?.stop()
      return served.stop()
    },
  }
}

/** What lives as long as the simulator. */
interface Holdings extends Pick<Simulator, 'log' | 'slack'> {
  readonly buckets: ReturnType<typeof bucketsOf>
  readonly findings: Findings
  readonly madeLog: ReturnType<typeof logConfig>
  readonly violations: Violation[]
  readonly changes: Changes | undefined
}

function googleAndSlack(
  { exporting, enforce }: SimulatorOptions,
  current: () => World,
  now: () => Date,
  { log, slack, buckets, findings, madeLog, violations, changes }: Holdings,
): readonly Route[] {
  return [
    ...assetRoutes(current),
    ...exportRoutes(current, buckets, exporting),
    ...apiKeysRoutes(current, (violation) => violations.push(violation), changes),
    ...serviceUsageRoutes(current, new Map(), changes),
    ...resourceManagerRoutes(current),
    ...resourceManagerV1Routes(current),
    ...computeRoutes(current),
    ...monitoringRoutes(current),
    ...orgPolicyRoutes(current),
    ...policySearchRoutes(current),
    ...projectPolicyRoutes(current),
    ...securityCenterRoutes(current, findings, now),
    ...storageRoutes(current, buckets),
    ...loggingRoutes(current, log, now),
    ...logConfigRoutes(current, madeLog),
    ...installationRoutes(current, madeLog, buckets, now),
    tokenInfoRoute(current),
    ...testPermissionsRoutes(current),
    ...slackRoutes(current, slack, enforce?.slackArguments),
  ]
}

function clockOf({ world, now }: SimulatorOptions): () => Date {
  if (typeof now === 'function') return now
  const fixed = now === undefined ? world.now : new Date(now)
  return () => fixed
}

/** Outermost first: latency also holds back what faults and quotas refuse. */
function gatesOf(
  { gates = [], enforce = {}, faults = [], seed = 1 }: SimulatorOptions,
  routes: readonly Route[],
  about: { readonly now: () => Date; readonly consumer: () => string },
): readonly Gate[] {
  const { latency, quota, slackPace: isPaced } = enforce
  const milliseconds = () => performance.now()
  const operations = [...new Set(routes.map(({ operation }) => operation))]
  return [
    ...gates,
    ...(latency === undefined
      ? []
      : [latencyGate(typeof latency === 'number' ? { milliseconds: latency } : latency)]),
    ...faultRules(faults, operations).map((rule, index) => faultGate(rule, { ...about, seed: seed + index })),
    ...(quota === undefined ? [] : [quotaGate(quota, about.consumer, milliseconds)]),
    ...(isPaced ? [slackPace(milliseconds)] : []),
  ]
}

/** Says in each answer when it was given, by the simulated clock; a gate inside may have said otherwise. */
function dated(now: () => Date): Gate {
  return async (_call, answer) => {
    const outcome = await answer()
    if ('hangup' in outcome) return outcome
    return { ...outcome, headers: { date: now().toUTCString(), ...outcome.headers } }
  }
}
