import assert from 'node:assert/strict'
import fc from 'fast-check'
import { addDays } from '../../src/calendar.js'
import type { KeyFacts, KnownUsage, Usage } from '../../src/model.js'
import {
  isIdle,
  otherServices,
  type SinceDeadline,
  trafficOf,
  trafficSince,
} from '../../src/policy/traffic.js'
import { hasStopped, type PartlyFailing, TRAFFIC, type Traffic } from '../../src/policy/traffic-classes.js'
import { acceptedLately, mayMean, trafficFacts } from '../../src/policy/traffic-facts.js'
import { usages } from './arbitraries.js'
import { day, facts, instant, KEY, OBSERVATION, observation, traffic } from './keys.js'

const MAPS = 'maps-backend.googleapis.com'

// Read on 2026-11-23: the window begins on 2026-10-12, and the last 7 days on 2026-11-16.
const FIRST = '2026-10-12'

const [YESTERDAY, TODAY] = ['2026-11-22', '2026-11-23']

type Days = Parameters<typeof traffic>[0]

const WINDOW = Array.from({ length: 42 }, (_, index) => String(addDays(day(FIRST), index)))
const upTo = (last: string) => WINDOW.filter((each) => each <= last)
const from = (first: string) => WINDOW.filter((each) => each >= first)
const onWeekdays = (...weekdays: readonly number[]) =>
  WINDOW.filter((each) => weekdays.includes(new Date(each).getUTCDay()))

/** Every day until yesterday. */
const WORKING = upTo(YESTERDAY)
const MONDAYS = onWeekdays(1)
const WORKDAYS = onWeekdays(1, 2, 3, 4, 5)
const WEEKENDS = onWeekdays(0, 6)

const every = (days: readonly string[], calls: Days[string]): Days =>
  Object.fromEntries(days.map((each) => [each, calls]))
const daily = (days: readonly string[], accepted: number) => every(days, { accepted })

const readAt = (text: string) => ({
  ...OBSERVATION.evidence,
  key: { from: 'keys.list' as const, readAt: instant(text) },
})

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

  const shapes: readonly [what: string, days: Days, expected: Traffic, at?: string][] = [
    // By volume: seen on the same day.
    ['is refused since today', { ...daily(WORKING, 300), [TODAY]: { refused: 40 * 4 } }, 'newly-refused'],
    ['fails since today', { ...daily(WORKING, 300), [TODAY]: { failed: 150 } }, 'newly-failing'],
    [
      'turned to another answer ten days ago',
      { ...daily(upTo('2026-11-13'), 300), ...every(from('2026-11-14'), { failed: 300 }) },
      'newly-failing',
    ],
    [
      'is refused as often as it fails since today',
      { ...daily(WORKING, 300), [TODAY]: { refused: 100, failed: 100 } },
      'newly-refused',
    ],
    [
      'fails more often than it is refused since today',
      { ...daily(WORKING, 300), [TODAY]: { refused: 99, failed: 101 } },
      'newly-failing',
    ],
    [
      'is refused 10 times, half of a day',
      { ...daily(WORKING, 20), [TODAY]: { refused: 10 } },
      'newly-refused',
    ],
    ['is refused 9 times, which are too few', { ...daily(WORKING, 18), [TODAY]: { refused: 9 } }, 'accepted'],
    ['is refused less than half a day', { ...daily(WORKING, 300), [TODAY]: { refused: 149 } }, 'accepted'],
    [
      'lost calls on two days',
      { ...daily(upTo('2026-11-21'), 300), [YESTERDAY]: { refused: 149 }, [TODAY]: { refused: 1 } },
      'newly-refused',
    ],
    [
      'was called on few days only, each of which counts',
      { '2026-10-20': { accepted: 100 }, '2026-11-20': { accepted: 100 }, [TODAY]: { refused: 50 } },
      'newly-refused',
    ],

    [
      'stopped at noon, and is refused this morning',
      {
        ...daily(upTo('2026-11-21'), 300),
        [YESTERDAY]: { accepted: 150, refused: 150 },
        [TODAY]: { refused: 80 },
      },
      'newly-refused',
      '2026-11-23T07:00:00Z',
    ],
    [
      'was refused at noon, and hardly this morning',
      {
        ...daily(upTo('2026-11-21'), 300),
        [YESTERDAY]: { accepted: 150, refused: 150 },
        [TODAY]: { refused: 9 },
      },
      'accepted',
      '2026-11-23T07:00:00Z',
    ],
    [
      'failed on its last day a week ago, and is scanned since',
      {
        '2026-11-09': { accepted: 300 },
        '2026-11-16': { accepted: 150, failed: 150 },
        '2026-11-20': { refused: 12 },
      },
      'accepted',
    ],

    // By rhythm.
    [
      'is called once a night, and was refused once',
      { ...daily(WORKING, 1), [TODAY]: { refused: 1 } },
      'accepted',
    ],
    [
      'is called once a night, and was refused for a whole day',
      { ...daily(upTo('2026-11-21'), 1), [YESTERDAY]: { refused: 1 } },
      'newly-refused',
    ],
    ['is called once a night, and was not since two days', daily(upTo('2026-11-21'), 1), 'accepted'],
    [
      'is called once a week, and refused since a day',
      { ...daily(MONDAYS, 5), '2026-11-22': { refused: 1 } },
      'accepted',
    ],
    [
      'is called once a week, and refused on its day',
      { ...daily(MONDAYS.slice(0, -1), 5), [MONDAYS.at(-1) ?? '']: { refused: 5 } },
      'accepted',
      '2026-11-16T23:59:00Z',
    ],
    [
      'is called once a week, and was refused on its day',
      { ...daily(MONDAYS.slice(0, -1), 5), [MONDAYS.at(-1) ?? '']: { refused: 5 } },
      'newly-refused',
      '2026-11-17T00:00:00Z',
    ],
    [
      'was called on a single day, and refused since',
      { '2026-11-20': { accepted: 900 }, '2026-11-21': { refused: 1 } },
      'newly-refused',
    ],
    [
      'was called on a single day, and refused the day after',
      { [YESTERDAY]: { accepted: 900 }, [TODAY]: { refused: 1 } },
      'accepted',
    ],
    [
      'worked on the first day, and was refused on the last',
      { [FIRST]: { accepted: 1 }, [TODAY]: { refused: 1 } },
      'newly-refused',
    ],
    [
      'pauses as long as it did before',
      { '2026-11-01': { accepted: 1 }, '2026-11-11': { accepted: 1 }, '2026-11-22': { refused: 1 } },
      'newly-refused',
    ],
    [
      'pauses a day less than it did before',
      { '2026-10-31': { accepted: 1 }, '2026-11-12': { accepted: 1 }, '2026-11-22': { refused: 1 } },
      'accepted-earlier',
    ],

    // Days of people.
    [
      'works in business hours, on a Monday before them',
      { ...daily(WORKDAYS, 400), '2026-11-22': { refused: 1 } },
      'accepted',
      '2026-11-23T05:00:00Z',
    ],
    [
      'works in business hours, and gets scanned on weekends',
      { ...daily(WORKDAYS, 400), '2026-11-21': { refused: 150 }, '2026-11-22': { refused: 49 } },
      'accepted',
      '2026-11-22T23:00:00Z',
    ],
    [
      'works in business hours, and not on a Monday',
      { ...daily(WORKDAYS, 400), '2026-11-23': { refused: 2 } },
      'newly-refused',
      '2026-11-24T00:00:00Z',
    ],
    [
      'works on weekends only',
      { ...daily(WEEKENDS.slice(0, -2), 50), '2026-11-18': { refused: 3 } },
      'accepted',
      '2026-11-20T07:00:00Z',
    ],
    [
      'works every day, and gets one stray 403 in the small hours',
      { ...daily(WORKING, 300), [TODAY]: { refused: 1 } },
      'accepted',
      '2026-11-23T05:00:00Z',
    ],
    [
      'works every day, and was scanned all the time',
      every(WORKING, { accepted: 300, refused: 20 }),
      'accepted',
    ],
    [
      'works every day, and failed for an hour',
      { ...daily(WORKING, 300), '2026-11-18': { accepted: 287, failed: 13 } },
      'accepted',
    ],
    [
      'is out of quota every afternoon',
      every(WORKING, { accepted: 100, failed: 200 }),
      'accepted',
      '2026-11-22T23:00:00Z',
    ],
    [
      'is out of quota every afternoon, until the morning after',
      { ...every(WORKING, { accepted: 100, failed: 200 }), [TODAY]: { failed: 60 } },
      'accepted',
      '2026-11-23T05:00:00Z',
    ],
    [
      'is out of quota every afternoon, and now all day',
      { ...every(WORKING, { accepted: 100, failed: 200 }), [TODAY]: { failed: 250 } },
      'newly-failing',
      '2026-11-23T22:00:00Z',
    ],
    [
      'has been out of quota every afternoon for a week, until the morning after',
      {
        ...daily(upTo('2026-11-15'), 100),
        ...Object.fromEntries(
          WORKING.filter((day) => day >= '2026-11-16').map((day) => [day, { accepted: 100, failed: 200 }]),
        ),
        [TODAY]: { failed: 60 },
      },
      'accepted',
      '2026-11-23T05:00:00Z',
    ],
    [
      'was out of quota once, and is now',
      { ...daily(WORKING, 100), '2026-11-20': { accepted: 10, failed: 200 }, [TODAY]: { failed: 60 } },
      'newly-failing',
    ],
    [
      'has a health check, and nothing else gets through',
      every(WORKING, { accepted: 24, refused: 300 }),
      'accepted',
      '2026-11-23T05:00:00Z',
    ],
    [
      'has a health check before dawn',
      { ...every(WORKING, { accepted: 24, refused: 300 }), [TODAY]: { refused: 62 } },
      'accepted',
      '2026-11-23T05:00:00Z',
    ],
    [
      'failed, and works again',
      { ...daily(upTo('2026-11-10'), 300), '2026-11-12': { refused: 300 }, [TODAY]: { accepted: 1 } },
      'accepted',
    ],
    ['worked and failed on the same day', { '2026-11-22': { accepted: 1, refused: 99 } }, 'accepted'],
  ]
  for (const [what, calls, expected, at = '2026-11-23T20:00:00Z'] of shapes) {
    it(`that ${what} is ${expected}`, () => {
      const usage = traffic(calls)
      assert.equal(trafficOf({ usage, evidence: readAt(at) }), expected)
    })
  }

  it('is the same for each of these shapes, in whatever order their days come', () => {
    for (const [what, calls, expected, at = '2026-11-23T20:00:00Z'] of shapes) {
      const usage = traffic(calls)
      if ('unknown' in usage) continue
      for (const days of [
        usage.daily.toReversed(),
        [...usage.daily.slice(20), ...usage.daily.slice(0, 20)],
      ]) {
        assert.equal(trafficOf({ usage: { ...usage, daily: days }, evidence: readAt(at) }), expected, what)
      }
    }
  })

  it('has a class that no other test forgets', () => {
    const expected = [...classes, ...shapes].map(([, , traffic]) => traffic)
    assert.deepEqual(new Set(expected), new Set(TRAFFIC))
  })

  it('never shows as stopped because more calls were accepted, where some were or on the last day', () => {
    fc.assert(
      fc.property(usages, fc.nat({ max: 9 }), fc.integer({ min: 1, max: 10_000 }), (usage, at, more) => {
        if ('unknown' in usage || usage.daily.length === 0) return
        const newest = usage.daily
          .map(({ day }) => day)
          .toSorted()
          .at(-1)
        const index = at % usage.daily.length
        const chosen = usage.daily[index]
        if (chosen === undefined || (chosen.accepted === 0 && chosen.day !== newest)) return
        const better = { ...chosen, accepted: chosen.accepted + more }
        const daily = usage.daily.with(index, better)
        const before = trafficOf(observation({ usage }))
        const after = trafficOf(observation({ usage: { ...usage, daily } }))
        assert.ok(hasStopped(before) || !hasStopped(after), `${before}, then ${after}`)
      }),
      { numRuns: 2000 },
    )
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

  it('counts the accepted calls of the last 7 days', () => {
    const usage = traffic({
      '2026-11-15': { accepted: 100 },
      '2026-11-16': { accepted: 10, refused: 5 },
      '2026-11-23': { accepted: 1 },
      '2026-11-24': { failed: 1 },
    })
    assert.equal(acceptedLately(observation({ usage })), 11)
    assert.equal(acceptedLately(OBSERVATION), 0)
  })

  it('counts its days back from the reading, in UTC', () => {
    const usage = traffic({ '2026-11-16': { accepted: 1 } })
    assert.equal(trafficOf({ usage, evidence: readAt('2026-11-23T23:59:59Z') }), 'accepted')
    assert.equal(trafficOf({ usage, evidence: readAt('2026-11-24T00:00:00Z') }), 'accepted-earlier')
  })

  it('of other services leaves out the Gemini API, however it is written', () => {
    const usage = traffic({ '2026-11-22': { accepted: 1 } }, ['GenerativeLanguage.googleapis.com', MAPS])
    assert.deepEqual(otherServices(usage), [MAPS])
    assert.deepEqual(otherServices({ unknown: 'denied' }), [])
  })
})

describe('What the traffic of a key shows besides', () => {
  const shownBy = (calls: Days, at = '2026-11-23T20:00:00Z') =>
    trafficFacts({ usage: traffic(calls), evidence: readAt(at) })

  it('is what was called in the last 7 days, with all codes', () => {
    const calls = {
      '2026-11-15': { accepted: 100 },
      '2026-11-16': { accepted: 10, refused: 5 },
      [TODAY]: { failed: 1 },
    }
    assert.deepEqual(shownBy(calls).lately, {
      ...{ accepted: 10, refused: 5, failed: 1 },
      codes: { 200: 10, 403: 5, 429: 1 },
    })
  })

  it('is the first day on which nothing worked, and the calls of the week before', () => {
    const stopped = shownBy({
      ...daily(upTo('2026-11-16'), 300),
      ...every(from('2026-11-18'), { refused: 300 }),
    })
    assert.equal(stopped.traffic, 'newly-refused')
    assert.deepEqual([stopped.stoppedOn, stopped.lostWeekly], ['2026-11-18', 2100])
    const weekly = shownBy({ ...daily(MONDAYS.slice(0, -1), 5), '2026-11-16': { failed: 1 } })
    assert.deepEqual([weekly.stoppedOn, weekly.lostWeekly], ['2026-11-16', 5])
  })

  it('is no such day of a key that has not stopped, or never worked', () => {
    for (const calls of [{}, daily(WORKING, 300), every(WORKING, { refused: 9 })]) {
      const { stoppedOn, lostWeekly } = shownBy(calls)
      assert.deepEqual([stoppedOn, lostWeekly], [undefined, undefined])
    }
  })

  const hardly: readonly [what: string, calls: Days, expected: PartlyFailing | undefined][] = [
    [
      'a health check still works',
      {
        ...daily(upTo('2026-11-12'), 324),
        ...every(from('2026-11-13'), { accepted: 24, refused: 300 }),
        [TODAY]: { accepted: 5, refused: 62 },
      },
      { since: day('2026-11-13'), accepted: 24, calls: 324 },
    ],
    [
      'today works again, which is not over',
      { ...every(WORKING, { accepted: 24, failed: 300 }), [TODAY]: { accepted: 90 } },
      { since: day(FIRST), accepted: 24, calls: 324 },
    ],
    [
      'it failed on weekdays, and yesterday worked',
      { ...every(from('2026-11-17'), { accepted: 1, failed: 99 }), [YESTERDAY]: { accepted: 50 } },
      { accepted: 9, calls: 92 },
    ],
    [
      'it was called today only',
      { [TODAY]: { accepted: 1, refused: 2 } },
      { since: day(TODAY), accepted: 1, calls: 3 },
    ],
    ['half of the calls work', every(WORKING, { accepted: 150, refused: 150 }), undefined],
    ['it is scanned', every(WORKING, { accepted: 300, refused: 20 }), undefined],
    ['it has stopped', { ...daily(upTo('2026-11-20'), 30), '2026-11-21': { refused: 300 } }, undefined],
    ['it never worked', every(WORKING, { refused: 300 }), undefined],
  ]
  for (const [what, calls, expected] of hardly) {
    it(`${expected ? 'is' : 'is not'} that it is partly failing, where ${what}`, () => {
      assert.deepEqual(shownBy(calls).partlyFailing, expected)
    })
  }

  it('does not turn to partly failing because more calls of a working key were accepted', () => {
    fc.assert(
      fc.property(usages, fc.nat({ max: 9 }), fc.integer({ min: 1, max: 10_000 }), (usage, at, more) => {
        if ('unknown' in usage || usage.daily.length === 0) return
        const index = at % usage.daily.length
        const chosen = usage.daily[index]
        if (chosen === undefined) return
        const better = usage.daily.with(index, { ...chosen, accepted: chosen.accepted + more })
        const before = trafficFacts(observed(usage))
        const after = trafficFacts(observed({ ...usage, daily: better }))
        if (before.traffic === 'accepted' && before.partlyFailing === undefined) {
          assert.equal(after.partlyFailing, undefined)
        }
      }),
    )
  })
})

const observed = (usage: KnownUsage) => ({ usage, evidence: OBSERVATION.evidence })

describe('What calls that do not work may mean', () => {
  const codes = (calls: Days, difference: Partial<KeyFacts> = {}) =>
    mayMean({ ...facts({ usage: traffic(calls) }), ...difference }).map(({ code, say }) => `${code}: ${say}`)

  it('is nothing of a key that works, that nothing calls, or of which nothing is known', () => {
    for (const calls of [{}, daily(WORKING, 300), every(WORKING, { accepted: 300, refused: 20 })]) {
      assert.deepEqual(codes(calls), [])
    }
    assert.deepEqual(mayMean(facts()), [])
  })

  it('is a leak before the end of standard keys, of a key that worked and is answered 403', () => {
    const refused = { ...daily(upTo('2026-11-18'), 300), ...every(from('2026-11-19'), { refused: 300 }) }
    assert.deepEqual(codes(refused), [
      '403: Google may have found the key string in a public place and blocked it',
      '403: the Gemini API may no longer accept this standard key',
    ])
    assert.equal(codes(refused, { type: 'unknown' }).length, 1)
  })

  it('is the project first, where all of its keys are refused', () => {
    const usage = {
      ...traffic({ ...daily(upTo('2026-11-18'), 300), [TODAY]: { refused: 300 } }),
      projectRefusedSince: day('2026-11-19'),
    }
    const [first] = mayMean(facts({ usage }))
    assert.match(first?.say ?? '', /^the project may have been denied access/)
  })

  it('comes from the codes since the key stopped, not from those before', () => {
    const calls = {
      ...every(upTo('2026-11-20'), { accepted: 300, refused: 40 }),
      ...every(from('2026-11-21'), { failed: 300 }),
    }
    assert.deepEqual(codes(calls), ['429: its project may have used up a quota or a spending limit'])
  })

  it('of a key that never worked is no leak', () => {
    assert.deepEqual(codes(every(WORKING, { refused: 3 })), [
      '403: the Gemini API may no longer accept this standard key',
    ])
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
