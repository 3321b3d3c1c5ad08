import assert from 'node:assert/strict'
import { impactOf } from '../../src/policy/impact.js'
import { judge } from '../../src/policy/judge.js'
import { builtInPolicy } from '../../src/policy/policy.js'
import { assertGolden } from '../golden.js'
import { day, facts, TODAY, usage } from './keys.js'
import { SITUATIONS, type Situation } from './situations.js'

function impactIn({
  key,
  policy = builtInPolicy(),
  asOf = TODAY,
}: Pick<Situation, 'key' | 'policy' | 'asOf'>): string {
  const judged = facts(key, day(asOf))
  return impactOf(judged, judge(judged, policy, day(asOf)), policy)
}

describe('The impact on a key’s owner', () => {
  for (const situation of SITUATIONS) {
    it(`of a key that is ${situation.what} belongs to the verdict ${situation.verdict}`, () => {
      const judged = facts(situation.key, day(situation.asOf ?? TODAY))
      const { verdict } = judge(judged, situation.policy ?? builtInPolicy(), day(situation.asOf ?? TODAY))
      assert.equal(verdict, situation.verdict)
    })
  }

  it('is one sentence: what stops, when, and what does not', () => {
    const sentences = SITUATIONS.map(
      (situation) => `${situation.what} (${situation.verdict}): ${impactIn(situation)}`,
    )
    assertGolden('policy/impact.txt', `${sentences.join('\n')}\n`)
    for (const situation of SITUATIONS) assert.match(impactIn(situation), /^[A-Z][^\n]*\.$/)
  })

  it('changes its tense with the deadlines, and not its claims', () => {
    const days = [
      '2026-05-06',
      '2026-05-07',
      '2026-06-18',
      '2026-06-19',
      '2026-08-31',
      '2026-09-01',
      '2026-11-23',
    ]
    const sentences = days.map((asOf) => `${asOf}: ${impactIn({ key: { usage: usage() }, asOf })}`)
    assertGolden('policy/impact-by-day.txt', `${sentences.join('\n')}\n`)
  })
})
