import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { parse } from 'yaml'
import { type Simulator, type SimulatorOptions, startSimulator } from '../../simulator/simulator.js'
import { readWorldFile } from '../../simulator/world/file.js'
import { clockVariables } from '../clock.js'
import { UNCOVERED } from '../end-to-end/stage.js'
import { deployedEnvironment } from './build.js'

const TOKEN = 'xoxb-1-2-abc'

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Answers as soon as the function does. */
export async function untilServed(url: string, child: ChildProcess, said: () => string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended: ${said()}`)
    const answer = await fetch(url).catch(() => undefined)
    if (answer !== undefined) return // whatever it says: the server listens once the function is loaded
    await setTimeout(100)
  }
}

/** The request that Cloud Scheduler sends, as far as `scheduler.yaml` decides it; the headers are its own. */
export function scheduled(at: Date): RequestInit {
  const flags: Readonly<Record<string, string>> = parse(readFileSync('scheduler.yaml', 'utf8'))
  assert.ok(!('--headers' in flags) && !('--message-body-from-file' in flags))
  return {
    method: flags['--http-method'] ?? 'POST',
    ...(flags['--message-body'] === undefined ? {} : { body: flags['--message-body'] }),
    headers: {
      'content-type': 'application/octet-stream',
      'user-agent': 'Google-Cloud-Scheduler',
      'x-cloudscheduler': 'true',
      'x-cloudscheduler-jobname': 'gemini-key-audit',
      'x-cloudscheduler-scheduletime': at.toISOString(),
      authorization: 'Bearer checked.by.CloudRun',
    },
  }
}

interface Installation {
  readonly simulator: Simulator
  readonly channel: string
  readonly project: string
  readonly archive: string
  readonly env: NodeJS.ProcessEnv
}

/** The sample organization, the log bucket and archive that setup makes, and the deployed environment. */
export async function onInstallation(
  use: (installation: Installation) => Promise<void>,
  options: Pick<SimulatorOptions, 'events'> = {},
): Promise<void> {
  const sample = await readWorldFile('worlds/acme.yaml', new Date())
  const { project } = sample.caller
  const archive = `${project}-gemini-key-audit`
  const world = { ...sample, buckets: [{ name: archive, retention: 400 * 86_400, isLocked: true }] }
  const simulator = await startSimulator({ world, now: () => new Date(), ...options })
  const channel = world.slack.channels[0]?.id ?? assert.fail()
  const env = {
    ...clockVariables(),
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    ...deployedEnvironment({
      PROJECT_ID: project,
      _SCOPE: `organizations/${world.organization.number}`,
      _SLACK_CHANNEL: channel,
      _TIME_ZONE: 'Europe/Zurich',
    }),
    SLACK_BOT_TOKEN: world.slack.tokens[0]?.token ?? TOKEN,
    // where the simulator is, and nothing else that the deploy step does not set
    GOOGLE_API_URL: simulator.origin,
    SLACK_API_URL: simulator.slackUrl,
    ...UNCOVERED,
  }
  try {
    await use({ simulator, channel, project, archive, env })
  } finally {
    await simulator.stop()
  }
}
