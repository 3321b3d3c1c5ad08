import assert from 'node:assert/strict'
import { type Deadline, deadlinesOn, GOOGLE_DEADLINES } from '../../src/policy/deadlines.js'
import { RULES } from '../../src/policy/rules.js'
import { day } from './keys.js'

describe('Google’s deadlines', () => {
  it('are what Google has published', () => {
    assert.deepEqual(
      RULES.map((rule) => [
        rule,
        GOOGLE_DEADLINES[rule].date,
        GOOGLE_DEADLINES[rule].precision,
        GOOGLE_DEADLINES[rule].status,
      ]),
      [
        ['dormant-key', '2026-05-07', 'day', 'in-force'],
        ['unrestricted-key', '2026-06-19', 'day', 'in-force'],
        ['standard-key', '2026-09-01', 'month', 'announced'],
      ],
    )
  })

  it('each name their source, the day it was checked, and what it leaves open', () => {
    for (const rule of RULES) {
      const deadline = GOOGLE_DEADLINES[rule]
      assert.equal(deadline.rule, rule)
      assert.match(deadline.source, /^https:\/\/ai\.google\.dev\//)
      assert.match(deadline.checked, /^2026-/)
      assert.ok(deadline.note.endsWith('.'))
    }
  })

  it('are moved to the last day of what moves them, and not longer', () => {
    const later: Deadline = { ...GOOGLE_DEADLINES['standard-key'], date: day('2027-03-31') }
    const until = day('2026-12-31')
    const dateOn = (asOf: string) => deadlinesOn(day(asOf), [{ deadline: later, until }])['standard-key'].date
    assert.equal(dateOn('2026-12-31'), '2027-03-31')
    assert.equal(dateOn('2027-01-01'), '2026-09-01')
    assert.equal(deadlinesOn(day('2099-01-01'), [{ deadline: later }])['standard-key'].date, '2027-03-31')
    assert.equal(deadlinesOn(day('2026-12-31'), [{ deadline: later }])['unrestricted-key'].date, '2026-06-19')
  })
})
