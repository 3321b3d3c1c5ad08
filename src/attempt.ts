import { assemble, deliveriesFor } from './assemble.js'
import { audit, type Outcome } from './audit.js'
import { auditName, readConfig, readSettings, type Settings } from './config/config.js'
import { OPTIONS, type OptionValues } from './config/options.js'
import { tell } from './deliver/tell.js'
import { ConfigError } from './errors.js'
import { failedRun } from './failed-run.js'
import type { RequestCount } from './google/tally.js'
import type { ReadingListener } from './inventory/inventory.js'
import type { Instant } from './model.js'
import { identifyRun } from './run.js'

/** What an entry adds to the settings of a run. */
export interface Attempt {
  readonly now: () => Date
  /** Whether anybody but the caller hears of the run. */
  readonly deliver: boolean
  /** `X-CloudScheduler-ScheduleTime`, where Cloud Scheduler asked. */
  readonly scheduled?: string | undefined
  readonly progress?: ReadingListener['progress']
  /** Length of a quota's minute in milliseconds, where a simulator's minute passes faster. */
  readonly minute?: number | undefined
  /** Hears how often each operation was asked, when the run has ended. */
  readonly counted?: (requests: readonly RequestCount[]) => void
}

/**
 * One attempt of a run, from its settings to its outcome: what both entries call. A wrong configuration is a
 * failed run, told wherever the rest of the configuration reaches, so that "failed" and "never ran" differ.
 */
export async function attempt(settings: Settings, { now, ...attempt }: Attempt): Promise<Outcome> {
  const instant = () => now().toISOString() as Instant
  const started = instant()
  const { values, problems } = readSettings(settings)
  if (problems.length === 0) {
    const config = readConfig(settings)
    const run = identifyRun(config, started, attempt.scheduled)
    const parts = await assemble(config, settings.env, { ...attempt, now: instant })
    const outcome = await audit(run, parts)
    attempt.counted?.(parts.requests())
    return outcome
  }
  const known = { name: auditName(values), scope: values.scope ?? [], timeZone: values.timeZone ?? 'UTC' }
  const failed = failedRun(identifyRun(known, started, attempt.scheduled), new ConfigError(problems))
  const deliveries = attempt.deliver ? await deliveriesFor(reachable(values, settings), settings.env) : []
  return { run: failed, undelivered: await tell(failed, deliveries, { now: instant }) }
}

/** A simulator whose address is wrong is no reason to write to Google instead. */
function reachable(values: OptionValues, { env }: Settings): OptionValues {
  const meant = (env[OPTIONS.googleApiUrl.variable] ?? '').trim() !== ''
  return meant && values.googleApiUrl === undefined ? { ...values, logProject: 'none' } : values
}
