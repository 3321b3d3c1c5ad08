import assert from 'node:assert/strict'
import { CALLS } from '../../src/google/calls.js'
import { ApiError } from '../../src/google/errors.js'
import { gapOf } from '../../src/inventory/gap-causes.js'
import type { Day, Gap, Instant, Run } from '../../src/model.js'
import { gapRecord } from '../../src/records/gap-record.js'
import { StoppedReading, stoppedGap, stoppedSentence } from '../../src/run/stopped-reading.js'

const RUN: Run = {
  audit: 'acme',
  time: '2026-11-23T07:00:00Z' as Instant,
  reading: '2026-11-23T07:00:01.000Z' as Instant,
  asOf: '2026-11-23' as Day,
  asOfOverridden: false,
  scope: ['organizations/9'],
}

const failed = (subject: string, reason: string, reached: string): Gap => {
  const error = new ApiError(CALLS.getProject, subject, {
    reason,
    ...(reason === 'STOPPED' && { detail: 'SIGTERM' }),
  })
  return gapOf('projects', subject, error, reached)
}
const GAPS = [
  failed('projects/3', 'IAM_PERMISSION_DENIED', '3 projects'),
  failed('organizations/9', 'STOPPED', '3,000 projects'),
  failed('projects/5', 'STOPPED', '812 of 3,000 projects'),
]

/** What is known of a run with these gaps. */
function runWith(gaps: readonly Gap[]) {
  const records = gaps.map((gap) => {
    const subjects = [gap.subject, 'projects/7', 'projects/8']
    return gapRecord({ sample: gap, subjects, known: false }, RUN)
  })
  const stopped = stoppedGap(gaps)
  return { gaps: records, ...(stopped && { stopped }) }
}

describe('A reading that was stopped', () => {
  it('says how far it came, whatever was being read', () => {
    const sentence = stoppedSentence(runWith(GAPS))
    assert.equal(
      sentence,
      'The audit was stopped by SIGTERM after 812 of 3,000 projects: what was read is reported, the rest as gaps.',
    )
    assert.equal(
      stoppedSentence(runWith(GAPS.slice(0, 2))),
      'The audit was stopped by SIGTERM after 3,000 projects: what was read is reported, the rest as gaps.',
    )
  })

  it('says that it was stopped where the archive knows no more', () => {
    const { gaps } = runWith(GAPS)
    assert.equal(
      stoppedSentence({ gaps }),
      'The audit was stopped: what was read is reported, the rest as gaps.',
    )
  })

  it('is none where something else could not be read', () => {
    assert.equal(stoppedSentence(runWith(GAPS.slice(0, 1))), undefined)
    StoppedReading.demandNoneIn(GAPS.slice(0, 1))
  })

  it('of a run that is asked for again is thrown away, and says so', () => {
    assert.throws(() => StoppedReading.demandNoneIn(GAPS), {
      name: 'StoppedReading',
      message:
        'The audit was stopped by SIGTERM after 812 of 3,000 projects. Nothing of this attempt is kept: the next attempt at this run reads anew.',
    })
  })
})
