import assert from 'node:assert/strict'
import type { Instant, Key, Restrictions } from '../../src/model.js'
import { type AssetChangeKind, changeOfKey, type KeyBefore } from '../../src/policy/asset-change.js'

const AT = '2026-11-23T07:00:00Z' as Instant

function key(targets: readonly string[], more: Partial<Key> = {}): Key {
  const restrictions: Restrictions = {
    apiTargets: targets.map((service) => ({ service, methods: [] })),
    allowedReferrers: [],
    allowedIps: [],
    allowedApplications: [],
    allowedBundleIds: [],
  }
  return {
    name: 'projects/1/locations/global/keys/a',
    uid: 'a',
    projectNumber: '1',
    displayName: '',
    createTime: '2024-01-01T00:00:00Z' as Instant,
    restrictions,
    ...more,
  }
}

const OPEN = key([])
const ALL = key(['cloudapis.googleapis.com'])
const MAPS = key(['maps-backend.googleapis.com'])
const GEMINI = key(['generativelanguage.googleapis.com'])
const BOTH = key(['maps-backend.googleapis.com', 'generativelanguage.googleapis.com'])
const deleted = (found: Key) => ({ ...found, deleteTime: AT })
const young = (found: Key) => ({ ...found, createTime: '2026-11-23T06:59:00Z' as Instant })
const damaged = (found: Key) => ({ ...found, flaw: 'restrictions is not as Google documents it' })

const CASES: readonly [string, KeyBefore, Key, AssetChangeKind | undefined][] = [
  ['a new key without restriction', 'none', OPEN, 'key-made'],
  ['a new key for the Gemini API', 'none', GEMINI, 'key-made'],
  ['a new key for other APIs', 'none', MAPS, undefined],
  ['a new key that cannot be read', 'none', damaged(MAPS), 'key-made'],
  ['a key that was restored', deleted(OPEN), OPEN, 'key-made'],
  ['a key that was deleted', OPEN, deleted(OPEN), undefined],
  ['a restriction to other APIs that was taken away', MAPS, OPEN, 'restriction-removed'],
  ['a restriction to the Gemini API that was taken away', GEMINI, OPEN, 'restriction-removed'],
  ['a restriction that now names every API', MAPS, ALL, 'restriction-removed'],
  ['a key that was and is without restriction', OPEN, ALL, undefined],
  ['a key for other APIs that may call the Gemini API as well', MAPS, BOTH, 'gemini-allowed'],
  ['a key for the Gemini API that may call others as well', GEMINI, BOTH, undefined],
  ['a restriction that was added', OPEN, GEMINI, undefined],
  ['a key for other APIs now', OPEN, MAPS, undefined],
  ['a change of which nobody knows what was before', 'unknown', OPEN, 'key-changed'],
  ['the same of a restricted key', 'unknown', GEMINI, undefined],
  ['the same of a key that is a minute old', 'unknown', young(GEMINI), 'key-made'],
  ['a key that could not be read before', damaged(OPEN), OPEN, 'key-changed'],
  ['a key that can no longer be read', MAPS, damaged(OPEN), 'key-changed'],
]

describe('a change of a key', () => {
  for (const [what, before, now, expected] of CASES) {
    it(`${expected === undefined ? 'of no matter' : `that is ${expected}`}: ${what}`, () => {
      assert.equal(changeOfKey(before, now, AT), expected)
    })
  }
})
