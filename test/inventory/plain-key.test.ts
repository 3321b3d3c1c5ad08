import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { plainKeyOfAsset } from '../../src/inventory/plain-key.js'
import { keyBySchema } from '../../src/inventory/wire-key.js'

const NAME = 'projects/123/locations/global/keys/abc-1'
const DATA = {
  name: NAME,
  uid: 'u1',
  displayName: 'Maps web',
  createTime: '2024-03-09T10:11:12.123456Z',
  updateTime: '2025-01-02T03:04:05Z',
  restrictions: { apiTargets: [{ service: 'maps-backend.googleapis.com' }] },
}

function asset(data: object, fields: object = {}) {
  return {
    name: `//apikeys.googleapis.com/${NAME}`,
    ancestors: ['projects/123', 'organizations/9'],
    resource: { data },
    ...fields,
  }
}

describe('a key that is read by hand', () => {
  const plain: readonly (readonly [string, object])[] = [
    ['as it is', {}],
    ['without a name for people', { displayName: undefined }],
    ['deleted', { deleteTime: '2026-11-20T00:00:00.123Z' }],
    ['with a service account', { serviceAccountEmail: 'a@b.example' }],
    ['without restrictions', { restrictions: undefined }],
    [
      'restricted to websites',
      { restrictions: { browserKeyRestrictions: { allowedReferrers: ['a', 'b'] } } },
    ],
    ['with fields that nobody knows', { etag: 'W/"x"', somethingNew: {} }],
  ]
  for (const [what, fields] of plain) {
    it(`is what the schemas make of it: ${what}`, () => {
      const element = JSON.parse(JSON.stringify(asset({ ...DATA, ...fields })))
      assert.ok(plainKeyOfAsset(element))
      assert.deepEqual(plainKeyOfAsset(element), keyBySchema(element))
    })
  }

  for (const day of ['01-28', '01-31', '02-28', '03-30', '04-30', '11-29', '12-31']) {
    it(`may be from any day that each year has: ${day}`, () => {
      const element = asset({ ...DATA, createTime: `2023-${day}T23:59:59.123456789Z` })
      assert.ok(plainKeyOfAsset(element))
      assert.deepEqual(plainKeyOfAsset(element), keyBySchema(element))
    })
  }

  for (const day of ['02-29', '02-30', '04-31', '11-31', '13-01', '00-01', '01-00', '01-32']) {
    it(`is left to the schemas where not every year has its day: ${day}`, () => {
      assert.equal(plainKeyOfAsset(asset({ ...DATA, createTime: `2024-${day}T00:00:00Z` })), undefined)
    })
  }

  it('is left to the schemas, or what they make of it, whatever is there instead', () => {
    const odd = fc.oneof(
      fc.constantFrom(null, '', ' ', 0, [], {}, [null], [''], ['a'], 'projects/123', NAME),
      fc.constantFrom('2024-02-30T00:00:00Z', '2024-01-31T00:00:00Z', '2024-01-01T00:00:00.1Z', '24:00'),
      fc.constantFrom(
        [{ service: ' ' }],
        [{ service: 'a', methods: ['b'] }],
        [{ service: 'a', methods: null }],
      ),
      fc.record({ apiTargets: fc.jsonValue() }),
      fc.record({ androidKeyRestrictions: fc.jsonValue() }),
      fc.jsonValue(),
    )
    const fieldsOf = (names: readonly string[]) =>
      fc.dictionary(fc.constantFrom(...names), odd, { maxKeys: 2 })
    const changes = fc.record({
      data: fieldsOf([...Object.keys(DATA), 'deleteTime', 'serviceAccountEmail']),
      fields: fieldsOf(['name', 'ancestors', 'resource']),
    })
    fc.assert(
      fc.property(changes, ({ data, fields }) => {
        const element = asset({ ...DATA, ...data }, fields)
        const byHand = plainKeyOfAsset(element)
        if (byHand !== undefined) assert.deepEqual(byHand, keyBySchema(element))
      }),
      { numRuns: 5000 },
    )
  })
})
