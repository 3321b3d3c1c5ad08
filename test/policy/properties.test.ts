import assert from 'node:assert/strict'
import fc from 'fast-check'
import { ConfigError } from '../../src/errors.js'
import {
  AFFECTED_VERDICTS,
  API_RESTRICTIONS,
  CLIENT_RESTRICTIONS,
  type Day,
  GEMINI_ACCESS,
  KEY_TYPES,
  type KeyFacts,
  VERDICTS,
  type Verdict,
} from '../../src/model.js'
import { factsOf } from '../../src/policy/facts.js'
import { parsePolicy } from '../../src/policy/file.js'
import { ASKED_FOR, HYGIENE_TABLE } from '../../src/policy/hygiene.js'
import { impactOf } from '../../src/policy/impact.js'
import { judge } from '../../src/policy/judge.js'
import type { Policy } from '../../src/policy/policy.js'
import { hygieneSteps } from '../../src/policy/remedies/account-ways.js'
import { remedyFor } from '../../src/policy/remedies.js'
import { days, observations, policies, policyTexts } from './arbitraries.js'
import { observation, targets, usage } from './keys.js'

/** Facts that may contradict each other, as `factsOf` never makes them. */
const anyFacts: fc.Arbitrary<KeyFacts> = fc
  .record({
    observation: observations,
    type: fc.constantFrom(...KEY_TYPES),
    apiRestriction: fc.constantFrom(...API_RESTRICTIONS),
    clientRestriction: fc.constantFrom(...CLIENT_RESTRICTIONS),
    geminiAccess: fc.constantFrom(...GEMINI_ACCESS),
    dormant: fc.constantFrom(true, false, 'unknown' as const),
  })
  .map(({ observation, ...facts }) => ({ ...observation, ...facts }))

/** Worst first, as records compare verdicts; those that are not compared share a place with the best. */
const BADNESS: Readonly<Record<Verdict, number>> = {
  overdue: 4,
  due: 3,
  exempt: 2,
  latent: 1,
  compliant: 0,
  'not-affected': 0,
  deleted: 0,
  unknown: 0,
}

/** What hygiene may never go by. */
const WITHOUT_DEADLINES: readonly Verdict[] = ['compliant', 'not-affected', 'latent']

describe('Whatever a key looks like', () => {
  it('what else is to be looked at leaves its verdict alone, has a sentence and steps, and is counted once', () => {
    fc.assert(
      fc.property(anyFacts, policies, days, (facts, policy, asOf) => {
        const asking = { ...policy, hygiene: ASKED_FOR }
        const { hygiene = [], verdict } = judge(facts, asking, asOf)
        assert.equal(verdict, judge(facts, { ...policy, hygiene: [] }, asOf).verdict)
        assert.ok(hygiene.length === 0 || WITHOUT_DEADLINES.includes(verdict))
        assert.equal(new Set(hygiene.map(({ id }) => id)).size, hygiene.length)
        for (const { id, because, exemption } of hygiene) {
          assert.match(because, /^It.*\.$/s)
          assert.ok(hygieneSteps(id, facts).length > 0)
          assert.ok(exemption === undefined || exemption.until >= asOf)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('an account of which nothing is known makes no finding of the account', () => {
    fc.assert(
      fc.property(anyFacts, policies, days, ({ account, ...facts }, policy, asOf) => {
        const unknown = account && ({ ...account, state: 'unknown', reach: 'unknown', keys: 1 } as const)
        for (const read of [{}, unknown === undefined ? {} : { account: unknown }]) {
          const { hygiene = [] } = judge({ ...facts, ...read }, policy, asOf)
          assert.ok(hygiene.every(({ id }) => HYGIENE_TABLE[id].isOfAccount !== true))
        }
      }),
      { numRuns: 500 },
    )
  })

  it('it gets exactly one verdict, a sentence and a remedy, and nothing throws', () => {
    fc.assert(
      fc.property(anyFacts, policies, days, (facts, policy, asOf) => {
        const judgement = judge(facts, policy, asOf)
        assert.equal(VERDICTS.filter((verdict) => verdict === judgement.verdict).length, 1)
        assert.match(impactOf(facts, judgement, policy), /^[^a-z].*\.$/s)
        const { action, steps } = remedyFor(facts, judgement, policy)
        assert.ok(action === 'none' || steps.length > 0)
      }),
      { numRuns: 2000 },
    )
  })

  it('it is as a standard key what it would be, where nothing but its type is unknown', () => {
    fc.assert(
      fc.property(observations, policies, days, (observation, policy, asOf) => {
        const facts = factsOf({ ...observation, type: 'unknown' }, asOf, 30)
        const { verdict, ifStandard } = judge(facts, policy, asOf)
        const standard = judge({ ...facts, type: 'standard' }, policy, asOf)
        const hangsOnType = verdict === 'unknown' && standard.verdict !== 'unknown'
        assert.equal(ifStandard, hangsOnType ? standard.verdict : undefined)
      }),
      { numRuns: 1000 },
    )
  })

  it('a service account keeps it from being overdue or due', () => {
    fc.assert(
      fc.property(observations, policies, days, (observation, policy, asOf) => {
        fc.pre((observation.key.serviceAccountEmail ?? '').trim() !== '')
        const { verdict } = judge(factsOf(observation, asOf, 30), policy, asOf)
        assert.ok(verdict !== 'overdue' && verdict !== 'due', verdict)
      }),
    )
  })

  it('it is not affected where it cannot reach the Gemini API', () => {
    fc.assert(
      fc.property(observations, policies, days, (observation, policy, asOf) => {
        const facts = factsOf(observation, asOf, 30)
        fc.pre(facts.geminiAccess === 'no' || facts.geminiAccess === 'latent')
        const { verdict } = judge(facts, policy, asOf)
        assert.ok(!AFFECTED_VERDICTS.includes(verdict), verdict)
      }),
    )
  })

  it('it is affected or exempt when it is a standard key that can', () => {
    fc.assert(
      fc.property(observations, policies, days, (observation, policy, asOf) => {
        const facts = factsOf(observation, asOf, 30)
        fc.pre(
          facts.type === 'standard' && facts.geminiAccess === 'yes' && facts.key.deleteTime === undefined,
        )
        const { verdict } = judge(facts, policy, asOf)
        assert.ok(['overdue', 'due', 'exempt'].includes(verdict), verdict)
      }),
    )
  })

  it('its findings say the same as its verdict', () => {
    fc.assert(
      fc.property(observations, policies, days, (observation, policy, asOf) => {
        const { verdict, findings, exemption } = judge(factsOf(observation, asOf, 30), policy, asOf)
        const open = findings.filter(({ rule }) => !exemption?.rules.includes(rule))
        for (const { state, daysLeft } of findings) assert.equal(state, daysLeft > 0 ? 'due' : 'overdue')
        assert.equal(
          verdict === 'overdue',
          open.some(({ state }) => state === 'overdue'),
        )
        assert.equal(verdict === 'due', open.length > 0 && open.every(({ state }) => state === 'due'))
      }),
    )
  })
})

const standardKeys = fc.constantFrom(
  observation(),
  observation({ usage: usage() }),
  observation({ restrictions: { apiTargets: targets('generativelanguage.googleapis.com') } }),
)

describe('Time alone', () => {
  const twoDays = fc
    .tuple(days, days)
    .map(([one, other]): readonly [Day, Day] => (one < other ? [one, other] : [other, one]))

  it('never makes a verdict better', () => {
    fc.assert(
      fc.property(observations, policies, twoDays, (observation, policy, [before, after]) => {
        const verdictOn = (asOf: Day) => judge(factsOf(observation, asOf, 30), policy, asOf).verdict
        assert.ok(BADNESS[verdictOn(after)] >= BADNESS[verdictOn(before)])
        assert.equal(verdictOn(after) === 'unknown', verdictOn(before) === 'unknown')
      }),
      { numRuns: 1000 },
    )
  })

  it('never does so by ending what a policy file has moved or exempted', () => {
    fc.assert(
      fc.property(standardKeys, policyTexts, twoDays, (key, text, [before, after]) => {
        const verdictOn = (asOf: Day, policy: Policy) => judge(factsOf(key, asOf, 30), policy, asOf).verdict
        const read = (asOf: Day) => policyOrNone(text, asOf)
        const [first, second] = [read(before), read(after)]
        fc.pre(first !== undefined && second !== undefined)
        if (first === undefined || second === undefined) return
        assert.ok(BADNESS[verdictOn(after, second)] >= BADNESS[verdictOn(before, first)])
      }),
      { numRuns: 300 },
    )
  })
})

function policyOrNone(text: string, asOf: Day): Policy | undefined {
  try {
    return parsePolicy(text, 'policy.yaml', asOf, '2027-06-01' as Day)
  } catch (error) {
    if (error instanceof ConfigError) return undefined
    throw error
  }
}

describe('The order of things', () => {
  it('changes no verdict: neither of keys nor of exemptions', () => {
    fc.assert(
      fc.property(fc.array(observations, { maxLength: 5 }), policies, days, (some, policy, asOf) => {
        const judged = (each: readonly (typeof some)[number][], by: Policy) =>
          new Map(each.map((one) => [one, judge(factsOf(one, asOf, 30), by, asOf).verdict]))
        const forward = judged(some, policy)
        const backward = judged(some.toReversed(), { ...policy, exemptions: policy.exemptions.toReversed() })
        for (const one of some) assert.equal(backward.get(one), forward.get(one))
      }),
    )
  })

  it('of targets and restrictions changes no verdict', () => {
    fc.assert(
      fc.property(observations, policies, days, (observation, policy, asOf) => {
        const { key } = observation
        const turned = { ...key.restrictions, apiTargets: key.restrictions.apiTargets.toReversed() }
        const other = { ...observation, key: { ...key, restrictions: turned } }
        assert.equal(
          judge(factsOf(other, asOf, 30), policy, asOf).verdict,
          judge(factsOf(observation, asOf, 30), policy, asOf).verdict,
        )
      }),
    )
  })
})
