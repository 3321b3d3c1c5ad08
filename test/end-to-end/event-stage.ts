import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cloudEvent } from '@google-cloud/functions-framework'
import { getTestServer } from '@google-cloud/functions-framework/testing'
import type { EventForm } from '../../simulator/feed/feed.js'
import type { SimulatorOptions } from '../../simulator/simulator.js'
import { readWorld } from '../../simulator/world/file.js'
import type { World } from '../../simulator/world/world.js'
import { createEventHandler } from '../program.js'
import { NOW, onStage, type Stage } from './stage.js'

/** An old key for Maps, from before the Gemini API. */
export const OLD_MAPS = '[{id: old-maps, name: Old maps, created: 1500d ago}]'

/** An organization with a project of Maps, in which the Gemini API is off unless `services` names it. */
export function mapsWorld(keys = OLD_MAPS, services = 'maps-backend', more = ''): World {
  const text = `
organization: {number: 99, domain: small.example}
caller: {project: auditor-1, serviceAccount: auditor@auditor-1.iam.gserviceaccount.com}
folders: [{number: 1001, name: production}, {number: 1002, name: other}]
projects:
  - id: auditor-1
    number: 1
    services: [apikeys, cloudasset, cloudresourcemanager, serviceusage, monitoring, logging, orgpolicy, storage]
  - id: maps-1
    number: 2
    folder: 1001
    labels: {owner: logistics}
    services: [${services}]
    keys: ${keys}
  - {id: gemini-1, number: 3, labels: {team: search}, services: [generativelanguage]}
slack: {team: Small, channels: [{id: C0456, name: security}, {id: C0789, name: logistics}]}
buckets: [{name: audits}]
${more}`
  return readWorld(text, 'maps.yaml', NOW)
}

export interface EventStage extends Stage {
  /** What the function wrote to standard error. */
  readonly reported: unknown[]
  /** Calls an API of the simulated Google, as an administrator does. */
  readonly change: (method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: object) => Promise<void>
  /** Waits until every message of the feed was taken or given up. */
  readonly settled: () => Promise<void>
  /** How each push was answered, in their order. */
  readonly answers: () => readonly number[]
}

interface FeedStageOptions extends Partial<SimulatorOptions> {
  readonly env?: Readonly<Record<string, string>>
  readonly form?: EventForm
  /** How often a message is pushed at most. */
  readonly attempts?: number
  /** Milliseconds for which changes are gathered: longer than the test takes to make them. */
  readonly window?: number
}

let functions = 0

/** Serves a function of single changes by the framework's own server for tests. */
async function serve(
  env: Readonly<Record<string, string>>,
  reported: unknown[],
  window: number,
): Promise<Server> {
  functions += 1
  const name = `keyChanged-${functions}`
  const retryPolicy = { retries: 0, first: 1, longest: 1, total: 1_000 }
  cloudEvent(
    name,
    createEventHandler({
      env,
      now: () => NOW,
      report: (error) => reported.push(error),
      window,
      limits: { google: { retryPolicy }, slack: { waitBudget: 0 } },
    }),
  )
  const server = getTestServer(name).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** A simulator whose feed leads to the function. */
export async function onFeed(
  world: World,
  use: (stage: EventStage) => Promise<void>,
  { env: more = {}, form = 'push', attempts = 3, window = 50, ...options }: FeedStageOptions = {},
): Promise<void> {
  let server: Server | undefined
  const place = { url: '' }
  const events = {
    get url() {
      return place.url
    },
    form,
    pause: 1,
    attempts,
  }
  const onSimulator = async ({ simulator, env }: Stage) => {
    const reported: unknown[] = []
    console.error = (said: unknown) => reported.push(said) // by which the framework says why it answers 500
    const own = { ...env, ...more }
    server = await serve(own, reported, window)
    const { port } = server.address() as AddressInfo
    place.url = `http://127.0.0.1:${port}/projects/auditor-1/topics/changes`
    await use({
      simulator,
      env: own,
      reported,
      change: (method, path, body) => changed(`${simulator.origin}${path}`, method, body),
      settled: async () => simulator.feed?.settled(),
      answers: () => simulator.feed?.pushes.map(({ status }) => status) ?? [],
    })
  }
  const { error } = console
  try {
    await onStage(world, onSimulator, { ...options, events })
  } finally {
    console.error = error
    server?.closeAllConnections()
    server?.close()
  }
}

async function changed(url: string, method: string, body: object = {}): Promise<void> {
  const response = await fetch(url, {
    method,
    headers: { authorization: 'Bearer administrator', 'content-type': 'application/json' },
    ...(method === 'DELETE' ? {} : { body: JSON.stringify(body) }),
  })
  assert.equal(response.status, 200, await response.text())
}

export const KEYS = '/v2/projects/maps-1/locations/global/keys'
export const ENABLE = '/v1/projects/maps-1/services/generativelanguage.googleapis.com:enable'
