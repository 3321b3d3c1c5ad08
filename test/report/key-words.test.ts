import assert from 'node:assert/strict'
import { alsoReachesText, trafficText } from '../../src/report/key-words.js'
import { instant, traffic } from '../policy/keys.js'
import { FACTS, record } from './samples.js'

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

describe('the traffic of a key, in words', () => {
  it('is none since a key was made, where that is later than the calls that are kept', () => {
    const usage = traffic({})
    const { usage: quiet } = record({}, { facts: { ...FACTS, usage } })
    const { asOf, key } = record()
    const made = (createTime: string) =>
      trafficText({ asOf, usage: quiet, key: { ...key, createTime: instant(createTime) } })
    assert.equal(made('2026-11-23T06:00:00Z'), 'no calls since it was made')
    assert.equal(made('2026-08-01T06:00:00Z'), 'no calls in 42 days')
  })
})
