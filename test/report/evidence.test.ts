import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { builtInPolicy } from '../../src/policy/policy.js'
import type { Rule } from '../../src/policy/rules.js'
import type { EnforcementCounts } from '../../src/records/enforcement.js'
import { runPolicy } from '../../src/records/run-policy.js'
import { evidenceOf } from '../../src/report/evidence.js'
import { assertGolden } from '../golden.js'
import { day, NO_WAIVERS } from './samples.js'

const NONE: EnforcementCounts = {
  since: '2026-06-19',
  accepted: 0,
  onlyRefused: 0,
  noCalls: 0,
  unknown: 0,
}
const WINDOW = { seenFrom: day('2026-10-12') }

const POLICY = runPolicy(builtInPolicy(), NO_WAIVERS)

function evidence(counts: Partial<EnforcementCounts>, rule: Rule = 'unrestricted-key', policy = POLICY) {
  return evidenceOf({ enforcement: { [rule]: { ...NONE, ...counts } }, policy })
}

const FORMS: readonly [what: string, rule: Rule, counts: Partial<EnforcementCounts>][] = [
  ['accepted against what is in force', 'unrestricted-key', { ...WINDOW, accepted: 2, noCalls: 4 }],
  ['accepted against what was announced', 'standard-key', { ...WINDOW, accepted: 218 }],
  ['accepted, one key', 'standard-key', { accepted: 1 }],
  ['accepted and refused', 'unrestricted-key', { ...WINDOW, accepted: 2, onlyRefused: 1, noCalls: 4 }],
  ['refused, of keys accepted before', 'standard-key', { onlyRefused: 3 }],
  ['refused, one key accepted before', 'standard-key', { onlyRefused: 1 }],
  ['refused as far as known', 'unrestricted-key', { ...WINDOW, onlyRefused: 3 }],
  ['newly refused', 'standard-key', { ...WINDOW, accepted: 12, newlyRefused: 2 }],
  ['newly refused, one key', 'standard-key', { ...WINDOW, accepted: 1, newlyRefused: 1 }],
  ['inconclusive', 'standard-key', { ...WINDOW, inconclusive: 2, noCalls: 1 }],
  ['accepted, the rest inconclusive', 'standard-key', { accepted: 1, inconclusive: 2 }],
  ['no calls', 'dormant-key', { ...WINDOW, noCalls: 5 }],
  ['no calls of one key', 'dormant-key', { noCalls: 1 }],
  ['unknown', 'unrestricted-key', { unknown: 7 }],
  ['unknown, one key', 'unrestricted-key', { unknown: 1 }],
  ['partly unknown', 'unrestricted-key', { ...WINDOW, accepted: 1, noCalls: 1, unknown: 2 }],
  [
    'everything at once',
    'standard-key',
    { ...WINDOW, accepted: 4, newlyRefused: 1, onlyRefused: 3, noCalls: 2, inconclusive: 1, unknown: 1 },
  ],
]

describe('the evidence about a deadline', () => {
  it('is one sentence: what was announced, since when it is past, what traffic shows', () => {
    const sentences = FORMS.map(([what, rule, counts]) => `${what}: ${evidence(counts, rule).join('|')}`)
    assertGolden('report/evidence.txt', `${sentences.join('\n')}\n`)
  })

  it('attributes a deadline of the policy to the policy, and Google’s to Google', () => {
    const date = day('2026-11-01')
    const moved = {
      ...POLICY,
      deadlines: { ...POLICY.deadlines, 'standard-key': { ...POLICY.deadlines['standard-key'], date } },
    }
    const override = { rule: 'standard-key' as const, date, reason: 'r', approvedBy: 'a' }
    const [ours = ''] = evidence({ accepted: 1 }, 'standard-key', { ...moved, overrides: [override] })
    assert.match(ours, /^The policy of this audit expects the Gemini API to accept no standard keys since/)
    const ended = { ...override, date: day('2026-10-01') }
    const [google = ''] = evidence({ accepted: 1 }, 'standard-key', { ...moved, overrides: [ended] })
    assert.match(google, /^Google announced/)
  })

  it('begins with keys of many projects that stopped at once, and what they have in common', () => {
    const event = {
      since: day('2026-11-18'),
      keys: 1_120,
      projects: 31,
      allStandard: true,
      allRestricted: true,
    }
    const said = (more: object) =>
      evidenceOf({ enforcement: { event: { ...event, ...more } }, policy: POLICY })
    const start = 'Since November 18, 2026, 1,120 keys in 31 projects stopped working'
    assert.deepEqual(said({}), [`${start}, all standard and restricted.`])
    assert.deepEqual(said({ allRestricted: false }), [`${start}, all standard.`])
    assert.deepEqual(said({ allStandard: false, allRestricted: false }), [`${start}.`])
  })

  it('is silent on rules that are not past or affect no key, and keeps the order of rules', () => {
    assert.deepEqual(evidence({}), [])
    assert.deepEqual(evidenceOf({ enforcement: {}, policy: POLICY }), [])
    const one = { ...NONE, accepted: 1 }
    const all = evidenceOf({
      enforcement: { 'standard-key': one, 'unrestricted-key': NONE, 'dormant-key': one },
      policy: POLICY,
    })
    assert.deepEqual(
      all.map((sentence) => /dormant|standard/.exec(sentence)?.[0]),
      ['dormant', 'standard'],
    )
  })

  it('never claims that keys are rejected, only who says so', () => {
    const some = fc.nat({ max: 3 })
    const anyCounts = fc.record({ accepted: some, onlyRefused: some, noCalls: some, unknown: some })
    fc.assert(
      fc.property(anyCounts, (counts) => {
        for (const sentence of evidence(counts)) {
          assert.match(sentence, /^Google says that [^;]*rejected[^;]*; [^;]*(;[^;]*)?\.$/)
          const [, ...shows] = sentence.split(';')
          assert.doesNotMatch(shows.join(';'), /rejected|blocked/)
        }
      }),
    )
  })
})
