import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { http } from '@google-cloud/functions-framework'
import { getTestServer } from '@google-cloud/functions-framework/testing'
import type { LogEntry } from '../../simulator/logging/log.js'
import { type Simulator, type SimulatorOptions, startSimulator } from '../../simulator/simulator.js'
import { readWorld, readWorldFile } from '../../simulator/world/file.js'
import type { World } from '../../simulator/world/world.js'
import { settingsFor } from '../../src/commands/sample.js'
import { createHandler } from '../program.js'
import { assertRecords } from '../record-forms.js'

/** When every end-to-end run takes place: a Monday. */
export const NOW = new Date('2026-11-23T07:00:00Z')

/** The sample organization, as of `NOW` unless something with a clock of its own takes part. */
export const acme = (now = NOW): Promise<World> => readWorldFile('worlds/acme.yaml', now)

export const ACME_POLICY = 'worlds/acme.policy.yaml'

/** One organization with one project that has the Gemini API and these keys. */
export function smallWorld(keys: string, more = ''): World {
  const text = `
organization: {number: 99, domain: small.example}
caller: {project: auditor-1, serviceAccount: auditor@auditor-1.iam.gserviceaccount.com}
projects:
  - {id: auditor-1, number: 1, services: [apikeys, cloudasset, cloudresourcemanager, serviceusage, logging]}
  - id: gemini-1
    number: 2
    services: [generativelanguage]
    keys: ${keys}
slack: {team: Small, channels: [{id: C0456, name: security}]}
${more}`
  return readWorld(text, 'small.yaml', NOW)
}

/**
 * Keeps a child process out of the coverage: built files lead back to the same sources as the tests' own, with
 * other positions, and the one report would replace the other.
 */
export const UNCOVERED = { NODE_V8_COVERAGE: '' }

export interface Stage {
  readonly simulator: Simulator
  /** The variables with which a run reads and tells the simulator. */
  readonly env: Record<string, string>
}

/** A simulator for the time of `use`; every record that was written to it is what its schema says. */
export async function onStage(
  world: World,
  use: (stage: Stage) => Promise<void>,
  options: Partial<SimulatorOptions> = {},
): Promise<void> {
  const simulator = await startSimulator({
    world,
    now: () => NOW,
    enforce: { slackArguments: true },
    ...options,
  })
  try {
    await use({ simulator, env: { ...settingsFor(simulator), AUDIT_PACE: 'off' } })
    assertRecords(simulator.logEntries().map(({ jsonPayload }) => jsonPayload))
  } finally {
    await simulator.stop()
  }
}

export interface FunctionAnswer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was answered
  readonly body: any
  readonly text: string
}

let functions = 0

/** Sends one request to the function, served by the framework over HTTP. */
export async function callFunction(
  env: Record<string, string>,
  request: RequestInit = { method: 'POST' },
  reported: unknown[] = [],
  now: () => Date = () => NOW,
): Promise<FunctionAnswer> {
  functions += 1
  const name = `audit-${functions}`
  http(name, createHandler({ env, now, report: (error) => reported.push(error) }))
  const server = getTestServer(name).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const { port } = server.address() as AddressInfo
    const response = await fetch(`http://127.0.0.1:${port}/`, request)
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : text,
      text,
    }
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** The payloads of one kind of record in the simulator's log. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was written
export function recordsIn(simulator: Simulator, kind: string): any[] {
  return simulator
    .logEntries()
    .filter((entry: LogEntry) => entry.labels['record'] === kind)
    .map((entry) => entry.jsonPayload)
}
