import assert from 'node:assert/strict'
import { GEMINI_API } from '../../src/model.js'
import { judge } from '../../src/policy/judge.js'
import type { Remedy } from '../../src/policy/judgement-types.js'
import { builtInPolicy } from '../../src/policy/policy.js'
import { remedyFor } from '../../src/policy/remedies.js'
import { assertGolden } from '../golden.js'
import { day, facts, TODAY, targets, traffic } from './keys.js'
import { SITUATIONS, type Situation } from './situations.js'

function remedyIn({ key, policy = builtInPolicy(), asOf = TODAY }: Situation): Remedy {
  const judged = facts(key, day(asOf))
  return remedyFor(judged, judge(judged, policy, day(asOf)), { ...policy, contact: '#security-help' })
}

function written({ action, steps }: Remedy): string {
  const lines = steps.flatMap(({ say, command, url }, index) => [
    '',
    `${index + 1}. ${say}`,
    ...(command?.split('\n').map((line) => `   $ ${line}`) ?? []),
    ...(url === undefined ? [] : [`   ${url}`]),
  ])
  return [action, ...lines, ''].join('\n')
}

describe('The remedy for a key', () => {
  for (const situation of SITUATIONS) {
    const { what, action } = situation
    it(`that is ${what} is ${action}`, () => {
      const remedy = remedyIn(situation)
      assert.equal(remedy.action, action)
      assertGolden(`policy/remedies/${what.replace(/[^A-Za-z0-9]+/g, '-')}.txt`, written(remedy))
    })
  }

  it('ends with whom to ask, where the policy says it and there is something to do', () => {
    for (const situation of SITUATIONS) {
      const { steps } = remedyIn(situation)
      const last = steps.at(-1)?.say
      assert.equal(last, steps.length === 0 ? undefined : 'Questions and objections: #security-help')
    }
    const judged = facts()
    const { steps } = remedyFor(judged, judge(judged, builtInPolicy(), TODAY), builtInPolicy())
    assert.doesNotMatch(JSON.stringify(steps), /Questions/)
  })

  it('makes no second auth key where one was probably made already', () => {
    const replacement = {
      key: 'projects/123/locations/global/keys/new',
      displayName: 'Search (auth)',
      because: 'It was made later; its own calls are not known.',
      guess: true,
    } as const
    const says = (difference: Parameters<typeof facts>[0]) => {
      const judged = facts(difference)
      return remedyFor(judged, judge(judged, builtInPolicy(), TODAY), builtInPolicy()).steps.map(
        ({ say }) => say,
      )
    }
    const working = {
      restrictions: { apiTargets: targets(GEMINI_API) },
      usage: traffic({ '2026-11-22': { accepted: 10 } }),
    }
    const [first, ...others] = says({ ...working, replacement })
    assert.match(
      first ?? '',
      /^First see whether the auth key Search \(auth\) has replaced this one already; that is a guess\. It was made later/,
    )
    assert.deepEqual(others, says(working))
  })

  it('changes nothing where it only finds out, and nothing of what a provider has made', () => {
    for (const situation of SITUATIONS) {
      const commands = remedyIn(situation)
        .steps.map(({ command = '' }) => command)
        .join('\n')
      const isRead = situation.verdict === 'unknown' || situation.verdict === 'latent'
      if (isRead || situation.action === 'provider-managed') {
        assert.doesNotMatch(commands, /update|create|delete/, situation.what)
      }
    }
  })
})
