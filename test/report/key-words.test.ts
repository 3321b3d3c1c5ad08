import assert from 'node:assert/strict'
import { alsoReachesText } from '../../src/report/key-words.js'
import { instant } from '../policy/keys.js'

const readAt = instant('2026-11-23T07:00:04Z')

describe('which other APIs a key reaches, in words', () => {
  it('are named, with how many are left out', () => {
    const services = ['maps-backend.googleapis.com', 'translate.googleapis.com']
    const named = 'maps-backend.googleapis.com, translate.googleapis.com'
    assert.equal(alsoReachesText({ alsoReaches: { services, readAt } }), named)
    assert.equal(
      alsoReachesText({ alsoReaches: { services, more: 1_200, readAt } }),
      `${named}, and 1,200 more`,
    )
  })

  it('are none only where that is known', () => {
    assert.equal(alsoReachesText({ alsoReaches: { services: [], readAt } }), 'no other enabled API')
    assert.equal(
      alsoReachesText({ alsoReaches: { unknown: 'the search was denied' } }),
      'not known: the search was denied',
    )
    assert.equal(alsoReachesText({}), undefined)
  })
})
