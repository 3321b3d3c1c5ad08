import assert from 'node:assert/strict'
import fc from 'fast-check'
import { PUBSUB_EVENT, readFeedMessage } from '../../src/inventory/feed-message.js'

const NAME = 'projects/2/locations/global/keys/old-maps'
const key = (more: object = {}) => ({
  name: `//apikeys.googleapis.com/${NAME}`,
  assetType: 'apikeys.googleapis.com/Key',
  updateTime: '2026-11-23T06:59:00.123456Z',
  ancestors: ['projects/2', 'organizations/99'],
  resource: { data: { name: NAME, uid: 'uid-1', createTime: '2022-01-01T00:00:00Z', ...more } },
})
const service = (state: string, place = 'projects/2', name = 'generativelanguage.googleapis.com') => ({
  name: `//serviceusage.googleapis.com/${place}/services/${name}`,
  assetType: 'serviceusage.googleapis.com/Service',
  updateTime: '2026-11-23T06:59:00Z',
  resource: { data: { name, state } },
})

const sent = (data: unknown, message: object = {}) => ({
  type: PUBSUB_EVENT,
  data: { message: { data, messageId: '17', ...message } },
})
const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64')
const read = (asset: object) => readFeedMessage(sent(base64(JSON.stringify(asset))))

describe('a message of the asset feed', () => {
  it('shows a new key with its project and the time of its update', () => {
    assert.deepEqual(read({ asset: key(), priorAssetState: 'DOES_NOT_EXIST' }), {
      kind: 'change',
      change: {
        kind: 'key-made',
        asset: `//apikeys.googleapis.com/${NAME}`,
        at: '2026-11-23T06:59:00.123456Z',
        project: '2',
        key: NAME,
      },
    })
  })

  it('shows a restriction that was taken away by the asset before', () => {
    const restrictions = { apiTargets: [{ service: 'maps-backend.googleapis.com' }] }
    const found = read({ asset: key(), priorAssetState: 'PRESENT', priorAsset: key({ restrictions }) })
    assert.equal(found.kind === 'change' && found.change.kind, 'restriction-removed')
  })

  it('shows the Gemini API switched on, whatever is known of the time before', () => {
    for (const before of [
      { priorAssetState: 'DOES_NOT_EXIST' },
      { priorAssetState: 'DELETED' },
      { priorAssetState: 'INVALID' },
      { priorAssetState: 'PRESENT', priorAsset: service('DISABLED') },
      {},
    ]) {
      const found = read({ asset: service('ENABLED'), ...before })
      assert.equal(found.kind === 'change' && found.change.kind, 'gemini-enabled')
    }
  })

  it('takes the beginning of the window where the asset has no time', () => {
    const { updateTime: _time, ...asset } = key()
    const found = read({
      asset,
      window: { startTime: '2026-11-23T06:58:00Z' },
      priorAssetState: 'DOES_NOT_EXIST',
    })
    assert.equal(found.kind === 'change' && found.change.at, '2026-11-23T06:58:00Z')
  })

  const NOTHING: readonly [string, object][] = [
    [
      'a service that was on before',
      { asset: service('ENABLED'), priorAssetState: 'PRESENT', priorAsset: service('ENABLED') },
    ],
    ['a service that is off', { asset: service('DISABLED') }],
    ['a service that is gone', { asset: service('ENABLED'), deleted: true }],
    ['another service', { asset: service('ENABLED', 'projects/2', 'translate.googleapis.com') }],
    ['what a folder enables', { asset: service('ENABLED', 'folders/7') }],
    ['what the organization enables', { asset: service('ENABLED', 'organizations/99') }],
    ['a key that is gone', { asset: key(), deleted: true }],
    ['a key that was deleted', { asset: key({ deleteTime: '2026-11-23T06:59:00Z' }) }],
  ]
  for (const [what, asset] of NOTHING) {
    it(`is of no matter: ${what}`, () => assert.deepEqual(read(asset), { kind: 'nothing' }))
  }

  const UNREADABLE: readonly [string, unknown, RegExp][] = [
    ['no event', undefined, /no CloudEvent/],
    ['a text', 'event', /no CloudEvent/],
    ['an event without message', { type: PUBSUB_EVENT, data: {} }, /no CloudEvent/],
    [
      'an event of another type',
      { ...sent(''), type: 'google.cloud.storage.object.v1.finalized' },
      /its type is not/,
    ],
    ['no data', sent(undefined), /has no data/],
    ['data that is no base64', sent('%%%'), /not base64/],
    ['bytes that are no text', sent(base64(Buffer.from([0xff, 0xfe]))), /not base64 of a text/],
    ['too much data', sent('A'.repeat(1024 * 1024 + 1)), /larger than any key/],
    ['a number', sent(base64('7')), /not as Google documents it/],
    ['an asset without a type', sent(base64(JSON.stringify({ asset: { name: 'x' } }))), /asset\.assetType/],
    [
      'a time that is none',
      sent(base64(JSON.stringify({ asset: { ...key(), updateTime: 'noon' } }))),
      /asset\.updateTime/,
    ],
    [
      'a key without a name',
      sent(base64(JSON.stringify({ asset: { ...key(), name: 'x', resource: {} } }))),
      /no name of a key/,
    ],
  ]
  for (const [what, event, why] of UNREADABLE) {
    it(`cannot be read: ${what}`, () => {
      const found = readFeedMessage(event)
      assert.ok(found.kind === 'unreadable')
      assert.match(found.why, why)
    })
  }

  it('is known by its ID where that is one, and by nothing else', () => {
    const found = [sent('%'), sent('%', { messageId: '<!channel>' })].map(readFeedMessage)
    assert.deepEqual(
      found.map((each) => each.kind === 'unreadable' && each.message),
      ['17', undefined],
    )
  })

  it('never throws, whatever it is', () => {
    const anything = fc.oneof(
      fc.anything(),
      fc.json().map((text) => sent(base64(text))),
      fc
        .record({ asset: fc.anything(), priorAsset: fc.anything() })
        .map((asset) => sent(base64(JSON.stringify(asset) ?? ''))),
    )
    fc.assert(fc.property(anything, (event) => void readFeedMessage(event)))
  })
})
