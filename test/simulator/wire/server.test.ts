import assert from 'node:assert/strict'
import type { Gate } from '../../../simulator/wire/call.js'
import { invalid } from '../../../simulator/wire/google-error.js'
import { SMALL, simulated, worldOf } from '../simulated.js'

const KEYS = '/v2/projects/102/locations/global/keys'

describe('the simulator', () => {
  it('listens on loopback only', async () => {
    await simulated(SMALL, async (_ask, simulator) => {
      assert.match(simulator.origin, /^http:\/\/127\.0\.0\.1:\d+$/)
      assert.equal(simulator.slackUrl, `${simulator.origin}/api/`)
    })
  })

  it('counts requests by operation, refused ones included', async () => {
    await simulated(SMALL, async (ask, simulator) => {
      await ask(KEYS)
      await ask('/v2/projects/999/locations/global/keys')
      await ask('/v1/organizations/9/assets')
      assert.deepEqual(Object.fromEntries(simulator.requests), {
        'apikeys.keys.list': 2,
        'cloudasset.assets.list': 1,
      })
    })
  })

  it('answers a path that Google does not have with a page, not with JSON', async () => {
    await simulated(SMALL, async (ask, simulator) => {
      const { status, headers } = await ask('/v9/nothing')
      assert.equal(status, 404)
      assert.match(headers.get('content-type') ?? '', /^text\/html/)
      assert.equal(simulator.requests.get('unknown'), 1)
    })
  })

  it('serves another world when it is given one, and keeps what was written', async () => {
    await simulated(SMALL, async (ask, simulator) => {
      simulator.world = worldOf('{organization: {number: 9}, projects: [{id: acme-new, keys: [{}]}]}')
      assert.equal((await ask(KEYS)).status, 403)
      assert.equal((await ask('/v2/projects/acme-new/locations/global/keys')).body.keys.length, 1)
    })
  })

  describe('with a gate', () => {
    it('lets it answer itself, by operation and by how often that was called', async () => {
      const twice: Gate = async (call, answer) => {
        if (call.operation !== 'apikeys.keys.list' || call.earlier >= 2) return answer()
        return { status: 429, headers: { 'retry-after': '1' }, body: { error: { code: 429 } } }
      }
      await simulated(
        SMALL,
        async (ask) => {
          const statuses = [await ask(KEYS), await ask(KEYS), await ask(KEYS)].map((answer) => answer.status)
          assert.deepEqual(statuses, [429, 429, 200])
          assert.equal((await ask('/v1/organizations/9/assets')).status, 200)
        },
        { gates: [twice] },
      )
    })

    it('lets it change what comes back', async () => {
      const truncate: Gate = async (_call, answer) => {
        const outcome = await answer()
        return 'hangup' in outcome ? outcome : { ...outcome, body: JSON.stringify(outcome.body).slice(0, 20) }
      }
      await simulated(
        SMALL,
        async (ask) => {
          const { status, body } = await ask(KEYS)
          assert.deepEqual([status, body.length], [200, 20])
        },
        { gates: [truncate] },
      )
    })

    it('lets it break the connection', async () => {
      const reset: Gate = async () => ({ hangup: 'reset' })
      await simulated(SMALL, async (ask) => assert.rejects(ask(KEYS)), { gates: [reset] })
    })

    it('lets it fall silent until the caller has had enough', async () => {
      const silent: Gate = async () => ({ hangup: 'silence' })
      await simulated(
        SMALL,
        async (ask) => assert.rejects(ask(KEYS, { signal: AbortSignal.timeout(100) }), /aborted|timeout/i),
        { gates: [silent] },
      )
    })

    it('asks the outermost first', async () => {
      const seen: string[] = []
      const gate =
        (name: string): Gate =>
        async (_call, answer) => {
          seen.push(name)
          return answer()
        }
      await simulated(SMALL, async (ask) => void (await ask(KEYS)), { gates: [gate('outer'), gate('inner')] })
      assert.deepEqual(seen, ['outer', 'inner'])
    })

    it('turns a refusal that it throws into its answer', async () => {
      const refusing: Gate = async () => {
        throw invalid('not today')
      }
      await simulated(
        SMALL,
        async (ask) => {
          const { status, body } = await ask(KEYS)
          assert.deepEqual([status, body.error.message], [400, 'not today'])
        },
        { gates: [refusing] },
      )
    })
  })
})
