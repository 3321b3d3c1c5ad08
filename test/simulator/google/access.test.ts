import assert from 'node:assert/strict'
import { SMALL, simulated, worldOf } from '../simulated.js'

/** What a denial makes unreadable: the read, a path, and what Google calls the API. */
const READS: readonly [string, string, string][] = [
  ['assets', '/v1/organizations/9/assets', 'cloudasset.googleapis.com'],
  ['search', '/v1/organizations/9:searchAllResources', 'cloudasset.googleapis.com'],
  ['keys', '/v2/projects/102/locations/global/keys', 'apikeys.googleapis.com'],
  ['services', '/v1/projects/102/services', 'serviceusage.googleapis.com'],
  ['projects', '/v3/projects?parent=folders/2', 'cloudresourcemanager.googleapis.com'],
  ['folders', '/v3/folders?parent=organizations/9', 'cloudresourcemanager.googleapis.com'],
  ['policies', '/v2/projects/102/policies/x:getEffectivePolicy', 'orgpolicy.googleapis.com'],
  ['traffic', '/v3/projects/102/timeSeries', 'monitoring.googleapis.com'],
]

describe('a denied read', () => {
  for (const [read, path, service] of READS) {
    it(`of ${read} is a 403 that says which permission is missing`, async () => {
      await simulated(`${SMALL}\ndenied: [{read: ${read}}]`, async (ask) => {
        const { status, body } = await ask(path)
        assert.equal(status, 403)
        assert.equal(body.error.details[0].reason, 'IAM_PERMISSION_DENIED')
        assert.match(body.error.message, /Permission '[a-zA-Z]+\.[a-zA-Z.]+' denied on resource/)
      })
    })

    it(`of ${read} names API and project where the caller has not enabled it`, async () => {
      await simulated(`${SMALL}\ndenied: [{read: ${read}, reason: disabled}]`, async (ask) => {
        const [info] = (await ask(path)).body.error.details
        assert.equal(info.reason, 'SERVICE_DISABLED')
        assert.deepEqual([info.metadata.service, info.metadata.consumer], [service, 'projects/101'])
      })
    })
  }

  const reasons = [
    ['vpc', 'SECURITY_POLICY_VIOLATED'],
    ['billing', 'BILLING_DISABLED'],
    ['suspended', 'CONSUMER_SUSPENDED'],
    ['token-scope', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT'],
    ['user-project', 'USER_PROJECT_DENIED'],
  ]
  for (const [reason, reply] of reasons) {
    it(`for "${reason}" gives ${reply}`, async () => {
      await simulated(`${SMALL}\ndenied: [{read: keys, reason: ${reason}}]`, async (ask) => {
        const { status, body } = await ask('/v2/projects/102/locations/global/keys')
        assert.deepEqual([status, body.error.details[0].reason], [403, reply])
      })
    })
  }

  it('concerns what lies below the place that it names, and nothing else', async () => {
    await simulated(
      `${SMALL}\ndenied: [{read: keys, folder: 2}, {read: services, project: acme-empty}]`,
      async (ask) => {
        assert.equal((await ask('/v2/projects/102/locations/global/keys')).status, 403)
        assert.equal((await ask('/v2/projects/103/locations/global/keys')).status, 200)
        assert.equal((await ask('/v1/projects/103/services')).status, 403)
        assert.equal((await ask('/v1/projects/102/services')).status, 200)
        assert.equal((await ask('/v1/organizations/9/assets')).status, 200)
      },
    )
  })

  it('of storage has the form of Cloud Storage', async () => {
    await simulated(`${SMALL}\ndenied: [{read: storage}]`, async (ask) => {
      const { status, body } = await ask('/storage/v1/b/archive/o')
      assert.deepEqual([status, body.error.errors[0].reason], [403, 'forbidden'])
    })
  })

  it('may be one permission, the others of its API left', async () => {
    await simulated(`${SMALL}\ndenied: [{permission: resourcemanager.projects.list}]`, async (ask) => {
      assert.equal((await ask('/v3/projects?parent=organizations/9')).status, 403)
      assert.equal((await ask('/v3/projects/102')).status, 200)
    })
  })

  it('may be a whole API', async () => {
    await simulated(`${SMALL}\ndenied: [{service: cloudresourcemanager, reason: disabled}]`, async (ask) => {
      for (const path of ['/v3/projects?parent=organizations/9', '/v3/projects/102', '/v3/folders/1']) {
        assert.equal((await ask(path)).body.error.details[0].reason, 'SERVICE_DISABLED')
      }
    })
  })

  it('is one read, permission or API', () => {
    assert.throws(() => worldOf(`${SMALL}\ndenied: [{read: keys, service: apikeys}]`), /what is denied\?/)
    assert.throws(() => worldOf(`${SMALL}\ndenied: [{project: acme-web}]`), /what is denied\?/)
  })

  it('leaves the caller to ask whose token it has', async () => {
    await simulated(SMALL, async (ask) => {
      const { body } = await ask('/tokeninfo', { method: 'POST' })
      assert.equal(body.email, 'auditor@auditor-home.iam.gserviceaccount.com')
    })
  })
})
