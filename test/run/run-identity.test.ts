import assert from 'node:assert/strict'
import { secondsBetween, toTheSecond } from '../../src/calendar.js'
import type { Instant, Run } from '../../src/model.js'
import { identifyRun } from '../../src/run/attempt.js'

const config = { name: 'acme', scope: ['organizations/9'], timeZone: 'UTC' }
const started = '2026-11-23T07:00:05.123Z' as Instant

describe('the identity of a run', () => {
  const rows: [string, string | undefined, string][] = [
    ['the schedule, when it is a moment ago', '2026-11-23T07:00:00Z', '2026-11-23T07:00:00Z'],
    ['the schedule in UTC, to the second', '2026-11-23T08:00:00.5+01:00', '2026-11-23T07:00:00Z'],
    ['the schedule of 3 hours ago', '2026-11-23T04:00:05.123Z', '2026-11-23T04:00:05Z'],
    [
      'the start, when the schedule is older than 3 hours',
      '2026-11-23T04:00:05.122Z',
      '2026-11-23T07:00:05Z',
    ],
    ['the schedule, when it is 60 seconds ahead', '2026-11-23T07:01:05.123Z', '2026-11-23T07:01:05Z'],
    ['the start, when the schedule is further ahead', '2026-11-23T07:01:05.124Z', '2026-11-23T07:00:05Z'],
    ['the start, when there is no schedule', undefined, '2026-11-23T07:00:05Z'],
    ['the start, when the header is no time', 'tomorrow', '2026-11-23T07:00:05Z'],
  ]
  for (const [name, header, time] of rows) {
    it(`is ${name}`, () => assert.equal(identifyRun(config, started, header).time, time))
  }

  it('has the calendar day of its time in the configured zone', () => {
    const auckland = { ...config, timeZone: 'Pacific/Auckland' }
    const [before, after] = ['2026-11-23T10:59:59Z', '2026-11-23T11:00:00Z'] as Instant[]
    assert.ok(before && after)
    assert.equal(identifyRun(auckland, before).asOf, '2026-11-23')
    assert.equal(identifyRun(auckland, after).asOf, '2026-11-24')
  })

  it('says so when another day is judged by', () => {
    const run = identifyRun({ ...config, asOf: '2026-06-19' as Run['asOf'] }, started)
    assert.equal(run.asOf, '2026-06-19')
    assert.equal(run.asOfOverridden, true)
    assert.equal(identifyRun(config, started).asOfOverridden, false)
  })

  it('distinguishes the readings of one run by their start', () => {
    assert.equal(identifyRun(config, started, '2026-11-23T07:00:00Z').reading, started)
  })
})

describe('moments', () => {
  it('are apart by seconds, to the millisecond', () => {
    const later = '2026-11-23T07:00:06.124Z' as Instant
    assert.equal(secondsBetween(started, later), 1.001)
    assert.equal(secondsBetween(later, started), -1.001)
  })

  it('lose their fraction, whatever its length', () => {
    assert.equal(toTheSecond('2026-11-23T07:00:05.123456789Z' as Instant), '2026-11-23T07:00:05Z')
    assert.equal(toTheSecond('2026-11-23T07:00:05Z' as Instant), '2026-11-23T07:00:05Z')
  })
})
