import assert from 'node:assert/strict'
import { isTimestamp, printed, timestampOf } from '../../../simulator/wire/timestamp.js'

describe('a time as Google writes it', () => {
  const cases: readonly [string, string][] = [
    ['2026-11-23T07:00:00Z', '2026-11-23T07:00:00Z'],
    ['2026-11-23T07:00:00.000Z', '2026-11-23T07:00:00Z'],
    ['2026-11-23T07:00:00.5Z', '2026-11-23T07:00:00.500Z'],
    ['2026-11-23T07:00:00.1234Z', '2026-11-23T07:00:00.123400Z'],
    ['2026-11-23T07:00:00.123456789Z', '2026-11-23T07:00:00.123456789Z'],
    ['2026-11-23T07:00:00.000001000Z', '2026-11-23T07:00:00.000001Z'],
    ['2026-11-23T01:30:00+02:00', '2026-11-22T23:30:00Z'],
  ]
  for (const [text, expected] of cases) {
    it(`is ${expected} for ${text}`, () => assert.equal(printed(text), expected))
  }

  it('has no fraction on a whole second', () => {
    assert.equal(timestampOf(new Date(0)), '1970-01-01T00:00:00Z')
    assert.equal(timestampOf(new Date(5)), '1970-01-01T00:00:00.005Z')
  })

  it('is RFC 3339, of a day that there is', () => {
    for (const good of ['2028-02-29T00:00:00Z', '2026-01-01T00:00:00.123456789+05:30']) {
      assert.equal(isTimestamp(good), true, good)
    }
    for (const bad of [
      'yesterday',
      '2026-01-01',
      '2026-02-30T00:00:00Z',
      '2026-01-01T25:00:00Z',
      '1700000000',
    ]) {
      assert.equal(isTimestamp(bad), false, bad)
    }
  })
})
