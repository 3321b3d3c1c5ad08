import assert from 'node:assert/strict'
import type { KeyAccount } from '../../src/account.js'

import { controlsNamed } from '../../src/policy/controls.js'
import {
  ASKED_FOR,
  HYGIENE_RULES,
  HYGIENE_TABLE,
  type HygieneRule,
  hygieneFor,
  isAccountUnknown,
} from '../../src/policy/hygiene.js'
import { judge } from '../../src/policy/judge.js'
import type { Step } from '../../src/policy/judgement-types.js'
import { builtInPolicy, type Exemption, type Policy } from '../../src/policy/policy.js'
import { hygieneSteps } from '../../src/policy/remedies/account-ways.js'
import { RULES } from '../../src/policy/rules.js'
import { assertGolden } from '../golden.js'
import { AUTH, account, HYGIENE_SITUATIONS } from './hygiene-situations.js'
import { type Difference, day, facts, instant, TODAY, targets } from './keys.js'

const GEMINI = 'generativelanguage.googleapis.com'
const MAPS = 'maps-backend.googleapis.com'

const found = (key: Difference, asked: readonly HygieneRule[] = []) => hygieneFor(facts(key), asked)
const withAccount = (difference: Partial<KeyAccount>): Difference => ({
  ...AUTH,
  account: account(difference),
})
const { account: _, ...unasked }: Difference = AUTH
const asking: Policy = { ...builtInPolicy(), hygiene: ASKED_FOR }

describe('A row of hygiene', () => {
  it('has words for people, a name of its own, and controls that were looked up', () => {
    for (const id of HYGIENE_RULES) {
      const row = HYGIENE_TABLE[id]
      assert.match(row.title, /^[A-Z].*[a-z]$/)
      assert.match(row.says, /^[A-Z].*\.$/)
      assert.ok(!RULES.some((rule: string) => rule === id))
      for (const { why, source } of controlsNamed(row.controls)) {
        assert.match(why, /^It asks .*\.$/)
        assert.equal(new URL(source).protocol, 'https:')
      }
    }
  })

  it('is an error where the key cannot work, and nowhere else', () => {
    assert.deepEqual(
      HYGIENE_RULES.filter((id) => HYGIENE_TABLE[id].severity === 'ERROR'),
      ['auth-key-account-disabled', 'auth-key-account-missing'],
    )
  })

  const owner = { reach: 'owner', roles: [{ role: 'roles/owner', on: 'projects/123' }] } as const
  const broad = {
    reach: 'broad',
    roles: [{ role: 'roles/iam.serviceAccountTokenCreator', on: 'projects/123' }],
  } as const
  const narrow = {
    reach: 'narrow',
    roles: [{ role: 'roles/storage.objectViewer', on: 'projects/123' }],
  } as const
  const both: readonly [what: string, key: Difference, rows: readonly HygieneRule[]][] = [
    ['an auth key with an account of its own', AUTH, []],
    ['one whose account is disabled', withAccount({ state: 'disabled' }), ['auth-key-account-disabled']],
    ['one whose account is gone', withAccount({ state: 'missing' }), ['auth-key-account-missing']],
    ['one whose account owns its project', withAccount(owner), ['auth-key-account-privileged']],
    ['one whose account acts as others', withAccount(broad), ['auth-key-account-privileged']],
    ['one whose account may read a bucket', withAccount(narrow), []],
    [
      'one whose account is not known at all',
      withAccount({ state: 'unknown', reach: 'unknown', keys: 1 }),
      [],
    ],
    ['one whose account nobody asked for', unasked, []],
    [
      'one of the default account of Compute Engine',
      withAccount({ email: '123-compute@developer.gserviceaccount.com' }),
      ['auth-key-account-default'],
    ],
    [
      'one of the default account of App Engine',
      withAccount({ email: 'acme-web@appspot.gserviceaccount.com' }),
      ['auth-key-account-default'],
    ],
    [
      'one of an account with a name like that of a default one',
      withAccount({ email: 'compute@acme-web.iam.gserviceaccount.com' }),
      [],
    ],
    ['one of two keys of an account', withAccount({ keys: 2 }), ['auth-key-account-shared']],
    ['an auth key without API restriction', { ...AUTH, restrictions: {} }, ['auth-key-unrestricted']],
    [
      'one that is restricted to every API',
      { ...AUTH, restrictions: { apiTargets: targets('cloudapis.googleapis.com') } },
      ['auth-key-unrestricted'],
    ],
    [
      'one whose list of addresses lets everybody in',
      { ...AUTH, restrictions: { apiTargets: targets(GEMINI), allowedIps: ['0.0.0.0/0'] } },
      ['auth-key-open-clients'],
    ],
    [
      'one whose list of addresses lets some in',
      { ...AUTH, restrictions: { apiTargets: targets(GEMINI), allowedIps: ['192.0.2.1'] } },
      [],
    ],
    ['an unrestricted standard key where the API is off', { gemini: 'off' }, []],
    ['a key of unknown type', { type: 'unknown', restrictions: { allowedIps: ['0.0.0.0/0'] } }, []],
  ]
  for (const [what, key, rows] of both) {
    it(`applies to ${what}: ${rows.join(', ') || 'none'}`, () => assert.deepEqual(found(key), rows))
  }

  const asked: readonly [what: string, key: Difference, rows: readonly HygieneRule[]][] = [
    ['an unrestricted standard key where the API is off', { gemini: 'off' }, ['standard-key-unrestricted']],
    ['a restricted one', { gemini: 'off', restrictions: { apiTargets: targets(GEMINI) } }, []],
    ['one where it is not known whether the API is on', { gemini: 'unknown' }, []],
    ['one that can call the Gemini API, which has deadlines', {}, []],
    ['an auth key where the API is off', { ...AUTH, gemini: 'off' }, []],
  ]
  for (const [what, key, rows] of asked) {
    it(`where the policy asks for it applies to ${what}: ${rows.join(', ') || 'none'}`, () => {
      assert.deepEqual(found(key, ASKED_FOR), rows)
    })
  }

  it('leaves it open where the account is not known', () => {
    const unknown = [withAccount({ state: 'unknown' }), withAccount({ reach: 'unknown' }), unasked]
    const isUnknown = (key: Difference) => {
      const { type, account: read } = facts(key)
      return isAccountUnknown(type, read)
    }
    for (const key of unknown) assert.ok(isUnknown(key))
    for (const key of [AUTH, {}]) assert.ok(!isUnknown(key))
  })
})

describe('Hygiene', () => {
  const disabled = withAccount({ state: 'disabled', keys: 3 })
  const idsOf = (key: Difference, policy = builtInPolicy()) =>
    (judge(facts(key), policy, TODAY).hygiene ?? []).map(({ id }) => id)

  it('is found beside the verdict, which stays', () => {
    const judgement = judge(facts(disabled), builtInPolicy(), TODAY)
    assert.equal(judgement.verdict, 'compliant')
    assert.deepEqual(
      judgement.hygiene?.map(({ id, severity }) => [id, severity]),
      [
        ['auth-key-account-disabled', 'ERROR'],
        ['auth-key-account-shared', 'NOTICE'],
      ],
    )
  })

  it('is found on auth keys for other APIs as well', () => {
    const forMaps = { ...disabled, restrictions: { apiTargets: targets(MAPS) } }
    assert.equal(judge(facts(forMaps), builtInPolicy(), TODAY).verdict, 'not-affected')
    assert.deepEqual(idsOf(forMaps), ['auth-key-account-disabled', 'auth-key-account-shared'])
  })

  const none: readonly [what: string, key: Difference][] = [
    ['deleted', { ...disabled, key: { ...disabled.key, deleteTime: instant('2026-11-01T00:00:00Z') } }],
    ['malformed', { ...disabled, key: { ...disabled.key, flaw: 'uid is missing' } }],
    ['as it should be', AUTH],
    ['overdue', {}],
  ]
  for (const [what, key] of none) {
    it(`is absent of a key that is ${what}`, () => {
      assert.ok(!('hygiene' in judge(facts(key), asking, TODAY)))
    })
  }

  it('on latent keys is what the policy asks for', () => {
    assert.deepEqual(idsOf({ gemini: 'off' }), [])
    assert.deepEqual(idsOf({ gemini: 'off' }, asking), ['standard-key-unrestricted'])
  })

  const exemption = (difference: Partial<Exemption>): Exemption => ({
    kind: 'exemption',
    subject: 'projects/acme-web',
    rules: ['auth-key-account-shared'],
    until: TODAY,
    reason: 'one program',
    approvedBy: 'ciso@example.com',
    ...difference,
  })

  it('of an exempt row is marked with the exemption that holds the longest', () => {
    const exemptions = [exemption({}), exemption({ until: day('2026-12-31'), reason: 'until the rewrite' })]
    const judgement = judge(facts(disabled), { ...builtInPolicy(), exemptions }, TODAY)
    const [first, second] = judgement.hygiene ?? []
    assert.equal(first?.exemption, undefined)
    assert.deepEqual(second?.exemption, {
      until: '2026-12-31',
      reason: 'until the rewrite',
      approvedBy: 'ciso@example.com',
    })
    assert.deepEqual(judgement.exemptionsNeeded, exemptions)
    assert.equal(judgement.exemption, undefined)
  })

  it('leaves an exemption unneeded that is from another row, has ended, or is for another project', () => {
    const others = [
      exemption({ rules: ['auth-key-account-default'] }),
      exemption({ until: day('2026-11-22') }),
      exemption({ subject: 'projects/acme-shop' }),
    ]
    const judgement = judge(facts(disabled), { ...builtInPolicy(), exemptions: others }, TODAY)
    assert.ok(judgement.hygiene?.every((each) => each.exemption === undefined))
    assert.ok(!('exemptionsNeeded' in judgement))
  })
})

describe('What is to be done about', () => {
  for (const { what, id, key } of HYGIENE_SITUATIONS) {
    it(`${id} of a key that is ${what}`, () => {
      const judged = facts(key)
      assert.ok(hygieneFor(judged, ASKED_FOR).includes(id))
      const because = HYGIENE_TABLE[id].because(judged)
      const file = `policy/hygiene/${what.replace(/[^A-Za-z0-9]+/g, '-')}.txt`
      assertGolden(file, written(id, because, hygieneSteps(id, judged)))
    })
  }

  it('each row is in the situations', () => {
    assert.deepEqual(new Set(HYGIENE_SITUATIONS.map(({ id }) => id)), new Set(HYGIENE_RULES))
  })

  it('never takes a key away before another one works, and says how to undo what it changes', () => {
    for (const { what, id, key } of HYGIENE_SITUATIONS) {
      const steps = hygieneSteps(id, facts(key))
      const at = (pattern: RegExp) => steps.findIndex(({ command = '' }) => pattern.test(command))
      const [deleted, made] = [at(/api-keys delete /), at(/api-keys create /)]
      if (deleted >= 0 && id !== 'standard-key-unrestricted') assert.ok(made >= 0 && made < deleted, what)
      steps.forEach(({ say, command = '' }, index) => {
        if (!/ (create|delete|update|enable|undelete|remove-iam-policy-binding) /.test(command)) return
        const next = steps[index + 1]?.say ?? ''
        assert.match(`${say} ${next}`, /To undo/, `${what}: ${say}`)
      })
    }
  })
})

function written(id: HygieneRule, because: string, steps: readonly Step[]): string {
  const lines = steps.flatMap(({ say, command, url }, index) => [
    '',
    `${index + 1}. ${say}`,
    ...(command?.split('\n').map((line) => `   $ ${line}`) ?? []),
    ...(url === undefined ? [] : [`   ${url}`]),
  ])
  return [`${id}: ${because}`, ...lines, ''].join('\n')
}
