import { fileURLToPath } from 'node:url'
import { SettingsError } from '../../simulator/settings-error.js'
import { type Simulator, type SimulatorOptions, startSimulator } from '../../simulator/simulator.js'
import { openWorld } from '../../simulator/world/file.js'
import { ConfigError } from '../errors.js'
import { PACKAGE } from '../version.js'

/** The sample organization and its policy; they come with the package. */
export const SAMPLE_WORLD = fileURLToPath(new URL('worlds/acme.yaml', PACKAGE))
export const SAMPLE_POLICY = fileURLToPath(new URL('worlds/acme.policy.yaml', PACKAGE))

/** Looks like a bot token; the simulator takes any where its world names none. */
const SIMULATED_TOKEN = 'xoxb-simulated'

/** The variables with which an audit reads a simulator and delivers to it. */
export function settingsFor({ world, origin, slackUrl }: Simulator): Record<string, string> {
  return {
    AUDIT_SCOPE: `organizations/${world.organization.number}`,
    GOOGLE_API_URL: origin,
    LOG_PROJECT: world.projectNamed(world.caller.project)?.id ?? world.caller.project,
    SLACK_API_URL: slackUrl,
    ...slackSettings(world),
  }
}

/** Starts a simulator of a named world. Throws a `ConfigError` with all that is wrong with the world or the faults. */
export async function startWorld(
  name: string,
  now: () => Date,
  options: Omit<SimulatorOptions, 'world' | 'now'>,
): Promise<Simulator> {
  try {
    const world = await openWorld(name, now())
    return await startSimulator({ world, now, ...options })
  } catch (error) {
    if (error instanceof SettingsError) throw new ConfigError('WORLD_WRONG', error.problems)
    throw error
  }
}

/** A world without a channel has no Slack to deliver to. Its address stands anyway: no real token leaves for Slack's own. */
function slackSettings({ slack }: Simulator['world']): Record<string, string> {
  const [channel] = slack.channels
  if (channel === undefined) return {}
  return { SLACK_BOT_TOKEN: slack.tokens[0]?.token ?? SIMULATED_TOKEN, SLACK_CHANNEL: channel.id }
}
