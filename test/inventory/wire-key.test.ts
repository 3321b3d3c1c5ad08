import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { describe, it } from 'mocha'
import { keyOfAsset, keyOfList } from '../../src/inventory/wire-key.js'
import type { Restrictions } from '../../src/model.js'

const NAME = 'projects/123/locations/global/keys/abc'
const OWN = { number: '123', id: 'acme' }
const NONE: Restrictions = {
  apiTargets: [],
  allowedReferrers: [],
  allowedIps: [],
  allowedApplications: [],
  allowedBundleIds: [],
}

function key(fields: object) {
  return keyOfList({ name: NAME, uid: 'u1', ...fields }, OWN) ?? assert.fail('unnamed')
}

describe('a key from the wire', () => {
  it('keeps what Google shows, and leaves out what it does not', () => {
    const wire = {
      displayName: 'Maps web',
      createTime: '2024-03-09T10:11:12.123456789Z',
      updateTime: '2025-01-02T03:04:05+02:00',
      deleteTime: '2026-11-20T00:00:00Z',
      serviceAccountEmail: 'a@b.example',
      annotations: { ['__proto__']: 'polluted' },
      etag: 'W/"x"',
      keyString: 'AIzaNEVER',
      somethingNew: {},
    }
    assert.deepEqual(key(wire), {
      name: NAME,
      uid: 'u1',
      projectNumber: '123',
      displayName: 'Maps web',
      createTime: '2024-03-09T10:11:12.123456789Z',
      updateTime: '2025-01-02T01:04:05Z',
      deleteTime: '2026-11-20T00:00:00Z',
      serviceAccountEmail: 'a@b.example',
      restrictions: NONE,
    })
    assert.deepEqual(key({}), {
      name: NAME,
      uid: 'u1',
      projectNumber: '123',
      displayName: '',
      restrictions: NONE,
    })
  })

  const rows: readonly (readonly [string, unknown, Partial<Restrictions>])[] = [
    ['null', null, {}],
    ['an empty object', {}, {}],
    ['null and empty parts', { apiTargets: null, browserKeyRestrictions: {}, iosKeyRestrictions: null }, {}],
    ['empty lists', { apiTargets: [], serverKeyRestrictions: { allowedIps: [] } }, {}],
    ['an empty android restriction', { androidKeyRestrictions: { allowedApplications: null } }, {}],
    [
      'targets with and without methods, as they are written',
      { apiTargets: [{ service: ' Maps ', methods: ['google.maps.*'] }, { service: 'x' }] },
      {
        apiTargets: [
          { service: ' Maps ', methods: ['google.maps.*'] },
          { service: 'x', methods: [] },
        ],
      },
    ],
    ['referrers', { browserKeyRestrictions: { allowedReferrers: ['a/*'] } }, { allowedReferrers: ['a/*'] }],
    ['addresses', { serverKeyRestrictions: { allowedIps: ['10.0.0.1'] } }, { allowedIps: ['10.0.0.1'] }],
    ['bundles', { iosKeyRestrictions: { allowedBundleIds: ['a.b'] } }, { allowedBundleIds: ['a.b'] }],
    [
      'applications',
      { androidKeyRestrictions: { allowedApplications: [{ packageName: 'a.b' }] } },
      { allowedApplications: [{ sha1Fingerprint: '', packageName: 'a.b' }] },
    ],
    ['a kind of restriction that is not known yet', { deviceKeyRestrictions: { devices: ['x'] } }, {}],
  ]
  for (const [name, restrictions, expected] of rows) {
    it(`has the restrictions of ${name}`, () => {
      const read = key({ restrictions })
      assert.deepEqual(read.restrictions, { ...NONE, ...expected })
      assert.equal(read.flaw, undefined)
    })
  }

  const flaws: readonly (readonly [string, object, string])[] = [
    ['targets that are no list', { restrictions: { apiTargets: 'everything' } }, 'restrictions.apiTargets'],
    [
      'a target without a service',
      { restrictions: { apiTargets: [{}] } },
      'restrictions.apiTargets.0.service',
    ],
    [
      'a target of a blank service',
      { restrictions: { apiTargets: [{ service: 'x' }, { service: ' ' }] } },
      'restrictions.apiTargets.1.service',
    ],
    [
      'a target of an empty service',
      { restrictions: { apiTargets: [{ service: '' }] } },
      'restrictions.apiTargets.0.service',
    ],
    ['restrictions that are a text', { restrictions: 'none' }, 'restrictions'],
    ['a day that does not exist', { createTime: '2024-02-31T25:00:00Z' }, 'createTime'],
    ['a time that is a number', { deleteTime: 7 }, 'deleteTime'],
    ['no uid', { uid: undefined }, 'uid'],
    ['an empty uid', { uid: '' }, 'uid'],
    ['a name that is a list', { displayName: [] }, 'displayName'],
    ['a service account that is none', { serviceAccountEmail: {} }, 'serviceAccountEmail'],
  ]
  for (const [name, fields, field] of flaws) {
    it(`with ${name} is flawed, and keeps what can be said of it`, () => {
      const read = key({ displayName: 'Maps', ...fields })
      assert.equal(read.flaw, `${field} is not as Google documents it`)
      assert.equal(read.name, NAME)
      assert.deepEqual(read.restrictions, NONE)
      assert.equal(read.displayName, field === 'displayName' ? '' : 'Maps')
    })
  }

  it('without a usable name is none', () => {
    for (const element of [null, 7, {}, { name: 7 }, { name: 'keys/abc' }, { name: `${NAME}/versions/1` }]) {
      assert.equal(keyOfList(element, OWN), undefined)
    }
  })

  it('with a name that no command can speak of is none', () => {
    for (const id of ['a b', 'a\nb', 'a\u001bb', 'a\u202eb', 'a\ud800', '']) {
      assert.equal(keyOfList({ name: `projects/123/locations/global/keys/${id}`, uid: 'u1' }, OWN), undefined)
    }
  })

  it('with a name longer than any of Google’s is none', () => {
    const named = (length: number) => ({ name: `projects/123/locations/global/keys/${'x'.repeat(length)}` })
    assert.notEqual(keyOfList({ ...named(63), uid: 'u1' }, OWN), undefined)
    assert.equal(keyOfList({ ...named(70_000), uid: 'u1' }, OWN), undefined)
  })

  it('of another project is none of this one’s, by number or by ID', () => {
    const named = (project: string) => ({ name: NAME.replace('123', project), uid: 'u1' })
    assert.equal(keyOfList(named('124'), OWN), undefined)
    assert.equal(keyOfList(named('acme-other'), OWN), undefined)
    assert.deepEqual(keyOfList(named('acme'), OWN)?.projectNumber, '123')
  })

  it('that is flawed keeps its times, and nothing that could make it look clean', () => {
    const read = key({
      displayName: 7,
      createTime: '2024-03-09T10:11:12Z',
      updateTime: 'yesterday',
      deleteTime: '2026-11-20T00:00:00Z',
      restrictions: { apiTargets: [{ service: 'maps-backend.googleapis.com' }] },
    })
    assert.deepEqual(read, {
      name: NAME,
      uid: 'u1',
      projectNumber: '123',
      displayName: '',
      createTime: '2024-03-09T10:11:12Z',
      restrictions: NONE,
      flaw: 'displayName is not as Google documents it',
    })
  })

  it('of the asset inventory is named by its resource, or by the asset', () => {
    const ancestors = ['projects/123', 'folders/7', 'organizations/9']
    const name = `//apikeys.googleapis.com/${NAME}`
    const whole = keyOfAsset({ name, ancestors, resource: { data: { name: NAME, uid: 'u1' } } })
    assert.deepEqual([whole?.key.name, whole?.key.uid, whole?.ancestors], [NAME, 'u1', ancestors])
    const unnamed = keyOfAsset({ name, ancestors, resource: { data: { uid: 'u1' } } })
    assert.deepEqual([unnamed?.key.name, unnamed?.key.flaw], [NAME, undefined])
    const empty = keyOfAsset({ name })
    assert.deepEqual([empty?.key.name, empty?.key.flaw], [NAME, 'the resource is not as Google documents it'])
  })

  it('of the asset inventory that names two keys or two projects is flawed, under the asset’s name', () => {
    const asset = { name: `//apikeys.googleapis.com/${NAME}`, ancestors: ['projects/123'] }
    const other = (name: string) => ({ ...asset, resource: { data: { name, uid: 'u1' } } })
    const contradictions = [
      other(NAME.replace('abc', 'xyz')),
      other(NAME.replace('123', '124')),
      { ...other(NAME), ancestors: ['projects/124'] },
    ]
    for (const element of contradictions) {
      const read = keyOfAsset(element)?.key
      assert.deepEqual([read?.name, read?.flaw], [NAME, 'name is not as Google documents it'])
    }
    assert.equal(keyOfAsset(other(NAME.replace('123', 'acme')))?.key.flaw, undefined)
  })

  it('of the asset inventory knows its project by number', () => {
    const byId = {
      name: '//apikeys.googleapis.com/projects/acme/locations/global/keys/k',
      resource: { data: { uid: 'u' } },
    }
    assert.equal(keyOfAsset({ ...byId, ancestors: ['projects/55'] })?.key.projectNumber, '55')
    assert.equal(keyOfAsset(byId), undefined)
  })

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (element, data) => {
        keyOfAsset(element)
        keyOfList(element, OWN)
        keyOfAsset({ name: `//apikeys.googleapis.com/${NAME}`, resource: { data } })
        const read = keyOfList({ name: NAME, uid: 'u1', restrictions: data }, OWN)
        assert.equal(read?.name, NAME)
      }),
    )
  })
})
