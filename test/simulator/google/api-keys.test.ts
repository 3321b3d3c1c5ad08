import assert from 'node:assert/strict'
import { openWorld } from '../../../simulator/world/file.js'
import { everything, NOW, posting, SMALL, simulated } from '../simulated.js'

const KEYS = '/v2/projects/102/locations/global/keys'

describe('the API Keys API', () => {
  it('lists what exists now, by project number or ID', async () => {
    await simulated(SMALL, async (ask) => {
      for (const project of ['102', 'acme-web']) {
        const { body } = await ask(`/v2/projects/${project}/locations/global/keys`)
        const names = body.keys.map((key: { displayName: string }) => key.displayName)
        assert.deepEqual(names, ['Chat', 'Maps', 'Bound', 'Fresh'])
      }
    })
  })

  it('shows deleted keys when asked', async () => {
    await simulated(SMALL, async (ask) => {
      for (const yes of ['true', 'True']) {
        const { body } = await ask(`${KEYS}?showDeleted=${yes}`)
        const gone = body.keys.find((key: { uid: string }) => key.uid === 'uid-gone')
        assert.equal(gone.deleteTime, '2026-11-20T07:00:00Z')
      }
      assert.equal((await ask(`${KEYS}?showDeleted=False`)).body.keys.length, 4)
    })
  })

  it('shows service accounts, restrictions and IDs that were chosen, and leaves out what is not set', async () => {
    await simulated(SMALL, async (ask) => {
      const [chat, maps, bound] = (await ask(KEYS)).body.keys
      assert.deepEqual(Object.keys(chat), ['name', 'displayName', 'createTime', 'uid', 'updateTime', 'etag'])
      assert.equal(maps.name, 'projects/102/locations/global/keys/maps-web')
      assert.equal(maps.uid, 'uid-maps')
      assert.deepEqual(maps.restrictions, {
        apiTargets: [{ service: 'maps-backend.googleapis.com' }],
        browserKeyRestrictions: { allowedReferrers: ['https://acme.example/*'] },
      })
      assert.equal(bound.serviceAccountEmail, 'a@b.example')
    })
  })

  it('gives at most 300 keys a page', async () => {
    const world = await openWorld('generated:keys=300,projects=1,deleted=0', NOW)
    await simulated(world, async (ask) => {
      const path = '/v2/projects/generated-0/locations/global/keys'
      assert.equal((await everything(ask, `${path}?pageSize=1000`, 'keys')).pages, 1)
      const small = await everything(ask, `${path}?pageSize=7`, 'keys')
      assert.equal(small.pages, 43)
      assert.equal(new Set(small.items.map((key) => key.uid)).size, 300)
    })
  })

  it('gives a single key, and 404 where there is none', async () => {
    await simulated(SMALL, async (ask) => {
      assert.equal((await ask(`${KEYS}/maps-web`)).body.uid, 'uid-maps')
      assert.equal((await ask(`${KEYS}/nothing`)).status, 404)
    })
  })

  it('answers the same for a project that is not there and one that may not be seen', async () => {
    await simulated(SMALL, async (ask) => {
      assert.equal((await ask('/v2/projects/999/locations/global/keys')).status, 403)
    })
  })

  it('leaves an empty list out', async () => {
    await simulated(SMALL, async (ask) => {
      assert.deepEqual((await ask('/v2/projects/103/locations/global/keys')).body, {})
    })
  })

  it('shows damage as a world describes it', async () => {
    const world = `{organization: {number: 9}, projects: [{id: acme-web, keys: [{wire: {uid: null, createTime: 7}}]}]}`
    await simulated(world, async (ask) => {
      const [key] = (await ask('/v2/projects/acme-web/locations/global/keys')).body.keys
      assert.equal('uid' in key, false)
      assert.equal(key.createTime, 7)
    })
  })

  const forbidden: readonly [string, string, RequestInit][] = [
    ['asks for a key string', `${KEYS}/maps-web/keyString`, {}],
    ['looks a key string up', '/v2/keys:lookupKey?keyString=x', {}],
    ['makes a key', KEYS, posting({ displayName: 'x' })],
    ['changes a key', `${KEYS}/maps-web`, { ...posting({}), method: 'PATCH' }],
    ['deletes a key', `${KEYS}/maps-web`, { method: 'DELETE' }],
    ['brings a key back', `${KEYS}/maps-web:undelete`, posting({})],
  ]
  for (const [what, path, request] of forbidden) {
    it(`refuses and notes a caller that ${what}`, async () => {
      await simulated(SMALL, async (ask, simulator) => {
        assert.equal((await ask(path, request)).status, 403)
        assert.equal(simulator.violations.length, 1)
        assert.match(simulator.violations[0]?.operation ?? '', /^apikeys\.keys\./)
      })
    })
  }
})
