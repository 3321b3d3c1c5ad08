import { dayOf, toTheSecond } from '../../calendar.js'
import { configOf, readSettings, type Settings } from '../../config/config.js'
import { createGoogle } from '../../google/client.js'
import { timeLimitOf } from '../../google/time-limit.js'
import { Claims } from '../../history/claims.js'
import { eventFolder } from '../../history/names.js'
import { createInventory } from '../../inventory/inventory.js'
import type { Instant } from '../../model.js'
import { exclusionFor } from '../../policy/waivers.js'
import { originOf, storeFor } from '../archive-stores.js'
import { identifyRun } from '../attempt.js'
import { slackChannel } from '../deliveries.js'
import { logDelivery } from '../log-deliveries.js'
import { readPolicy } from '../policy-source.js'
import type { RequestLimits } from '../request-limits.js'
import type { EventDependencies } from './events.js'

/** Milliseconds for reading: what is posted is posted within a minute. */
const READING = 40_000

/** Milliseconds for which another attempt at the same change is waited for. */
const WAIT_LIMIT = 20_000

/** Seconds that a message waits because Slack asks it to, before Pub/Sub brings the change again. */
const SLACK_WAIT = 60

interface Use {
  readonly now: () => Instant
  readonly limits?: RequestLimits | undefined
  /** Aborts when the process is to end. */
  readonly stop?: AbortSignal | undefined
}

/**
 * Builds what changes are settled with. Throws a `ConfigError` with every problem of the settings.
 */
export async function assembleEvents(
  settings: Settings,
  { now, limits = {}, stop }: Use,
): Promise<EventDependencies & { readonly end: () => void }> {
  const config = configOf(readSettings(settings))
  const google = createGoogle({ pace: config.pace, ...originOf(config), ...limits.google })
  const timeLimit = timeLimitOf(READING, stop)
  const reader = google.until(timeLimit.signal, timeLimit.left)
  const store = config.archive === undefined ? undefined : storeFor(config.archive, google)
  const run = identifyRun(config, now())
  return {
    now,
    end: timeLimit.end,
    scope: config.scope,
    timeZone: config.timeZone,
    readPolicy: () =>
      readPolicy(config.policy, { asOf: run.asOf, today: dayOf(now(), config.timeZone) }, reader),
    runAt: (at) => ({ ...run, time: toTheSecond(at) }),
    inventoryOf: (project, policy) =>
      createInventory(google, {
        scopes: [project],
        mode: 'projects',
        withoutAccounts: true,
        isExcluded: (found) => exclusionFor(policy, found, run.asOf) !== undefined,
        signal: timeLimit.signal,
        left: timeLimit.left,
        now,
      }),
    ...(store && {
      claimsOf: (id: string) =>
        new Claims(store, { folder: eventFolder(config.name, id) }, { now, waitLimit: WAIT_LIMIT }),
    }),
    ...(config.logProject !== 'none' && { log: await logDelivery(config, settings.env, limits) }),
    mainChannel: config.slackChannel,
    channel: (id) =>
      slackChannel(config, id, { ...limits, slack: { waitBudget: SLACK_WAIT, ...limits.slack } }),
  }
}
