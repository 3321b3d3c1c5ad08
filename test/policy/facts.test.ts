import assert from 'node:assert/strict'
import type { ApiRestriction, GeminiAccess } from '../../src/model.js'
import {
  apiRestrictionOf,
  factsOf,
  isCandidate,
  keyTypeOf,
  restrictsToGemini,
} from '../../src/policy/facts.js'
import {
  day,
  facts,
  instant,
  KEY,
  observation,
  TODAY,
  targets,
  traffic,
  UNRESTRICTED,
  usage,
} from './keys.js'

const GEMINI = 'generativelanguage.googleapis.com'
const MAPS = 'maps-backend.googleapis.com'

describe('The API restriction of a key', () => {
  const restrictions: readonly [services: readonly string[], restriction: ApiRestriction][] = [
    [[], 'none'],
    [[GEMINI], 'gemini-only'],
    [[GEMINI, GEMINI], 'gemini-only'],
    [[GEMINI, MAPS], 'gemini-and-others'],
    [[MAPS, GEMINI], 'gemini-and-others'],
    [[MAPS], 'others-only'],
    [['aiplatform.googleapis.com'], 'others-only'],
    [['cloudapis.googleapis.com'], 'none'],
    [['cloudapis.googleapis.com', MAPS], 'none'],
    [[MAPS, 'cloudapis.googleapis.com'], 'none'],
    [[GEMINI, 'CloudAPIs.googleapis.com '], 'none'],
    [['GenerativeLanguage.GoogleAPIs.com'], 'gemini-only'],
    [[`  ${GEMINI}\t`], 'gemini-only'],
    [[`x${GEMINI}`], 'others-only'],
    [[`${GEMINI}.evil.example`], 'others-only'],
    [[`services/${GEMINI}`], 'others-only'],
    [['generativelanguage'], 'others-only'],
    [['xcloudapis.googleapis.com'], 'others-only'],
    [[''], 'others-only'],
  ]
  for (const [services, restriction] of restrictions) {
    it(`to ${JSON.stringify(services)} is ${restriction}`, () => {
      assert.equal(apiRestrictionOf({ ...UNRESTRICTED, apiTargets: targets(...services) }), restriction)
    })
  }

  it('counts an API of which only some methods are allowed', () => {
    const apiTargets = [{ service: GEMINI, methods: ['google.ai.generativelanguage.v1.ModelService.Get'] }]
    assert.equal(apiRestrictionOf({ ...UNRESTRICTED, apiTargets }), 'gemini-only')
  })
})

describe('A candidate', () => {
  const candidates: readonly [what: string, services: readonly string[], isOne: boolean][] = [
    ['an unrestricted key', [], true],
    ['a key restricted to every API', ['cloudapis.googleapis.com'], true],
    ['a key restricted to the Gemini API', [GEMINI], true],
    ['a key restricted to the Gemini API and another', [MAPS, GEMINI], true],
    ['a key restricted to another API', [MAPS], false],
  ]
  for (const [what, services, isOne] of candidates) {
    it(`${isOne ? 'is' : 'is not'} ${what}`, () => {
      assert.equal(
        isCandidate({ ...KEY, restrictions: { ...UNRESTRICTED, apiTargets: targets(...services) } }),
        isOne,
      )
    })
  }

  it('is no deleted key', () => {
    assert.equal(isCandidate({ ...KEY, deleteTime: instant('2026-11-01T00:00:00Z') }), false)
  })

  it('is every key that could not be read properly, whatever seems to be its restriction', () => {
    const restrictions = { ...UNRESTRICTED, apiTargets: targets(MAPS) }
    assert.equal(isCandidate({ ...KEY, restrictions, flaw: 'uid is missing' }), true)
  })
})

describe('A key restricted to the Gemini API', () => {
  it('names it among its targets', () => {
    const named = (...services: readonly string[]) =>
      restrictsToGemini({ ...KEY, restrictions: { ...UNRESTRICTED, apiTargets: targets(...services) } })
    assert.equal(named(MAPS, ` ${GEMINI.toUpperCase()}`), true)
    assert.equal(named('cloudapis.googleapis.com', GEMINI), true)
    assert.equal(named(MAPS), false)
    assert.equal(named(), false)
  })
})

describe('The type of a key', () => {
  const types: readonly [email: string | undefined, type: string][] = [
    ['bot@acme-web.iam.gserviceaccount.com', 'auth'],
    [' bot@acme-web.iam.gserviceaccount.com ', 'auth'],
    [undefined, 'standard'],
    ['', 'standard'],
    [' \t\n', 'standard'],
  ]
  for (const [email, type] of types) {
    it(`with the service account ${JSON.stringify(email)} is ${type}`, () => {
      assert.equal(keyTypeOf(email), type)
    })
  }

  it('is auth if the key has a service account, whatever was remembered', () => {
    const email = 'bot@acme-web.iam.gserviceaccount.com'
    assert.equal(facts({ type: 'unknown', key: { serviceAccountEmail: email } }).type, 'auth')
    assert.equal(facts({ type: 'standard', key: { serviceAccountEmail: email } }).type, 'auth')
    assert.equal(facts({ type: 'unknown', key: { serviceAccountEmail: ' ' } }).type, 'unknown')
    assert.equal(facts({ type: 'auth' }).type, 'auth')
  })
})

describe('Access to the Gemini API', () => {
  const access: readonly [
    services: readonly string[],
    gemini: 'on' | 'off' | 'unknown',
    access: GeminiAccess,
  ][] = [
    [[], 'on', 'yes'],
    [[], 'off', 'latent'],
    [[], 'unknown', 'unknown'],
    [[GEMINI], 'on', 'yes'],
    [[GEMINI], 'off', 'latent'],
    [[GEMINI], 'unknown', 'unknown'],
    [[GEMINI, MAPS], 'on', 'yes'],
    [[GEMINI, MAPS], 'off', 'latent'],
    [[GEMINI, MAPS], 'unknown', 'unknown'],
    [[MAPS], 'on', 'no'],
    [[MAPS], 'off', 'no'],
    [[MAPS], 'unknown', 'no'],
  ]
  for (const [services, gemini, expected] of access) {
    it(`is ${expected} for a key restricted to ${JSON.stringify(services)} where the API is ${gemini}`, () => {
      assert.equal(
        facts({ restrictions: { apiTargets: targets(...services) }, gemini }).geminiAccess,
        expected,
      )
    })
  }

  it('is unknown for a key whose restrictions could not be read properly', () => {
    const key = { flaw: 'restrictions is no object' }
    assert.equal(facts({ key, restrictions: { apiTargets: targets(MAPS) } }).geminiAccess, 'unknown')
  })
})

describe('A dormant key', () => {
  // Read on 2026-11-23: the last 30 days begin on 2026-10-24.
  const cases: readonly [what: string, facts: Parameters<typeof facts>[0], dormant: boolean | 'unknown'][] = [
    ['of which nothing is known', {}, 'unknown'],
    ['without any request', { usage: usage() }, true],
    ['last used on the first of the days', { usage: usage('2026-10-24') }, false],
    ['last used on the day before them', { usage: usage('2026-10-23') }, true],
    ['used today', { usage: usage('2026-11-23') }, false],
    ['whose window begins on the first of the days', { usage: usage(undefined, '2026-10-24') }, true],
    ['whose window begins a day later', { usage: usage(undefined, '2026-10-25') }, 'unknown'],
    ['used, though its window begins later', { usage: usage('2026-11-20', '2026-11-01') }, false],
    ['made 30 days ago', { usage: usage(), key: { createTime: instant('2026-10-24T23:59:59.999Z') } }, true],
    ['made 29 days ago', { usage: usage(), key: { createTime: instant('2026-10-25T00:00:00Z') } }, false],
    [
      'made 29 days ago, whatever its traffic',
      { key: { createTime: instant('2026-10-25T00:00:00Z') } },
      false,
    ],
    ['that was only refused, as by scanners', { usage: traffic({ '2026-11-01': { refused: 1 } }) }, false],
    [
      'that has only failed, on the first of the days',
      { usage: traffic({ '2026-10-24': { failed: 1 } }) },
      false,
    ],
    ['that other services were called with', { usage: traffic({}, ['maps-backend.googleapis.com']) }, false],
    ['that is bound to a service account', { usage: usage(), type: 'auth' }, 'unknown'],
    ['of unknown type', { usage: usage(), type: 'unknown' }, true],
  ]
  for (const [what, difference, dormant] of cases) {
    it(`is ${dormant} for one ${what}`, () => {
      assert.equal(facts(difference).dormant, dormant)
    })
  }

  it('is unknown for one whose age is unknown, unless it was used', () => {
    const { createTime: _, ...key } = KEY
    assert.equal(factsOf({ ...observation({ usage: usage('2026-10-24') }), key }, TODAY, 30).dormant, false)
    assert.equal(factsOf({ ...observation(), key }, TODAY, 30).dormant, 'unknown')
    assert.equal(factsOf({ ...observation({ usage: usage() }), key }, TODAY, 30).dormant, 'unknown')
  })

  it('is decided by as many days as the policy says', () => {
    assert.equal(facts({ usage: usage('2026-10-13') }, TODAY, 42).dormant, false)
    assert.equal(facts({ usage: usage('2026-10-11', '2026-10-12') }, TODAY, 42).dormant, true)
    assert.equal(facts({ usage: usage(undefined, '2026-10-13') }, TODAY, 42).dormant, 'unknown')
    assert.equal(facts({ usage: usage('2026-11-21') }, TODAY, 1).dormant, true)
    assert.equal(facts({ usage: usage('2026-11-22') }, TODAY, 1).dormant, false)
  })

  it('counts its age to the day by which it is judged, and its requests to the reading', () => {
    const young = { usage: usage(), key: { createTime: instant('2026-11-01T00:00:00Z') } }
    assert.equal(facts(young, day('2026-11-30')).dormant, false)
    assert.equal(facts(young, day('2026-12-01')).dormant, true)
    assert.equal(facts({ usage: usage('2026-11-20') }, day('2027-06-01')).dormant, false)
  })

  it('counts its age in days of the zone', () => {
    const made = observation({ usage: usage(), key: { createTime: instant('2026-10-24T20:00:00Z') } })
    assert.equal(factsOf(made, TODAY, 30, 'UTC').dormant, true)
    assert.equal(factsOf(made, TODAY, 30, 'Asia/Tokyo').dormant, false)
  })
})

describe('The age of a key', () => {
  const made = (createTime: string, asOf: string, zone?: string) =>
    factsOf(observation({ key: { createTime: instant(createTime) } }), day(asOf), 30, zone).ageDays

  it('is counted in calendar days of the zone of the audit', () => {
    assert.equal(made('2026-11-23T00:00:00Z', '2026-11-23'), 0)
    assert.equal(made('2026-11-22T23:59:59Z', '2026-11-23'), 1)
    assert.equal(made('2026-11-22T23:59:59Z', '2026-11-23', 'Asia/Tokyo'), 0)
    assert.equal(made('2023-03-13T12:00:00Z', '2026-11-23'), 1351)
  })

  it('is none on a day before it was made, and not known without the time when it was', () => {
    assert.equal(made('2026-11-23T00:00:00Z', '2026-11-01'), 0)
    const { createTime: _createTime, ...undated } = KEY
    assert.equal(factsOf({ ...observation(), key: undated }, TODAY, 30).ageDays, undefined)
  })
})
