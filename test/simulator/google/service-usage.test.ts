import assert from 'node:assert/strict'
import { everything, SMALL, simulated } from '../simulated.js'

const GEMINI = 'generativelanguage.googleapis.com'

describe('the Service Usage API', () => {
  it('says whether a service is enabled, by project number or ID', async () => {
    await simulated(SMALL, async (ask) => {
      const state = async (project: string) =>
        (await ask(`/v1/projects/${project}/services/${GEMINI}`)).body.state
      assert.equal(await state('102'), 'ENABLED')
      assert.equal(await state('acme-web'), 'ENABLED')
      assert.equal(await state('acme-empty'), 'DISABLED')
    })
  })

  it('refuses a service that does not exist like a forbidden one', async () => {
    await simulated(SMALL, async (ask) => {
      const { status, body } = await ask('/v1/projects/102/services/nothing.googleapis.com')
      assert.equal(status, 403)
      assert.equal(body.error.details[0].reason, 'SERVICE_CONFIG_NOT_FOUND_OR_PERMISSION_DENIED')
    })
  })

  it('lists what is enabled, or everything that there is', async () => {
    await simulated(SMALL, async (ask) => {
      const enabled = await everything(
        ask,
        '/v1/projects/102/services?filter=state:ENABLED&pageSize=1',
        'services',
      )
      assert.deepEqual(
        enabled.items.map((service) => service.config.name),
        [GEMINI, 'maps-backend.googleapis.com'],
      )
      const all = await everything(ask, '/v1/projects/102/services', 'services')
      assert.ok(all.items.length > 20)
      assert.deepEqual((await ask('/v1/projects/103/services?filter=state:ENABLED')).body, {})
    })
  })

  it('gets several at once', async () => {
    await simulated(SMALL, async (ask) => {
      const names = [GEMINI, 'maps-backend.googleapis.com'].map(
        (name) => `names=projects/103/services/${name}`,
      )
      const { body } = await ask(`/v1/projects/103/services:batchGet?${names.join('&')}`)
      assert.deepEqual(
        body.services.map((service: { state: string }) => service.state),
        ['DISABLED', 'DISABLED'],
      )
    })
  })

  for (const path of ['/v1/projects/102/services?filter=colour:red', '/v1/projects/102/services:batchGet']) {
    it(`answers 400 to ${path}`, async () => {
      await simulated(SMALL, async (ask) => assert.equal((await ask(path)).status, 400))
    })
  }

  describe('with services that folders and the organization enable for all below', () => {
    const above = SMALL.replace('number: 9}', 'number: 9, services: [youtube]}').replace(
      'name: production}',
      'name: production, services: [generativelanguage, vision], missingFromSearch: [vision]}',
    )

    it('shows them by the policy of the place itself', async () => {
      await simulated(above, async (ask) => {
        const { body } = await ask('/v2beta/folders/1/consumerPolicies/default')
        assert.deepEqual(body, {
          name: 'folders/1/consumerPolicies/default',
          enableRules: [{ services: [`services/${GEMINI}`, 'services/vision.googleapis.com'] }],
        })
        assert.deepEqual((await ask('/v2beta/folders/2/consumerPolicies/default')).body, {
          name: 'folders/2/consumerPolicies/default',
        })
        const top = await ask('/v2beta/organizations/9/consumerPolicies/default')
        assert.deepEqual(top.body.enableRules, [{ services: ['services/youtube.googleapis.com'] }])
        assert.equal((await ask('/v2beta/folders/77/consumerPolicies/default')).status, 403)
      })
    })

    it('shows them in the search under the name of the place, and in no project', async () => {
      await simulated(above, async (ask) => {
        const names = async (scope: string) => {
          const type = 'assetTypes=serviceusage.googleapis.com/Service'
          const { items } = await everything(ask, `/v1/${scope}:searchAllResources?${type}`, 'results')
          return items.map(({ name }) => name).filter((name) => !name.includes('/projects/'))
        }
        const folder = `//serviceusage.googleapis.com/folders/1/services/${GEMINI}`
        const top = '//serviceusage.googleapis.com/organizations/9/services/youtube.googleapis.com'
        assert.deepEqual(await names('organizations/9'), [top, folder])
        assert.deepEqual(await names('folders/1'), [folder])
        assert.deepEqual(await names('folders/2'), [])
        assert.equal((await ask(`/v1/projects/103/services/${GEMINI}`)).body.state, 'DISABLED')
      })
    })

    it('refuses the policies where the world does', async () => {
      await simulated(`${above}\ndenied: [{read: inherited}]`, async (ask) => {
        const { status, body } = await ask('/v2beta/folders/1/consumerPolicies/default')
        assert.equal(status, 403)
        assert.equal(body.error.details[0].metadata.permission, 'serviceusage.consumerpolicy.get')
      })
    })
  })
})
