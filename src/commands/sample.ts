import { fileURLToPath } from 'node:url'
import type { Simulator } from '../simulator/simulator.js'
import { PACKAGE } from '../version.js'

/** The sample organization and its policy; they come with the package. */
export const SAMPLE_WORLD = fileURLToPath(new URL('worlds/acme.yaml', PACKAGE))
export const SAMPLE_POLICY = fileURLToPath(new URL('worlds/acme.policy.yaml', PACKAGE))

/** Looks like a bot token; the simulator takes any where its world names none. */
const SIMULATED_TOKEN = 'xoxb-simulated'

/** The variables with which an audit reads a simulator and tells it. */
export function settingsFor({ world, origin, slackUrl }: Simulator): Record<string, string> {
  return {
    AUDIT_SCOPE: `organizations/${world.organization.number}`,
    GOOGLE_API_URL: origin,
    LOG_PROJECT: world.projectNamed(world.caller.project)?.id ?? world.caller.project,
    SLACK_API_URL: slackUrl,
    SLACK_BOT_TOKEN: world.slack.tokens[0]?.token ?? SIMULATED_TOKEN,
    SLACK_CHANNEL: world.slack.channels[0]?.id ?? 'C0000000000',
  }
}
