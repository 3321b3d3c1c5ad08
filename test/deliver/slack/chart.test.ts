import assert from 'node:assert/strict'
import { addDays } from '../../../src/calendar.js'
import { weeklyChart } from '../../../src/deliver/slack/delivery.js'
import type { JudgedRun } from '../../../src/history/judged-run.js'
import { AffectedKeys } from '../../../src/memory/affected-keys.js'
import { Ledger } from '../../../src/memory/ledger.js'
import type { Run } from '../../../src/model.js'
import { builtInPolicy } from '../../../src/policy/policy.js'
import { chartRun } from '../../../src/records/trend.js'
import { affectedOf } from '../../affected.js'
import { day, judged, RUN, runOf } from '../../report/samples.js'

const runWith = (change: Partial<Run>): JudgedRun => {
  const run = { ...RUN, ...change }
  const record = runOf([judged()], [], { run })
  return {
    kind: 'judged',
    run,
    record,
    ledger: new Ledger(),
    affected: affectedOf([]),
    affectedKeys: new AffectedKeys(),
    gaps: [],
    policy: builtInPolicy(),
  }
}

const earlier = (count: number) => async () =>
  Array.from({ length: count }, (_none, index) => ({
    ...chartRun(runOf([judged()])),
    day: addDays(RUN.asOf, index - count),
  }))

describe('the chart of a week', () => {
  const cases: readonly [string, Partial<Run>, number, boolean][] = [
    ['on the third run, a Monday', {}, 2, true],
    ['not on the second', {}, 1, false],
    ['not on a Tuesday', { asOf: day('2026-11-24') }, 9, false],
    ['not for another day than the run’s own', { asOfOverridden: true }, 9, false],
  ]
  for (const [name, change, runs, isThere] of cases) {
    it(`is there: ${name}`, async () => {
      const { picture, remark } = await weeklyChart(runWith(change), earlier(runs))
      assert.deepEqual([picture !== undefined, remark], [isThere, undefined])
    })
  }

  it('has its text for those who do not see it', async () => {
    const { picture } = await weeklyChart(runWith({}), earlier(2))
    assert.match(picture?.says ?? '', /3 runs from November 21, 2026 to November 23, 2026/)
  })

  it('is reported as missing when it cannot be made, and never rejects', async () => {
    const failing = () => Promise.reject(new Error('the archive is away'))
    assert.deepEqual(await weeklyChart(runWith({}), failing), {
      remark: 'The chart of this week could not be made: the archive is away',
    })
  })
})
