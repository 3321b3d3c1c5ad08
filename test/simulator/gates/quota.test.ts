import assert from 'node:assert/strict'
import { quotaGate } from '../../../simulator/gates/quota.js'
import { QUOTAS } from '../../../simulator/gates/quotas.js'
import type { Call, Outcome } from '../../../simulator/wire/call.js'
import { QUOTAS as LIMITS } from '../../../src/google/quotas.js'
import { simulated, worldOf } from '../simulated.js'

const call = (operation: string): Call => ({
  operation,
  method: 'GET',
  path: '/',
  params: {},
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.alloc(0),
  earlier: 0,
  origin: 'http://127.0.0.1:1',
})

/** A gate whose clock stands where the test puts it; gives the status of each call. */
function gateWith(options: Parameters<typeof quotaGate>[0]) {
  let now = 0
  const gate = quotaGate(
    options,
    () => '101',
    () => now,
  )
  const status = (outcome: Outcome) => ('status' in outcome ? outcome.status : undefined)
  return {
    at: (moment: number) => {
      now = moment
    },
    one: async (operation: string) => status(await gate(call(operation), async () => ({ status: 200 }))),
    answer: (operation: string) => gate(call(operation), async () => ({ status: 200 })),
    async spend(operation: string, times: number) {
      for (let made = 0; made < times; made += 1) assert.equal(await this.one(operation), 200)
    },
  }
}

describe('enforced quotas', () => {
  for (const { operations, perMinute, title, service } of QUOTAS.filter((quota) => quota.perMinute < 1000)) {
    it(`${service} takes ${perMinute} ${title} a minute, and no more`, async () => {
      const operation = (operations[0] ?? '').replace('*', 'projects')
      const gate = gateWith({})
      await gate.spend(operation, perMinute)
      assert.equal(await gate.one(operation), 429)
    })
  }

  it('the minute slides: each request counts for 60 seconds from its own moment', async () => {
    const gate = gateWith({})
    await gate.spend('cloudasset.assets.list', 50)
    gate.at(30_000)
    await gate.spend('cloudasset.assets.list', 50)
    gate.at(59_999)
    assert.equal(await gate.one('cloudasset.assets.list'), 429)
    gate.at(60_000)
    await gate.spend('cloudasset.assets.list', 50)
    assert.equal(await gate.one('cloudasset.assets.list'), 429)
  })

  it('a refused request uses up nothing', async () => {
    const gate = gateWith({})
    await gate.spend('cloudasset.assets.list', 100)
    gate.at(59_999)
    for (let refused = 0; refused < 10; refused += 1)
      assert.equal(await gate.one('cloudasset.assets.list'), 429)
    gate.at(60_000)
    await gate.spend('cloudasset.assets.list', 100)
  })

  it('a minute may be shorter', async () => {
    const gate = gateWith({ minute: 1.5 })
    await gate.spend('cloudasset.assets.list', 100)
    gate.at(1499)
    assert.equal(await gate.one('cloudasset.assets.list'), 429)
    gate.at(1500)
    assert.equal(await gate.one('cloudasset.assets.list'), 200)
  })

  it('operations of one group share a quota, those of others do not', async () => {
    const gate = gateWith({})
    await gate.spend('apikeys.keys.list', 240)
    assert.equal(await gate.one('apikeys.keys.get'), 429)
    assert.equal(await gate.one('serviceusage.services.get'), 200)
    assert.equal(await gate.one('slack.chat.postMessage'), 200)
  })

  it('the refusal is the one of Google: status, reason, metadata, and Retry-After where asked for', async () => {
    const gate = gateWith({ retryAfter: true })
    await gate.spend('cloudasset.assets.list', 100)
    gate.at(40_500)
    assert.deepEqual(
      await gate.answer('cloudasset.assets.list').then((answer) => Object.assign({}, answer)),
      {
        status: 429,
        headers: { 'retry-after': '20' },
        body: {
          error: {
            code: 429,
            message:
              "Quota exceeded for quota metric 'ListAssets Requests' and limit 'ListAssets Requests per minute' of service 'cloudasset.googleapis.com' for consumer 'project_number:101'.",
            status: 'RESOURCE_EXHAUSTED',
            details: [
              {
                '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
                reason: 'RATE_LIMIT_EXCEEDED',
                domain: 'googleapis.com',
                metadata: {
                  service: 'cloudasset.googleapis.com',
                  consumer: 'projects/101',
                  quota_metric: 'cloudasset.googleapis.com/listassets_requests',
                  quota_limit: 'ListAssetsRequestsPerMinutePerProject',
                  quota_limit_value: '100',
                  quota_unit: '1/min/{project}',
                  quota_location: 'global',
                },
              },
              {
                '@type': 'type.googleapis.com/google.rpc.Help',
                links: [
                  {
                    description: 'Request a higher quota limit.',
                    url: 'https://cloud.google.com/docs/quotas/help/request_increase',
                  },
                ],
              },
            ],
          },
        },
      },
    )
  })

  it('the auditor never takes more than what is enforced: the two tables agree', () => {
    const enforced = new Map(QUOTAS.map(({ source, perMinute }) => [`${source} ${perMinute}`, true]))
    for (const [name, { source, perMinute }] of Object.entries(LIMITS))
      assert.ok(enforced.has(`${source} ${perMinute}`), name)
  })
})

describe('a simulator that enforces', () => {
  const WORLD = worldOf('{organization: {number: 9}, projects: [{id: auditor-home, number: 101}]}')
  const ASSETS = '/v1/organizations/9/assets?contentType=RESOURCE'

  it('quotas refuses what goes beyond them', async () => {
    await simulated(
      WORLD,
      async (ask) => {
        const statuses = await Promise.all(
          Array.from({ length: 101 }, async () => (await ask(ASSETS)).status),
        )
        assert.deepEqual([statuses.filter((status) => status === 429).length, statuses.length], [1, 101])
      },
      { enforce: { quota: {} } },
    )
  })

  it('latency answers no sooner', async () => {
    await simulated(
      WORLD,
      async (ask) => {
        const started = performance.now()
        await ask(ASSETS)
        assert.ok(performance.now() - started >= 19)
      },
      { enforce: { latency: { milliseconds: 20, jitter: 5, seed: 1 } } },
    )
  })
})
