import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  addDays,
  dayOf,
  daysBefore,
  daysBetween,
  isByDay,
  longDay,
  longMonth,
  parseDay,
  parseInstant,
  secondsBetween,
  toTheSecond,
} from '../src/calendar.js'
import type { Day, Instant } from '../src/model.js'

const day = (text: string) => parseDay(text) ?? assert.fail(`${text} is no day`)
const instant = (text: string) => parseInstant(text) ?? assert.fail(`${text} is no instant`)

describe('A day', () => {
  const days: readonly [text: string, isDay: boolean][] = [
    ['2026-06-19', true],
    ['2024-02-29', true],
    ['2026-02-29', false],
    ['2026-02-30', false],
    ['2026-13-01', false],
    ['2026-00-10', false],
    ['2026-01-32', false],
    ['2026-1-1', false],
    ['20260101', false],
    ['2026-01-01T00:00:00Z', false],
    [' 2026-01-01', false],
    ['none', false],
    ['', false],
  ]
  for (const [text, isDay] of days) {
    it(`${isDay ? 'is' : 'is not'} ${JSON.stringify(text)}`, () => {
      assert.equal(parseDay(text), isDay ? text : undefined)
    })
  }

  it('is said to people in words', () => {
    assert.equal(longDay(day('2026-06-19')), 'June 19, 2026')
    assert.equal(longMonth(day('2026-09-01')), 'September 2026')
  })
})

describe('A moment', () => {
  const moments: readonly [text: string, utc: string | undefined][] = [
    ['2026-11-23T07:00:00Z', '2026-11-23T07:00:00Z'],
    ['2026-11-23T07:00:00.123Z', '2026-11-23T07:00:00.123Z'],
    ['2026-11-23T07:00:00.123456Z', '2026-11-23T07:00:00.123456Z'],
    ['2026-11-23T07:00:00.123456789Z', '2026-11-23T07:00:00.123456789Z'],
    ['2026-11-23T07:00:00.000000001+05:30', '2026-11-23T01:30:00.000000001Z'],
    ['2026-12-31T23:30:00-01:00', '2027-01-01T00:30:00Z'],
    ['2026-11-23t07:00:00z', '2026-11-23T07:00:00Z'],
    ['2026-11-23T07:00:00.5Z', '2026-11-23T07:00:00.500Z'],
    ['2026-11-23T07:00:00.1234Z', '2026-11-23T07:00:00.123400Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
    ['9999-12-31T23:59:59.999999999Z', '9999-12-31T23:59:59.999999999Z'],
    ['9999-12-31T23:59:59-00:01', undefined],
    ['0000-01-01T00:00:00+00:01', undefined],
    ['2026-02-30T00:00:00Z', undefined],
    ['2026-11-23T24:00:00Z', undefined],
    ['2026-11-23T23:60:00Z', undefined],
    ['2026-11-23T23:59:60Z', undefined],
    ['2026-11-23T07:00:00', undefined],
    ['2026-11-23T07:00:00.Z', undefined],
    ['2026-11-23T07:00:00.1234567890Z', undefined],
    ['2026-11-23T07:00:00+24:00', undefined],
    ['2026-11-23 07:00:00Z', undefined],
    ['2026-11-23', undefined],
    ['yesterday', undefined],
    ['', undefined],
  ]
  for (const [text, utc] of moments) {
    it(`written ${JSON.stringify(text)} is ${utc ?? 'none'}`, () => {
      assert.equal(parseInstant(text), utc)
    })
  }

  it('reads as the same moment in every zone', () => {
    const offsets = fc.constantFrom('Z', '+00:00', '-08:00', '+05:45', '+14:00')
    const times = fc.date({ min: new Date('1000-01-02'), max: new Date('9000-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(times, offsets, (time, offset) => {
        const text = `${time.toISOString().slice(0, 19)}${offset}`
        assert.equal(Date.parse(instant(text)), Date.parse(text))
      }),
    )
  })

  const places: readonly [moment: string, zone: string, day: string][] = [
    ['2026-11-23T23:59:59.999Z', 'UTC', '2026-11-23'],
    ['2026-11-24T00:00:00Z', 'UTC', '2026-11-24'],
    ['2026-11-23T14:59:59Z', 'Asia/Tokyo', '2026-11-23'],
    ['2026-11-23T15:00:00.123456789Z', 'Asia/Tokyo', '2026-11-24'],
    ['2026-11-23T04:59:59Z', 'America/New_York', '2026-11-22'],
    ['2026-11-23T05:00:00Z', 'America/New_York', '2026-11-23'],
    ['2026-03-29T22:00:00Z', 'Europe/Berlin', '2026-03-30'],
    ['2026-03-28T22:59:59Z', 'Europe/Berlin', '2026-03-28'],
  ]
  for (const [moment, zone, expected] of places) {
    it(`${moment} lies in ${expected} in ${zone}`, () => {
      assert.equal(dayOf(instant(moment), zone), expected)
    })
  }

  it('lies in no day of a zone that does not exist', () => {
    assert.throws(() => dayOf(instant('2026-11-23T00:00:00Z'), 'Mars/Olympus'), RangeError)
  })

  it('is apart from another in seconds, with their fraction', () => {
    assert.equal(secondsBetween(instant('2026-11-23T07:00:00Z'), instant('2026-11-23T07:01:00.500Z')), 60.5)
    assert.equal(secondsBetween(instant('2026-11-23T07:01:00Z'), instant('2026-11-23T07:00:00Z')), -60)
  })

  it('can be given to the second', () => {
    assert.equal(toTheSecond('2026-11-23T07:00:00.999999999Z' as Instant), '2026-11-23T07:00:00Z')
    assert.equal(toTheSecond('2026-11-23T07:00:00Z' as Instant), '2026-11-23T07:00:00Z')
  })
})

describe('Counting days', () => {
  const spans: readonly [from: string, to: string, days: number][] = [
    ['2026-11-23', '2026-06-19', -157],
    ['2026-06-18', '2026-06-19', 1],
    ['2026-06-19', '2026-06-19', 0],
    ['2026-06-20', '2026-06-19', -1],
    ['2024-02-28', '2024-03-01', 2],
    ['2026-03-28', '2026-03-30', 2], // the clocks change in Europe
    ['2026-09-26', '2026-09-28', 2], // and in New Zealand
    ['2025-12-31', '2027-01-01', 366],
  ]
  for (const [from, to, days] of spans) {
    it(`it is ${days} from ${from} to ${to}`, () => {
      assert.equal(daysBetween(day(from), day(to)), days)
      assert.equal(addDays(day(from), days), to)
    })
  }

  it('back from a moment begins with the day of UTC on which it lies', () => {
    assert.equal(daysBefore(instant('2026-11-23T00:00:00Z'), 42), '2026-10-12')
    assert.equal(daysBefore(instant('2026-11-23T23:59:59.999Z'), 42), '2026-10-12')
    assert.equal(daysBefore(instant('2026-11-24T01:00:00+02:00'), 7), '2026-11-16')
    assert.equal(daysBefore(instant('2026-11-23T07:00:00Z'), 0), '2026-11-23')
  })

  it('gives the day back that was counted to', () => {
    const days = fc
      .date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10) as Day)
    fc.assert(
      fc.property(days, fc.integer({ min: -5000, max: 5000 }), (from, count) => {
        const to = addDays(from, count)
        assert.equal(parseDay(to), to)
        assert.equal(daysBetween(from, to), count)
      }),
    )
  })
})

describe('That a moment is by a day', () => {
  it('is seen from its day in the zone', () => {
    const zones = fc.constantFrom(
      'UTC',
      'Pacific/Kiritimati',
      'Etc/GMT+12',
      'America/St_Johns',
      'Asia/Kolkata',
    )
    const moments = fc
      .date({
        min: new Date('2024-01-01T00:00:00Z'),
        max: new Date('2024-01-05T00:00:00Z'),
        noInvalidDate: true,
      })
      .map((date) => instant(date.toISOString()))
    fc.assert(
      fc.property(moments, zones, fc.integer({ min: 1, max: 9 }), (moment, zone, number) => {
        const limit = day(`2024-01-0${number}`)
        assert.equal(isByDay(moment, zone, limit), dayOf(moment, zone) <= limit)
      }),
      { numRuns: 1000 },
    )
  })
})
