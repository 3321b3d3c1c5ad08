import assert from 'node:assert/strict'
import { truthOf } from '../../../simulator/world/truth.js'
import { worldOf } from '../simulated.js'

/** The truth of a world's only key. */
function truthOfKey(key: string, project = '') {
  const world = worldOf(
    `{organization: {number: 9}, projects: [{id: acme-web, ${project} services: [GenerativeLanguage.googleapis.com], keys: [${key}]}]}`,
  )
  const [truth] = truthOf(world)
  assert.ok(truth)
  return truth
}

describe('the truth of a key', () => {
  const reaches: readonly [string, string][] = [
    ['{}', 'everything'],
    ['{restrictions: {}}', 'everything'],
    ['{targets: []}', 'everything'],
    ['{referrers: ["*"]}', 'everything'],
    ['{targets: [cloudapis.googleapis.com, maps-backend]}', 'everything'],
    ['{targets: [GENERATIVELANGUAGE.googleapis.com]}', 'Gemini'],
    ['{targets: [generativelanguage, maps-backend]}', 'Gemini and others'],
    ['{targets: [aiplatform]}', 'others'],
  ]
  for (const [key, reach] of reaches) {
    it(`${key} may call ${reach}`, () => assert.equal(truthOfKey(key).reach, reach))
  }

  it('counts the calls of 42 days by what became of them', () => {
    const truth = truthOfKey(
      '{traffic: [{daily: 2}, {code: 301, daily: 1, on: 3d ago}, {code: 403, daily: 5, on: 41d ago}, {code: 429, daily: 9, on: 1d ago}, {daily: 1000, on: 43d ago}, {service: translate, daily: 4, on: 2d ago}]}',
    )
    assert.deepEqual(truth.gemini, { answered: 2 * 42 + 1, forbidden: 5, failed: 9 })
    assert.deepEqual(truth.services, ['generativelanguage.googleapis.com', 'translate.googleapis.com'])
    assert.equal(truth.lastCall, '2026-11-23')
  })

  it('knows a blank account as none', () => {
    assert.equal(truthOfKey('{serviceAccountEmail: "  "}').boundTo, undefined)
    assert.equal(truthOfKey('{serviceAccountEmail: a@b.example}').boundTo, 'a@b.example')
  })

  it('says what may be read', () => {
    assert.equal(truthOfKey('{}').trafficReadable, true)
    assert.equal(truthOfKey('{}', 'partialTraffic: true,').trafficReadable, false)
  })
})
