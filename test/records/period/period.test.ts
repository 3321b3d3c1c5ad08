import assert from 'node:assert/strict'
import { PeriodBuilder } from '../../../src/records/period/period.js'
import { day, instant } from '../../report/samples.js'

const COUNTS = { overdue: 1, due: 0, exempt: 0, unknown: 0 }

describe('the days of a period', () => {
  it('are in their order, though a run without a record has its day in UTC and the others in the audit’s zone', () => {
    const builder = new PeriodBuilder()
    const run = instant('2026-11-23T23:00:00Z')
    builder.add({ day: day('2026-11-24'), run, outcome: 'complete', counts: COUNTS, fixed: 0 })
    builder.add({ day: day('2026-11-23'), outcome: 'not-remembered', fixed: 0 })
    const { days } = builder.period(day('2026-11-25'))
    assert.deepEqual(
      days.map((each) => [each.day, each.outcome]),
      [
        ['2026-11-23', 'not-remembered'],
        ['2026-11-24', 'complete'],
      ],
    )
  })
})
