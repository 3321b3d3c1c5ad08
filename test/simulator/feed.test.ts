import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { EventForm } from '../../simulator/feed/feed.js'
import { type Simulator, startSimulator } from '../../simulator/simulator.js'
import { readWorld } from '../../simulator/world/file.js'

const NOW = new Date('2026-11-23T07:00:00Z')
const WORLD = `
organization: {number: 9}
projects:
  - {id: acme-web, number: 101, services: [maps-backend], keys: [{id: maps, uid: uid-1, name: Maps, targets: [maps-backend]}]}`

interface Received {
  readonly headers: IncomingHttpHeaders
  // biome-ignore lint/suspicious/noExplicitAny: whatever was sent
  readonly body: any
}

interface Fed {
  readonly simulator: Simulator
  readonly received: readonly Received[]
  // biome-ignore lint/suspicious/noExplicitAny: whatever was answered
  readonly ask: (method: string, path: string, body?: object) => Promise<any>
  /** The temporal assets that were received. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly assets: () => any[]
}

/** A simulator whose feed leads to a server that answers with these statuses, then with 204. */
async function fed(
  use: (fed: Fed) => Promise<void>,
  { form = 'push', statuses = [] }: { form?: EventForm; statuses?: number[] } = {},
): Promise<void> {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const part of request) text += part
    received.push({ headers: request.headers, body: JSON.parse(text) })
    response.writeHead(statuses.shift() ?? 204).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const world = readWorld(WORLD, 'fed.yaml', NOW)
  const simulator = await startSimulator({ world, events: { url, form, pause: 1, attempts: 3 } })
  const ask: Fed['ask'] = async (method, path, body) => {
    const response = await fetch(`${simulator.origin}${path}`, {
      method,
      headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: await response.json() }
  }
  const messageOf = ({ body }: Received) => body.message ?? body.data.message
  const assets = () =>
    received.map((one) => JSON.parse(Buffer.from(messageOf(one).data, 'base64').toString()))
  try {
    await use({ simulator, received, ask, assets })
  } finally {
    await simulator.stop()
    server.closeAllConnections()
    server.close()
  }
}

const KEYS = '/v2/projects/acme-web/locations/global/keys'
const service = (verb: string) => `/v1/projects/acme-web/services/generativelanguage.googleapis.com:${verb}`

describe('the simulated asset feed', () => {
  it('reports a key that was made, changed and deleted, each with the key before', async () => {
    await fed(async ({ simulator, ask, assets }) => {
      const made = await ask('POST', `${KEYS}?keyId=new`, { displayName: 'New' })
      assert.equal(made.status, 200)
      assert.equal(made.body.done, true)
      assert.equal(made.body.response.name, 'projects/101/locations/global/keys/new')
      assert.equal('keyString' in made.body.response, false)
      const restrictions = { apiTargets: [{ service: 'maps-backend.googleapis.com' }] }
      await ask('PATCH', `${KEYS}/new?updateMask=restrictions`, { restrictions })
      await ask('DELETE', `${KEYS}/new`)
      await simulator.feed?.settled()
      const [first, second, third] = assets()
      assert.deepEqual([first.priorAssetState, first.priorAsset], ['DOES_NOT_EXIST', undefined])
      assert.equal(first.asset.assetType, 'apikeys.googleapis.com/Key')
      assert.deepEqual(first.asset.ancestors, ['projects/101', 'organizations/9'])
      assert.equal(second.priorAsset.resource.data.restrictions, undefined)
      assert.deepEqual(second.asset.resource.data.restrictions, restrictions)
      assert.equal(second.asset.resource.data.displayName, 'New')
      assert.equal(third.asset.resource.data.deleteTime, NOW.toISOString())
      assert.deepEqual(simulator.violations, [])
    })
  })

  it('changes what its APIs show', async () => {
    await fed(async ({ ask }) => {
      await ask('POST', `${KEYS}?keyId=new`, {})
      await ask('PATCH', `${KEYS}/maps`, { displayName: 'Maps of stores' })
      const { keys } = (await ask('GET', KEYS)).body
      assert.deepEqual(
        keys.map(({ name, displayName }: Record<string, string>) => [name?.split('/').at(-1), displayName]),
        [
          ['maps', 'Maps of stores'],
          ['new', undefined],
        ],
      )
      await ask('POST', service('enable'), {})
      assert.equal((await ask('GET', service('enable').replace(':enable', ''))).body.state, 'ENABLED')
      assert.equal((await ask('POST', `${KEYS}?keyId=new`, {})).status, 409)
      assert.equal((await ask('PATCH', `${KEYS}/maps?updateMask=uid`, {})).status, 400)
    })
  })

  it('reports a service that is switched on or off, and not one that is so already', async () => {
    await fed(async ({ simulator, ask, assets }) => {
      for (const verb of ['enable', 'enable', 'disable', 'disable']) await ask('POST', service(verb), {})
      await simulator.feed?.settled()
      assert.deepEqual(
        assets().map(({ asset, priorAsset }) => [priorAsset.resource.data.state, asset.resource.data.state]),
        [
          ['DISABLED', 'ENABLED'],
          ['ENABLED', 'DISABLED'],
        ],
      )
    })
  })

  it('comes as Pub/Sub pushes it, and as a CloudEvent with its attributes in headers or in the body', async () => {
    const type = 'google.cloud.pubsub.topic.v1.messagePublished'
    const change = async ({ simulator, ask }: Fed) => {
      await ask('POST', service('enable'), {})
      await simulator.feed?.settled()
    }
    await fed(async (given) => {
      await change(given)
      assert.equal(given.received[0]?.headers['ce-type'], undefined)
      assert.match(given.received[0]?.body.subscription, /^projects\/.*\/subscriptions\//)
    })
    await fed(
      async (given) => {
        await change(given)
        assert.equal(given.received[0]?.headers['ce-type'], type)
        assert.ok(given.received[0]?.body.message.messageId)
      },
      { form: 'binary' },
    )
    await fed(
      async (given) => {
        await change(given)
        assert.equal(given.received[0]?.headers['content-type'], 'application/cloudevents+json')
        assert.equal(given.received[0]?.body.type, type)
      },
      { form: 'structured' },
    )
  })

  it('comes again with the same ID until it is taken, or given up', async () => {
    await fed(
      async ({ simulator, ask }) => {
        await ask('POST', service('enable'), {})
        await simulator.feed?.settled()
        const pushes = simulator.feed?.pushes ?? []
        assert.deepEqual(
          pushes.map(({ status }) => status),
          [500, 429, 204],
        )
        assert.equal(new Set(pushes.map(({ messageId }) => messageId)).size, 1)
      },
      { statuses: [500, 429] },
    )
    await fed(
      async ({ simulator, ask }) => {
        await ask('POST', service('enable'), {})
        await simulator.feed?.settled()
        assert.equal(simulator.feed?.pushes.length, 3)
      },
      { statuses: [500, 500, 500, 500] },
    )
  })
})
