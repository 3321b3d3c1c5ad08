import { isLoopback } from '../config/checks.js'
import type { Config } from '../config/config.js'
import type { OptionValues } from '../config/options.js'
import type { Delivery } from '../deliver/delivery.js'
import { SlackChannel } from '../deliver/slack/channel.js'
import { SlackDelivery } from '../deliver/slack/delivery.js'
import type { JudgedRun } from '../history/judged-run.js'
import type { Route } from '../policy/policy.js'
import type { ChartRun } from '../records/trend.js'
import { logDelivery } from './log-deliveries.js'
import type { RequestLimits } from './request-limits.js'
import { runPages } from './run-pages.js'

type Env = Readonly<Record<string, string | undefined>>

/** Milliseconds between two messages; Slack takes one a second in a channel, the simulator any number. */
const SLACK_PAUSE = 1_000

/** Who does not hear of a run, in sentences. */
export function remarksOn(config: Config): string[] {
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
    ...(slack === undefined
      ? []
      : [
          new SlackDelivery(slack, {
            pagesOf: (run) => runPages(run.run, values),
            ...(earlier && { runsBefore: earlier }),
          }),
        ]),
  ]
}

/** A channel of routes hears of all their keys in one digest; the first channel hears of every key anyway. */
export function routeDeliveries(
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
