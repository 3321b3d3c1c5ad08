import assert from 'node:assert/strict'
import { countNewGaps } from '../../src/history/comparison.js'
import type { GapKind } from '../../src/model.js'
import { type GapRecord, gapRecord } from '../../src/records/gap-record.js'
import { gapSaying } from '../gaps.js'
import { GAP, RUN } from '../report/samples.js'

const gap = (missing: GapKind, numbers: readonly number[], known = false): GapRecord =>
  gapRecord(
    { sample: gapSaying({ ...GAP, missing }), subjects: numbers.map((one) => `projects/${one}`), known },
    RUN,
  )

const upTo = (count: number) => Array.from({ length: count }, (_none, index) => index)

describe('new gaps', () => {
  const cases: readonly [string, readonly GapRecord[], readonly GapRecord[], number][] = [
    ['none where nothing is missing', [], [], 0],
    ['each subject that was read before', [gap('keys', [1, 2])], [], 2],
    ['none where the same is missing', [gap('keys', [1, 2])], [gap('keys', [2, 1])], 0],
    ['none where less is missing', [gap('keys', [1])], [gap('keys', [1, 2])], 0],
    ['a subject in place of another', [gap('keys', [1])], [gap('keys', [2])], 1],
    ['another thing of the same subject', [gap('usage', [1])], [gap('keys', [1])], 1],
    ['none that the policy knows', [gap('keys', [1], true)], [], 0],
    ['one that the policy no longer knows', [gap('keys', [1])], [gap('keys', [1], true)], 1],
    [
      'none where the subject is missing for another cause',
      [gap('keys', [1]), gap('keys', [2])],
      [gap('keys', [1, 2])],
      0,
    ],
    ['one more of more than are named', [gap('keys', upTo(701))], [gap('keys', upTo(700))], 1],
    ['none of as many as there were', [gap('keys', upTo(700))], [gap('keys', upTo(700))], 0],
  ]
  for (const [name, now, before, count] of cases) {
    it(`are ${name}`, () => assert.equal(countNewGaps(now, before), count))
  }
})
