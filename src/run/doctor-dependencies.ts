import { dayOf } from '../calendar.js'
import type { Config } from '../config/config.js'
import { SlackTrial } from '../deliver/slack/trial.js'
import type { Site } from '../doctor/check.js'
import { createGoogle } from '../google/client.js'
import { gsBucketOf } from '../gs-path.js'
import { ocsfStore, originOf, storeFor } from './archive-stores.js'
import { logTrial } from './log-deliveries.js'
import { readPolicy } from './policy-source.js'
import { INTERACTIVE_RETRY_POLICY, INTERACTIVE_TIME_LIMIT } from './request-limits.js'

type Env = Readonly<Record<string, string | undefined>>

/** What the doctor tries: the adapters of a run, without a reading. */
export async function siteFor(
  config: Config,
  env: Env,
  { now, isScopeFound = false }: Pick<Site, 'now'> & { readonly isScopeFound?: boolean },
): Promise<Site> {
  const { scope: scopes, inventory: mode, timeBudget, pace, policy, archive, slackChannel: channel } = config
  const google = createGoogle({
    pace,
    retryPolicy: INTERACTIVE_RETRY_POLICY,
    timeLimit: INTERACTIVE_TIME_LIMIT,
    ...originOf(config),
  })
  const today = dayOf(now(), config.timeZone)
  const { slackBotToken: token, slackApiUrl: url } = config
  const bucket = mode === 'export' ? gsBucketOf(config.export ?? '') : undefined
  const ocsf = ocsfStore(config, google)
  return {
    plan: {
      scopes,
      isScopeFound,
      mode: mode === 'export' ? 'auto' : mode,
      ...(bucket !== undefined && { exportTo: bucket }),
      ...(config.scc !== undefined && { findings: config.scc }),
      timeBudget,
      pace,
      ...(policy !== undefined && { policy }),
    },
    google,
    now,
    today,
    readPolicy: () => readPolicy(policy, { asOf: today, today }, google),
    ...(archive !== undefined && { archive: { store: storeFor(archive, google), audit: config.name } }),
    ...(ocsf !== undefined && { ocsf }),
    ...(config.logProject !== 'none' && { log: await logTrial(config, env, INTERACTIVE_TIME_LIMIT) }),
    ...(token !== undefined && channel !== undefined && { slack: new SlackTrial({ token, channel, url }) }),
  }
}
