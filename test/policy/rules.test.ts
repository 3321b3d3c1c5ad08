import assert from 'node:assert/strict'
import { controlsNamed } from '../../src/policy/controls.js'
import { RULE_TABLE, RULES, type Rule, rulesFor } from '../../src/policy/rules.js'
import { assertGolden } from '../golden.js'
import { type Difference, facts, targets, usage } from './keys.js'

const GEMINI = 'generativelanguage.googleapis.com'
const geminiOnly = { restrictions: { apiTargets: targets(GEMINI) } }

describe('A rule', () => {
  it('has words for people', () => {
    for (const rule of RULES) {
      const row = RULE_TABLE[rule]
      assert.match(row.title, /^[A-Z].*[a-z]$/)
      assert.match(row.says, /^[A-Z].*\.$/)
    }
  })

  it('says why each of its controls fits, in which edition, and where that was looked up', () => {
    const named = RULES.flatMap((rule) => controlsNamed(RULE_TABLE[rule].controls))
    assert.ok(named.length > 0)
    for (const { version, id, why, source } of named) {
      assert.match(version, /^\d/)
      assert.match(id, /^(1\.1[2-5]|A\.8\.\d+|CC6\.\d)$/)
      assert.match(why, /^It asks .*\.$/)
      assert.equal(new URL(source).protocol, 'https:')
    }
  })

  it('names the controls on unused keys and on API restrictions where these are what is wrong', () => {
    const cis = (rule: Rule) => RULE_TABLE[rule].controls.filter((name) => name.startsWith('CIS'))
    assert.deepEqual(cis('dormant-key'), ['CIS 1.12', 'CIS 1.14'])
    assert.deepEqual(cis('unrestricted-key'), ['CIS 1.14'])
    assert.deepEqual(cis('standard-key'), [])
  })

  const cases: readonly [what: string, key: Difference, rules: readonly string[]][] = [
    ['an unrestricted standard key', {}, ['unrestricted-key', 'standard-key']],
    ['a dormant one', { usage: usage() }, ['dormant-key', 'unrestricted-key', 'standard-key']],
    ['one in use', { usage: usage('2026-11-20') }, ['unrestricted-key', 'standard-key']],
    ['a restricted standard key', geminiOnly, ['standard-key']],
    ['a dormant restricted one', { ...geminiOnly, usage: usage() }, ['standard-key']],
    ['a key where the Gemini API is off', { gemini: 'off' }, []],
    ['a key of unknown services', { gemini: 'unknown' }, []],
    ['a key of unknown type', { type: 'unknown' }, []],
    ['an auth key', { type: 'auth' }, []],
    ['a key for other APIs', { restrictions: { apiTargets: targets('maps-backend.googleapis.com') } }, []],
  ]
  for (const [what, key, rules] of cases) {
    it(`applies to ${what}: ${rules.join(', ') || 'none'}`, () => {
      assert.deepEqual(rulesFor(facts(key)), rules)
    })
  }

  it('says because of which facts it applies, and no more than is known', () => {
    const keys: readonly [what: string, key: Difference][] = [
      ['unrestricted', { usage: usage() }],
      ['restricted to websites', { restrictions: { allowedReferrers: ['acme.example'] } }],
      ['restricted to IP addresses', { restrictions: { allowedIps: ['192.0.2.1'] } }],
      [
        'restricted to Android apps',
        { restrictions: { allowedApplications: [{ sha1Fingerprint: 'AA', packageName: 'a' }] } },
      ],
      ['restricted to iOS apps', { restrictions: { allowedBundleIds: ['com.example'] } }],
      ['with a list of clients that lets everybody in', { restrictions: { allowedReferrers: ['*'] } }],
      ['restricted to the Gemini API', geminiOnly],
      [
        'restricted to the Gemini API and another',
        { restrictions: { apiTargets: targets(GEMINI, 'x.googleapis.com') } },
      ],
    ]
    const reasons = keys.flatMap(([what, key]) => [
      `${what}:`,
      ...rulesFor(facts(key)).map((rule) => `  ${rule}: ${RULE_TABLE[rule].because(facts(key))}`),
    ])
    assertGolden('policy/because.txt', `${reasons.join('\n')}\n`)
  })

  it('that is only announced never claims a rejection', () => {
    for (const services of [[], [GEMINI], [GEMINI, 'x.googleapis.com']]) {
      const because = RULE_TABLE['standard-key'].because(
        facts({ restrictions: { apiTargets: targets(...services) } }),
      )
      assert.doesNotMatch(because, /reject|refus|block/i)
    }
  })
})
