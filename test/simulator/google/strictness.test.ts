import assert from 'node:assert/strict'
import { openWorld } from '../../../simulator/world/file.js'
import { NOW, posting, SMALL, simulated } from '../simulated.js'

const KEYS = '/v2/projects/acme-web/locations/global/keys'
const ASSETS = '/v1/organizations/9/assets?assetTypes=apikeys.googleapis.com/Key'
const SEARCH = '/v1/organizations/9:searchAllResources?assetTypes=serviceusage.googleapis.com/Service'
const SERIES = `/v3/projects/acme-web/timeSeries?filter=${encodeURIComponent('metric.type="serviceruntime.googleapis.com/api/request_count"')}`
const INTERVAL = '&interval.startTime=2026-11-01T00:00:00Z&interval.endTime=2026-11-02T00:00:00Z'
const OUTPUT = { gcsDestination: { uriPrefix: 'gs://archive/x' } }
const exporting = (body: object) => posting({ outputConfig: OUTPUT, ...body })
const PERMISSIONS = '/v3/organizations/9:testIamPermissions'

describe('the simulator is as strict as Google', () => {
  const refused: readonly [string, string, RequestInit?][] = [
    ['a boolean that is none', `${KEYS}?showDeleted=maybe`],
    ['a number that is none', `${KEYS}?pageSize=many`],
    ['a number beyond 32 bits', `${KEYS}?pageSize=3000000000`],
    ['a field mask that cannot be read', `${KEYS}?fields=keys(uid`],
    ['an error format that there is not', `${KEYS}?$.xgafv=3`],
    ['a form of answers that it does not write', `${KEYS}?alt=proto`],
    ['a content type that there is not', `${ASSETS}&contentType=RESORCE`],
    ['a content type by a number that there is not', `${ASSETS}&contentType=3`],
    ['a read time that is no time', `${ASSETS}&readTime=yesterday`],
    ['a read time before its memory', `${ASSETS}&readTime=2026-10-01T00:00:00Z`],
    ['a read time to come', `${ASSETS}&readTime=2026-12-01T00:00:00Z`],
    ['an asset type that there is not', '/v1/organizations/9/assets?assetTypes=apikeys.googleapis.com/Keys'],
    ['one wrong asset type beside a right one', `${SEARCH}&assetTypes=apikeys.googleapis.com/Keys`],
    ['a field in readMask that results do not have', `${SEARCH}&readMask=name,nonsense`],
    ['a view that there is not', `${SERIES}${INTERVAL}&view=WHOLE`],
    [
      'an interval that ends where it begins',
      `${SERIES}&interval.startTime=2026-11-01T00:00:00Z&interval.endTime=2026-11-01T00:00:00Z`,
    ],
    ['an interval by seconds', `${SERIES}&interval.startTime=1700000000&interval.endTime=1700086400`],
    ['an export with an unknown field', '/v1/organizations/9:exportAssets', exporting({ assetType: ['x'] })],
    [
      'an export of a content type that there is not',
      '/v1/organizations/9:exportAssets',
      exporting({ contentType: 'RESORCE' }),
    ],
    [
      'an export of an asset type that there is not',
      '/v1/organizations/9:exportAssets',
      exporting({ assetTypes: ['a/B'] }),
    ],
    ['an export without a destination', '/v1/organizations/9:exportAssets', posting({ assetTypes: [] })],
    ['permissions with a wildcard', PERMISSIONS, posting({ permissions: ['resourcemanager.*'] })],
    ['an unknown field beside permissions', PERMISSIONS, posting({ permissions: ['a.b.c'], permission: [] })],
    [
      'a query for entries with an unknown field',
      '/v2/entries:list',
      posting({ resourceNames: ['projects/acme-web'], order: 'x' }),
    ],
  ]
  for (const [what, path, request] of refused) {
    it(`and refuses ${what}`, async () => {
      await simulated(SMALL, async (ask) => {
        const { status, body } = await ask(path, request)
        assert.deepEqual([status, body.error.status], [400, 'INVALID_ARGUMENT'])
      })
    })
  }
})

describe('the simulator takes what Google takes', () => {
  it('gives the fields that are asked for', async () => {
    await simulated(SMALL, async (ask) => {
      const { body } = await ask(`${KEYS}?fields=keys(uid)&pageSize=1`)
      assert.deepEqual(body, { keys: [{ uid: 'uid-chat' }] })
    })
  })

  it('knows the system parameters of the discovery documents', async () => {
    await simulated(SMALL, async (ask) => {
      const { status } = await ask(
        `${KEYS}?$.xgafv=2&prettyPrint=false&quotaUser=x&alt=json&key=x&uploadType=x`,
      )
      assert.equal(status, 200)
    })
  })

  it('takes an enumeration by its number', async () => {
    await simulated(SMALL, async (ask) => {
      const { body } = await ask(`${ASSETS}&contentType=1`)
      assert.equal(body.assets[0].resource.version, 'v2')
    })
  })

  const numbered: readonly [string, (body: unknown) => unknown, number][] = [
    ['/v3/projects/acme-web', at('state'), 1],
    ['/v3/projects:search', at('projects', 0, 'state'), 1],
    ['/v1/projects/acme-web', at('lifecycleState'), 1],
    ['/v1/projects/acme-web/services/vision.googleapis.com', at('state'), 1],
    [`${SERIES}${INTERVAL}`, at('timeSeries', 0, 'metricKind'), 2],
  ]
  for (const [path, read, number] of numbered) {
    it(`writes the enumerations of ${path.slice(0, 40)} as numbers where asked`, async () => {
      await simulated(SMALL, async (ask) => {
        const mark = path.includes('?') ? '&' : '?'
        assert.equal(read((await ask(`${path}${mark}$alt=json;enum-encoding=int`)).body), number)
        assert.equal(typeof read((await ask(path)).body), 'string')
      })
    })
  }

  it('names a service by its bare name within its asset', async () => {
    await simulated(SMALL, async (ask) => {
      const path =
        '/v1/organizations/9/assets?assetTypes=serviceusage.googleapis.com/Service&contentType=RESOURCE'
      const { body } = await ask(path)
      assert.equal(body.assets[0].resource.data.name, 'cloudasset.googleapis.com')
    })
  })

  it('lets the caller of a generated world have the APIs that it calls', async () => {
    const world = await openWorld('generated:keys=10,projects=5', NOW)
    const services = world.projectNamed(world.caller.project)?.services ?? []
    for (const name of ['cloudasset', 'apikeys', 'monitoring', 'serviceusage', 'logging']) {
      assert.ok(services.includes(`${name}.googleapis.com`), name)
    }
    assert.equal(new Set(services).size, services.length)
  })
})

function at(...path: readonly (string | number)[]): (body: unknown) => unknown {
  return (body) => path.reduce<unknown>((value, step) => Object(value)[step], body)
}
