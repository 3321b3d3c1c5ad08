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
import { NOW, onStage, recordsIn, type Stage } from './stage.js'

/** An organization with an old key for Maps in a project without the Gemini API. */
const MAPS = (keys = '[{id: old-maps, name: Old maps, created: 1500d ago}]'): World =>
  readWorld(
    `
organization: {number: 99, domain: small.example}
caller: {project: auditor-1, serviceAccount: auditor@auditor-1.iam.gserviceaccount.com}
folders: [{number: 1001, name: production}]
projects:
  - {id: auditor-1, number: 1, services: [apikeys, cloudasset, cloudresourcemanager, serviceusage, monitoring, logging, orgpolicy]}
  - id: maps-1
    number: 2
    folder: 1001
    labels: {owner: logistics}
    services: [maps-backend]
    keys: ${keys}
slack: {team: Small, channels: [{id: C0456, name: security}, {id: C0789, name: logistics}]}
`,
    'maps.yaml',
    NOW,
  )

let functions = 0

interface EventStage extends Stage {
  readonly reported: unknown[]
  /** Calls an API of the simulated Google, as an administrator does. */
  readonly change: (method: string, path: string, body?: object) => Promise<void>
  /** Waits until every message of the feed was taken or given up. */
  readonly told: () => Promise<void>
}

/** A simulator whose feed leads to the function, served by the framework's own server for tests. */
async function onFeed(
  world: World,
  use: (stage: EventStage) => Promise<void>,
  {
    env: more = {},
    form = 'push',
    ...options
  }: Partial<SimulatorOptions> & { env?: Record<string, string>; form?: EventForm } = {},
): Promise<void> {
  functions += 1
  const name = `keyChanged-${functions}`
  let server: Server | undefined
  const place = { url: '' }
  const events = {
    get url() {
      return place.url
    },
    form,
    pause: 1,
  }
  try {
    await onStage(
      world,
      async ({ simulator, env }) => {
        const reported: unknown[] = []
        const own = { ...env, AUDIT_EVENT_WINDOW: '1s', ...more }
        cloudEvent(
          name,
          createEventHandler({ env: own, now: () => NOW, report: (error) => reported.push(error) }),
        )
        server = getTestServer(name).listen(0, '127.0.0.1')
        await once(server, 'listening')
        place.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/projects/auditor-1/topics/changes`
        const change = async (method: string, path: string, body: object = {}) => {
          const response = await fetch(`${simulator.origin}${path}`, {
            method,
            headers: { authorization: 'Bearer administrator', 'content-type': 'application/json' },
            ...(method === 'DELETE' ? {} : { body: JSON.stringify(body) }),
          })
          assert.equal(response.status, 200, await response.text())
        }
        await use({ simulator, env: own, reported, change, told: async () => simulator.feed?.settled() })
      },
      { ...options, events },
    )
  } finally {
    server?.closeAllConnections()
    server?.close()
  }
}

const ENABLE = '/v1/projects/maps-1/services/generativelanguage.googleapis.com:enable'

describe('the function of single changes', () => {
  for (const form of ['push', 'binary', 'structured'] as const) {
    it(`tells in one message which old key the Gemini API was switched on over (${form})`, async () => {
      await onFeed(
        MAPS(),
        async ({ simulator, change, told, reported }) => {
          await change('POST', ENABLE)
          await told()
          assert.deepEqual(
            simulator.feed?.pushes.map(({ status }) => status),
            [204],
          )
          const [message, ...others] = simulator.slackMessages()
          assert.deepEqual(others, [])
          assert.equal(message?.channel, 'C0456')
          assert.match(
            message?.text ?? '',
            /^Gemini API switched on in maps-1 over Old maps, dormant, no API restriction\./,
          )
          assert.match(message?.text ?? '', /logistics/)
          assert.match(message?.text ?? '', /To do: /)
          const [event] = recordsIn(simulator, 'event')
          assert.equal(event.change, 'gemini-enabled')
          assert.equal(event.outcome, 'news')
          assert.deepEqual(
            event.keys.map(({ verdict }: { verdict: string }) => verdict),
            ['overdue'],
          )
          assert.deepEqual(reported, [])
          assert.deepEqual(simulator.violations, [])
        },
        { form },
      )
    })
  }
})
