import assert from 'node:assert/strict'
import fc from 'fast-check'
import { TRAFFIC, type Traffic, type Usage } from '../../src/model.js'
import {
  acceptedLately,
  isIdle,
  lastAccepted,
  otherServices,
  type SinceDeadline,
  trafficOf,
  trafficSince,
} from '../../src/policy/traffic.js'
import { usages } from './arbitraries.js'
import { day, instant, KEY, OBSERVATION, observation, traffic } from './keys.js'

const MAPS = 'maps-backend.googleapis.com'

// Read on 2026-11-23: the window begins on 2026-10-12, and the last 7 days on 2026-11-16.
const FIRST = '2026-10-12'

describe('The traffic of a key', () => {
  const classes: readonly [what: string, usage: Usage, expected: Traffic][] = [
    ['was not read', { unknown: 'denied' }, 'unknown'],
    ['has no call of any service', traffic({}), 'none'],
    ['has calls of another service', traffic({}, [MAPS]), 'other-services'],

    ['was accepted today', traffic({ '2026-11-23': { accepted: 1 } }), 'accepted'],
    ['was accepted on the first of the last 7 days', traffic({ '2026-11-16': { accepted: 1 } }), 'accepted'],
    [
      'was accepted on the day before the last 7',
      traffic({ '2026-11-15': { accepted: 1 } }),
      'accepted-earlier',
    ],
    [
      'was accepted on the first day of the window',
      traffic({ [FIRST]: { accepted: 1 } }),
      'accepted-earlier',
    ],
    [
      'was accepted, and of other services too',
      traffic({ '2026-11-20': { accepted: 1 } }, [MAPS]),
      'accepted',
    ],

    [
      'was accepted, and since the day after only refused',
      traffic({ '2026-11-20': { accepted: 900 }, '2026-11-21': { refused: 1 } }),
      'newly-refused',
    ],
    [
      'was accepted on the first day, and refused on the last',
      traffic({ [FIRST]: { accepted: 1 }, '2026-11-23': { refused: 1 } }),
      'newly-refused',
    ],
    [
      'was accepted, and since then refused or failed',
      traffic({ '2026-11-01': { accepted: 5 }, '2026-11-02': { refused: 2, failed: 7 } }),
      'newly-refused',
    ],
    [
      'was both accepted and refused on the last day',
      traffic({ '2026-11-22': { accepted: 1, refused: 99 } }),
      'accepted',
    ],
    [
      'was refused, and accepted later',
      traffic({ '2026-11-01': { refused: 9 }, '2026-11-22': { accepted: 1 } }),
      'accepted',
    ],
    [
      'was refused and accepted long ago',
      traffic({ '2026-10-20': { refused: 9 }, '2026-10-21': { accepted: 1, refused: 1 } }),
      'accepted-earlier',
    ],
    [
      'was accepted, and has only failed since',
      traffic({ '2026-11-20': { accepted: 1 }, '2026-11-22': { failed: 50 } }),
      'accepted',
    ],
    [
      'was accepted long ago, and has only failed since',
      traffic({ '2026-11-01': { accepted: 1 }, '2026-11-22': { failed: 50 } }),
      'accepted-earlier',
    ],

    ['was refused, as by scanners of an idle key', traffic({ '2026-11-03': { refused: 2 } }), 'only-refused'],
    ['was refused on the first day', traffic({ [FIRST]: { refused: 1 } }), 'only-refused'],
    [
      'was refused, and accepted by other services perhaps',
      traffic({ '2026-11-03': { refused: 2 } }, [MAPS]),
      'only-refused',
    ],
    [
      'was refused or failed',
      traffic({ '2026-11-03': { failed: 9 }, '2026-11-04': { refused: 1 } }),
      'only-refused',
    ],
    ['has only failed', traffic({ '2026-11-22': { failed: 1 } }), 'only-failed'],
    [
      'has only failed, and called other services',
      traffic({ '2026-11-22': { failed: 1 } }, [MAPS]),
      'only-failed',
    ],
  ]
  for (const [what, usage, expected] of classes) {
    it(`that ${what} is ${expected}`, () => {
      assert.equal(trafficOf(observation({ usage })), expected)
    })
  }

  it('has a class that no other test forgets', () => {
    assert.deepEqual(new Set(classes.map(([, , expected]) => expected)), new Set(TRAFFIC))
  })

  it('is the same in whatever order its days come', () => {
    fc.assert(
      fc.property(usages, (usage) => {
        if ('unknown' in usage) return
        const turned = { ...usage, daily: usage.daily.toReversed() }
        assert.equal(trafficOf(observation({ usage: turned })), trafficOf(observation({ usage })))
      }),
    )
  })

  it('is never taken for refused because calls failed', () => {
    fc.assert(
      fc.property(usages, (usage) => {
        if ('unknown' in usage) return
        const daily = usage.daily.map((calls) => ({ ...calls, refused: 0 }))
        const found = trafficOf(observation({ usage: { ...usage, daily } }))
        assert.ok(found !== 'only-refused' && found !== 'newly-refused', found)
      }),
    )
  })

  it('counts the accepted calls of the last 7 days, and names the last day with any', () => {
    const usage = traffic({
      '2026-11-15': { accepted: 100 },
      '2026-11-16': { accepted: 10, refused: 5 },
      '2026-11-23': { accepted: 1 },
      '2026-11-24': { failed: 1 },
    })
    assert.equal(acceptedLately(observation({ usage })), 11)
    assert.equal(lastAccepted(usage), '2026-11-23')
    assert.equal(acceptedLately(OBSERVATION), 0)
    assert.equal(lastAccepted(OBSERVATION.usage), undefined)
    assert.equal(lastAccepted(traffic({ '2026-11-23': { refused: 1 } })), undefined)
  })

  it('counts its days back from the reading, in UTC', () => {
    const usage = traffic({ '2026-11-16': { accepted: 1 } })
    const readAt = (text: string) => ({
      ...OBSERVATION.evidence,
      key: { from: 'keys.list' as const, readAt: instant(text) },
    })
    assert.equal(trafficOf({ usage, evidence: readAt('2026-11-23T23:59:59Z') }), 'accepted')
    assert.equal(trafficOf({ usage, evidence: readAt('2026-11-24T00:00:00Z') }), 'accepted-earlier')
  })

  it('of other services leaves out the Gemini API, however it is written', () => {
    const usage = traffic({ '2026-11-22': { accepted: 1 } }, ['GenerativeLanguage.googleapis.com', MAPS])
    assert.deepEqual(otherServices(usage), [MAPS])
    assert.deepEqual(otherServices({ unknown: 'denied' }), [])
  })
})

describe('The traffic since a deadline', () => {
  const since = (deadline: string, usage: Usage) => trafficSince(day(deadline), usage)
  const cases: readonly [what: string, deadline: string, usage: Usage, expected: SinceDeadline][] = [
    ['that was not read', '2026-06-19', { unknown: 'denied' }, 'unknown'],
    ['without calls', '2026-06-19', traffic({}), 'no-calls'],
    ['of other services', '2026-06-19', traffic({}, [MAPS]), 'no-calls'],
    ['accepted before it only', '2026-11-01', traffic({ '2026-10-31': { accepted: 9 } }), 'no-calls'],
    ['accepted on its day', '2026-11-01', traffic({ '2026-11-01': { accepted: 1, refused: 9 } }), 'accepted'],
    [
      'accepted after it, then only refused',
      '2026-11-01',
      traffic({ '2026-11-02': { accepted: 1 }, '2026-11-03': { refused: 9 } }),
      'accepted',
    ],
    [
      'accepted before it, and refused on its day',
      '2026-11-01',
      traffic({ '2026-10-31': { accepted: 1 }, '2026-11-01': { refused: 1 } }),
      'only-refused',
    ],
    [
      'refused before it as well, and never seen accepted',
      '2026-11-01',
      traffic({ '2026-10-31': { refused: 1 }, '2026-11-01': { refused: 1 } }),
      'inconclusive',
    ],
    ['refused before it only', '2026-11-01', traffic({ '2026-10-31': { refused: 1 } }), 'no-calls'],
    ['refused, of a window that begins with it', FIRST, traffic({ [FIRST]: { refused: 1 } }), 'only-refused'],
    [
      'refused, of a window that begins a day before',
      '2026-10-13',
      traffic({ '2026-10-13': { refused: 1 } }),
      'inconclusive',
    ],
    [
      'refused, of a window that begins long after it',
      '2026-06-19',
      traffic({ '2026-11-01': { refused: 1 } }),
      'only-refused',
    ],
    ['of 429 alone', '2026-06-19', traffic({ '2026-11-01': { failed: 500 } }), 'inconclusive'],
  ]
  for (const [what, deadline, usage, expected] of cases) {
    it(`of a key with calls ${what} is ${expected}`, () => {
      assert.equal(since(deadline, usage), expected)
    })
  }
})

describe('An idle key', () => {
  const whole = traffic({})
  const cases: readonly [what: string, key: Parameters<typeof observation>[0], idle: boolean][] = [
    ['that nothing has called', { usage: whole }, true],
    ['of unknown traffic', {}, false],
    ['that another service was called with', { usage: traffic({}, [MAPS]) }, false],
    ['that was only refused', { usage: traffic({ [FIRST]: { refused: 1 } }) }, false],
    ['that has only failed', { usage: traffic({ [FIRST]: { failed: 1 } }) }, false],
    ['whose window is a day short', { usage: traffic({}, [], '2026-10-13') }, false],
    ['whose window is longer', { usage: traffic({}, [], '2026-10-11') }, true],
    [
      'made on the first day of it',
      { usage: whole, key: { createTime: instant('2026-10-12T23:59:59Z') } },
      true,
    ],
    ['made a day later', { usage: whole, key: { createTime: instant('2026-10-13T00:00:00Z') } }, false],
  ]
  for (const [what, key, idle] of cases) {
    it(`${idle ? 'is' : 'is not'} one ${what}`, () => {
      assert.equal(isIdle(observation(key)), idle)
    })
  }

  it('is not one of unknown age', () => {
    const { createTime: _, ...key } = KEY
    assert.equal(isIdle({ ...observation({ usage: whole }), key }), false)
  })
})
