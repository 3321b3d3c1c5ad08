import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { CallSums, seriesOf } from '../../src/inventory/call-sums.js'
import { day } from '../policy/keys.js'

const GEMINI = 'generativelanguage.googleapis.com'

const wire = (end: string, calls: unknown = '7') => ({
  metric: { type: 'm', labels: { response_code: '200' } },
  resource: { type: 'consumed_api', labels: { credential_id: 'apikey:uid-a', service: GEMINI } },
  points: [{ interval: { startTime: 'ignored', endTime: end }, value: { int64Value: calls } }],
})

describe('a time series', () => {
  const days: readonly [string, string][] = [
    ['2026-11-23T00:00:00Z', '2026-11-22'],
    ['2026-11-23T00:00:00.000Z', '2026-11-22'],
    ['2026-11-23T01:00:00+01:00', '2026-11-22'],
    ['2026-03-01T00:00:00Z', '2026-02-28'],
    ['2026-11-22T23:59:59.999999999Z', '2026-11-22'],
    ['2026-11-23T00:00:00.000001Z', '2026-11-23'],
    ['2026-11-23T07:00:00Z', '2026-11-23'],
  ]
  for (const [end, expected] of days) {
    it(`has in a period until ${end} the calls of ${expected}`, () => {
      assert.equal(seriesOf(wire(end))?.points[0]?.day, expected)
    })
  }

  it('has numbers, written as texts or as numbers', () => {
    assert.equal(
      seriesOf(wire('2026-11-23T07:00:00Z', '9007199254740991'))?.points[0]?.calls,
      9007199254740991,
    )
    assert.equal(seriesOf(wire('2026-11-23T07:00:00Z', 12))?.points[0]?.calls, 12)
  })

  it('of no key is none of ours', () => {
    for (const credential_id of [undefined, '', 'serviceaccount:1', 'oauth2:x', 'apikey:']) {
      const resource = { labels: { ...(credential_id !== undefined && { credential_id }), service: GEMINI } }
      assert.equal(seriesOf({ ...wire('2026-11-23T07:00:00Z'), resource }), null)
    }
  })

  it('without a response code has failed, as far as is known', () => {
    const sums = new CallSums(day('2026-10-12'))
    for (const metric of [undefined, {}, { labels: {} }, { labels: { response_code: '' } }]) {
      const series = seriesOf({ ...wire('2026-11-23T07:00:00Z'), metric })
      assert.equal(series?.code, 'none')
      if (series) sums.add(series)
    }
    assert.deepEqual(sums.usageOf('uid-a').gemini.failedCodes, { none: 28 })
  })

  it('that is none cannot be read', () => {
    for (const element of [
      null,
      7,
      'text',
      {},
      { resource: {} },
      wire('soon'),
      wire('2026-11-23T07:00:00Z', '1.5'),
    ]) {
      assert.equal(seriesOf(element), undefined)
    }
  })
})

describe('sums of calls', () => {
  const point = (on: string, calls: number) => ({ day: day(on), calls })
  const series = (points: ReturnType<typeof point>[], service = GEMINI) => ({
    uid: 'a',
    service,
    code: '200',
    points,
  })

  it('begin with their first day', () => {
    const sums = new CallSums(day('2026-10-12'))
    sums.add(series([point('2026-10-12', 1), point('2026-10-11', 100)]))
    assert.deepEqual(sums.usageOf('a').daily, [
      { day: '2026-10-12', accepted: 1, refused: 0, failed: 0, codes: { 200: 1 } },
    ])
  })

  it('take a sum of zero for no call', () => {
    const sums = new CallSums(day('2026-10-12'))
    sums.add(series([point('2026-11-12', 0)], 'maps'))
    const { services, lastRequest, daily } = sums.usageOf('a')
    assert.deepEqual({ services, lastRequest, daily }, { services: [], lastRequest: undefined, daily: [] })
  })

  it('of a key without any series are zero since the first day', () => {
    assert.deepEqual(new CallSums(day('2026-10-12')).usageOf('a'), {
      since: '2026-10-12',
      gemini: { accepted: 0, refused: 0, failed: 0, failedCodes: {} },
      services: [],
      daily: [],
    })
  })

  it('put together what comes in parts, and know the Gemini API in any spelling', () => {
    const sums = new CallSums(day('2026-10-12'))
    sums.add(series([point('2026-11-13', 2), point('2026-11-12', 1)]))
    sums.add(series([point('2026-11-12', 4)], 'GenerativeLanguage.googleapis.com'))
    assert.deepEqual(
      sums.usageOf('a').daily.map(({ day, accepted }) => [day, accepted]),
      [
        ['2026-11-12', 5],
        ['2026-11-13', 2],
      ],
    )
  })
})

describe('a project', () => {
  const point = (on: string, calls = 9) => ({ day: day(on), calls })
  type Line = readonly [uid: string, code: string, days: readonly string[], service?: string]
  const since = (...lines: readonly Line[]) => {
    const sums = new CallSums(day('2026-10-12'))
    for (const [uid, code, days, service = GEMINI] of lines) {
      sums.add({ uid, service, code, points: days.map((on) => point(on)) })
    }
    return ['a', 'b', 'c'].map((uid) => sums.usageOf(uid).projectRefusedSince)
  }
  const WORKED: readonly Line[] = [
    ['a', '200', ['2026-11-16', '2026-11-17']],
    ['b', '200', ['2026-11-17']],
  ]
  const REFUSED: readonly Line[] = [
    ['a', '403', ['2026-11-18', '2026-11-19']],
    ['b', '403', ['2026-11-19']],
  ]

  it('is refused since the day since which all of its keys are', () => {
    assert.deepEqual(since(...WORKED, ...REFUSED), ['2026-11-18', '2026-11-18', undefined])
  })

  const others: readonly [what: string, line: Line][] = [
    ['one of its keys still works', ['c', '200', ['2026-11-19']]],
    ['one of them fails otherwise', ['b', '429', ['2026-11-19']]],
    ['one of them was refused before as well, and never worked', ['c', '403', ['2026-11-10', '2026-11-18']]],
  ]
  for (const [what, line] of others) {
    it(`is not, where ${what}`, () => {
      assert.deepEqual(since(...WORKED, ...REFUSED, line), [undefined, undefined, undefined])
    })
  }

  it('is not, where a single key shows it', () => {
    assert.deepEqual(since(...WORKED, ['a', '403', ['2026-11-18']]), [undefined, undefined, undefined])
    assert.deepEqual(since(['a', '403', ['2026-11-18']]), [undefined, undefined, undefined])
  })

  it('is, whatever its keys call besides', () => {
    assert.equal(since(...WORKED, ...REFUSED, ['a', '200', ['2026-11-20'], 'maps'])[0], '2026-11-18')
  })
})
