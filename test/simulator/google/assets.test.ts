import assert from 'node:assert/strict'
import { openWorld } from '../../../simulator/world/file.js'
import { everything, NOW, SMALL, simulated } from '../simulated.js'

const KEYS = '/v1/organizations/9/assets?assetTypes=apikeys.googleapis.com/Key&contentType=RESOURCE'
const ENABLED = `query=${encodeURIComponent('state:ENABLED AND name:*generativelanguage.googleapis.com*')}`
const SERVICES = '/v1/organizations/9:searchAllResources?assetTypes=serviceusage.googleapis.com/Service'

describe('the asset inventory', () => {
  it('shows keys with their resource and the chain above them', async () => {
    await simulated(SMALL, async (ask) => {
      const { body } = await ask(KEYS)
      const chat = body.assets.find((asset: { name: string }) => asset.name.endsWith('/uid-chat'))
      assert.equal(chat.name, '//apikeys.googleapis.com/projects/102/locations/global/keys/uid-chat')
      assert.deepEqual(chat.ancestors, ['projects/102', 'folders/2', 'folders/1', 'organizations/9'])
      assert.equal(chat.resource.data.displayName, 'Chat')
      assert.equal('restrictions' in chat.resource.data, false)
    })
  })

  it('is behind: it shows a vanished key and not yet a fresh one', async () => {
    await simulated(SMALL, async (ask) => {
      const { body } = await ask(KEYS)
      const names = body.assets.map(
        (asset: { resource: { data: { displayName: string } } }) => asset.resource.data.displayName,
      )
      assert.deepEqual(names, ['Chat', 'Maps', 'Bound', 'Gone', 'Vanished'])
    })
  })

  it('shows service accounts only in a world that says so', async () => {
    const bound = async (world: string) => {
      let email: unknown
      await simulated(world, async (ask) => {
        const { body } = await ask(KEYS)
        email = body.assets.find((asset: { name: string }) => asset.name.endsWith('uid-bound')).resource.data
          .serviceAccountEmail
      })
      return email
    }
    assert.equal(await bound(SMALL), undefined)
    assert.equal(await bound(`${SMALL}\ninventory: {showsServiceAccounts: true}`), 'a@b.example')
  })

  it('still shows the restrictions of before, where a world says so', async () => {
    const world = `{organization: {number: 9}, projects: [{id: acme-web, keys: [{targets: [maps-backend], stale: {}}]}]}`
    await simulated(world, async (ask) => {
      assert.deepEqual((await ask(KEYS)).body.assets[0].resource.data.restrictions, {})
      const keys = await ask('/v2/projects/acme-web/locations/global/keys')
      assert.equal(keys.body.keys[0].restrictions.apiTargets.length, 1)
    })
  })

  it('leaves the resource out unless it is asked for', async () => {
    await simulated(SMALL, async (ask) => {
      const { body } = await ask('/v1/organizations/9/assets')
      assert.equal(
        body.assets.some((asset: object) => 'resource' in asset),
        false,
      )
    })
  })

  it('takes several asset types, and types by expression', async () => {
    const types = async (query: string) => {
      let seen: unknown[] = []
      await simulated(SMALL, async (ask) => {
        const { body } = await ask(`/v1/organizations/9/assets?${query}`)
        seen = [...new Set(body.assets.map((asset: { assetType: string }) => asset.assetType.split('/')[1]))]
      })
      return seen
    }
    const both =
      'assetTypes=apikeys.googleapis.com/Key&assetTypes=cloudresourcemanager.googleapis.com/Project'
    assert.deepEqual(await types(both), ['Project', 'Key'])
    assert.deepEqual(await types('assetTypes=cloudresourcemanager.googleapis.com/.*'), [
      'Organization',
      'Folder',
      'Project',
    ])
    assert.deepEqual(await types(''), [
      'Organization',
      'Folder',
      'Project',
      'ServiceAccount',
      'Key',
      'Service',
    ])
  })

  it('limits itself to a folder or a project', async () => {
    await simulated(SMALL, async (ask) => {
      const count = async (scope: string) => {
        const { body } = await ask(
          `/v1/${scope}/assets?assetTypes=cloudresourcemanager.googleapis.com/Project`,
        )
        return body.assets?.length ?? 0
      }
      assert.equal(await count('organizations/9'), 3)
      assert.equal(await count('folders/1'), 2)
      assert.equal(await count('folders/2'), 1)
      assert.equal(await count('projects/auditor-home'), 1)
    })
  })

  it('gives all keys once, whatever the page size', async () => {
    const world = await openWorld('generated:keys=700,projects=70', NOW)
    await simulated(world, async (ask) => {
      const base = '/v1/organizations/271828182845/assets?assetTypes=apikeys.googleapis.com/Key'
      for (const [size, pages] of [
        [7, 100],
        [100, 7],
        [699, 2],
        [700, 1],
        [1000, 1],
      ] as const) {
        const all = await everything(ask, `${base}&pageSize=${size}`, 'assets')
        assert.equal(new Set(all.items.map((asset) => asset.name)).size, 700)
        assert.equal(all.items.length, 700)
        assert.equal(all.pages, pages)
      }
      assert.equal((await ask(base)).body.assets.length, 100)
    })
  })

  it('leaves an empty list out', async () => {
    await simulated(SMALL, async (ask) => {
      const { status, body } = await ask(
        '/v1/projects/acme-empty/assets?assetTypes=apikeys.googleapis.com/Key',
      )
      assert.equal(status, 200)
      assert.deepEqual(Object.keys(body), ['readTime'])
    })
  })

  const refused: readonly [string, string, number, string][] = [
    ['a page of more than 1000', `${KEYS}&pageSize=1001`, 400, 'INVALID_ARGUMENT'],
    ['a token that it did not give', `${KEYS}&pageToken=MTAuMC54eHg`, 400, 'INVALID_ARGUMENT'],
    ['a parameter that it does not know', `${KEYS}&pagesize=3`, 400, 'INVALID_ARGUMENT'],
    ['another organization', '/v1/organizations/10/assets', 403, 'PERMISSION_DENIED'],
    ['a folder that is not there', '/v1/folders/77/assets', 403, 'PERMISSION_DENIED'],
    ['a search by a field that is none', `${SERVICES}&query=colour:red`, 400, 'INVALID_ARGUMENT'],
    ['a search that is no sentence', `${SERVICES}&query=state:(ENABLED`, 400, 'INVALID_ARGUMENT'],
  ]
  for (const [what, path, status, code] of refused) {
    it(`refuses ${what}`, async () => {
      await simulated(SMALL, async (ask) => {
        const answer = await ask(path)
        assert.equal(answer.status, status)
        assert.equal(answer.body.error.status, code)
      })
    })
  }

  it('refuses a token of another listing', async () => {
    await simulated(SMALL, async (ask) => {
      const { body } = await ask(`${KEYS}&pageSize=1`)
      const foreign = `/v1/organizations/9/assets?contentType=RESOURCE&pageToken=${body.nextPageToken}`
      assert.equal((await ask(foreign)).status, 400)
      assert.equal((await ask(`${KEYS}&pageSize=2&pageToken=${body.nextPageToken}`)).status, 200)
    })
  })

  it('refuses a caller without a token', async () => {
    await simulated(SMALL, async (ask) => {
      const { status, body } = await ask(KEYS, { headers: { authorization: '' } })
      assert.equal(status, 401)
      assert.equal(body.error.status, 'UNAUTHENTICATED')
    })
  })
})

describe('the search over the inventory', () => {
  it('finds where the Gemini API is enabled', async () => {
    await simulated(SMALL, async (ask) => {
      const { body } = await ask(`${SERVICES}&${ENABLED}`)
      assert.equal(body.results.length, 1)
      assert.equal(body.results[0].project, 'projects/102')
      assert.equal(body.results[0].state, 'ENABLED')
    })
  })

  it('misses a service that a world lets it miss', async () => {
    const world = `{organization: {number: 9}, projects: [{id: acme-web, services: [generativelanguage], missingFromSearch: [generativelanguage]}]}`
    await simulated(world, async (ask) => {
      assert.deepEqual((await ask(`${SERVICES}&${ENABLED}`)).body, {})
      const { body } = await ask('/v1/projects/acme-web/services/generativelanguage.googleapis.com')
      assert.equal(body.state, 'ENABLED')
    })
  })

  it('gives at most 500 a page, even if asked for more', async () => {
    const world = await openWorld('generated:keys=600,projects=600,gemini=600,stray=0', NOW)
    await simulated(world, async (ask) => {
      const path = SERVICES.replace('/9:', '/271828182845:')
      const found = await everything(ask, `${path}&${ENABLED}&pageSize=5000`, 'results')
      assert.equal(found.items.length, 600)
      assert.equal(found.pages, 2)
    })
  })

  const queries: readonly [string, number][] = [
    ['', 4],
    ['state:enabled', 4],
    ['state=ENABLED', 4],
    ['NOT state:ENABLED', 0],
    ['-state:ENABLED', 0],
    ['state:DISABLED', 0],
    ['name:generativelanguage', 1],
    ['name:generative', 0],
    ['name:generative*', 1],
    ['name:*maps-backend*', 1],
    ['name:*apikeys* OR name:*cloudasset*', 2],
    ['name:(*apikeys* OR *cloudasset*)', 2],
    ['project:projects/102', 2],
    ['project:102', 2],
    ['project:10', 0],
    ['project:102 OR name:*apikeys*', 3],
    ['name:generativelanguage AND (project:101 OR project:102 OR project:102 OR project:999)', 1],
    ['NOT project:102', 2],
    ['folders:folders/1', 2],
    ['apikeys', 1],
  ]
  for (const [query, count] of queries) {
    it(`finds ${count} services by "${query}"`, async () => {
      await simulated(SMALL, async (ask) => {
        const { body } = await ask(`${SERVICES}&query=${encodeURIComponent(query)}`)
        assert.equal(body.results?.length ?? 0, count)
      })
    })
  }

  it('gives the fields that are asked for, the whole resource only then', async () => {
    await simulated(SMALL, async (ask) => {
      const fields = async (mask: string) =>
        Object.keys((await ask(`${SERVICES}&${ENABLED}${mask}`)).body.results[0])
      assert.equal((await fields('')).includes('versionedResources'), false)
      assert.deepEqual(await fields('&readMask=name,versioned_resources'), ['name', 'versionedResources'])
      assert.equal((await fields('&readMask=*')).includes('versionedResources'), true)
    })
  })
})
