import type { Config } from '../config/config.js'
import { isLoopback } from '../config/option-parsers.js'
import type { OptionValues } from '../config/options.js'
import type { Delivery } from '../deliver/delivery.js'
import { SlackChannel } from '../deliver/slack/channel.js'
import { SlackDelivery } from '../deliver/slack/delivery.js'
import { gsPathOf } from '../gs-path.js'
import type { JudgedRun } from '../history/judged-run.js'
import { REPORT, runFolder } from '../history/names.js'
import type { Run } from '../model.js'
import type { Route } from '../policy/policy.js'
import type { ChartRun } from '../records/trend.js'
import type { RunPage } from '../report/digest/digest-facts.js'
import { logDelivery } from './log-deliveries.js'
import type { RequestLimits } from './request-limits.js'

const CONSOLE = 'https://console.cloud.google.com/'

/** The pages about a run: its report and its folder in the archive, and its records in Logs Explorer. */
function runPages({ audit, time }: Run, { archive, logProject, logName }: OptionValues): readonly RunPage[] {
  return [
    ...archivePages(archive, runFolder(audit, time)),
    ...(logProject === undefined || logProject === 'none'
      ? []
      : [{ label: 'Records', url: recordsPage({ audit, time }, logProject, logName) }]),
  ]
}

/** Nobody else sees a directory of the machine. */
function archivePages(archive: string | undefined, folder: string): readonly RunPage[] {
  const place = archive === undefined ? undefined : gsPathOf(archive)
  if (place === undefined) return []
  const path = [place.bucket, ...place.path.split('/'), ...folder.split('/')].filter((part) => part !== '')
  const encoded = path.map(encodeURIComponent).join('/')
  return [
    { label: 'Report', url: `https://storage.cloud.google.com/${encoded}/${REPORT}` },
    { label: 'Archive', url: `${CONSOLE}storage/browser/${encoded}` },
  ]
}

/** The moment stands in the query: the page looks back an hour only. */
function recordsPage(
  { audit, time }: Pick<Run, 'audit' | 'time'>,
  project: string,
  log: string | undefined,
): string {
  const query = [
    `logName="projects/${project}/logs/${encodeURIComponent(log ?? '')}"`,
    `labels.audit=${JSON.stringify(audit)}`,
    `labels.run="${time}"`,
    `timestamp="${time}"`,
  ].join('\n')
  return `${CONSOLE}logs/query;query=${encodeURIComponent(query)}?project=${encodeURIComponent(project)}`
}

type Env = Readonly<Record<string, string | undefined>>

/** Milliseconds between two messages; Slack takes one a second in a channel, the simulator any number. */
const SLACK_PAUSE = 1_000

/** What a run is not delivered to, in sentences. */
export function remarksOn(config: Config): string[] {
  const remarks: string[] = []
  if (config.slackBotToken === undefined)
    remarks.push('No Slack message is sent: SLACK_BOT_TOKEN is not set.')
  if (config.logProject === 'none')
    remarks.push('No record is written to Cloud Logging: LOG_PROJECT is none.')
  if (config.scc !== undefined && config.asOf !== undefined)
    remarks.push('No finding is written to Security Command Center: AUDIT_AS_OF judges by another day.')
  return remarks
}

interface DeliveryUse {
  /** The runs before, for the chart. */
  readonly earlier?: (run: JudgedRun) => Promise<readonly ChartRun[]>
  readonly limits?: RequestLimits | undefined
}

/** The deliveries that the settings ask for, as far as these are known: Cloud Logging first, then Slack. */
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

/** A channel gets the keys of all its routes in one digest; the first channel gets every key anyway. */
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

/** A channel by its ID; undefined without a token. */
export function slackChannel(
  values: OptionValues,
  channel: string,
  { slack }: RequestLimits,
): SlackChannel | undefined {
  const { slackBotToken: token, slackApiUrl: url } = values
  if (token === undefined || url === undefined) return undefined
  return new SlackChannel({ token, channel, url, pause: isLoopback(url) ? 0 : SLACK_PAUSE, ...slack })
}
