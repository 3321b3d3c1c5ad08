import assert from 'node:assert/strict'
import { VERDICTS, type Verdict } from '../../src/model.js'
import { GOOGLE_DEADLINES } from '../../src/policy/deadlines.js'
import { isByRules, judge } from '../../src/policy/judge.js'
import type { Finding } from '../../src/policy/judgement-types.js'
import { builtInPolicy, type Exemption, type Policy } from '../../src/policy/policy.js'
import { type Difference, day, facts, instant, TODAY, targets, usage } from './keys.js'

const GEMINI = 'generativelanguage.googleapis.com'
const MAPS = 'maps-backend.googleapis.com'
const auth: Difference = { key: { serviceAccountEmail: 'bot@acme-web.iam.gserviceaccount.com' } }
const geminiOnly: Difference = { restrictions: { apiTargets: targets(GEMINI) } }
const othersOnly: Difference = { restrictions: { apiTargets: targets(MAPS) } }
const deleted: Difference = { key: { deleteTime: instant('2026-04-01T00:00:00Z') } }

const DAYS = [
  '2026-05-06',
  '2026-05-07',
  '2026-06-18',
  '2026-06-19',
  '2026-08-31',
  '2026-09-01',
  '2026-11-23',
]

const from = (index: number): readonly Verdict[] => DAYS.map((_, at) => (at < index ? 'due' : 'overdue'))
const always = (verdict: Verdict): readonly Verdict[] => DAYS.map(() => verdict)

describe('The verdict on a key', () => {
  const keys: readonly [what: string, key: Difference, verdicts: readonly Verdict[]][] = [
    ['a dormant unrestricted standard key', { usage: usage() }, from(1)],
    ['an unrestricted standard key in use', { usage: usage('2026-11-22') }, from(3)],
    ['an unrestricted standard key of unknown traffic', {}, from(3)],
    ['one restricted to websites only', { restrictions: { allowedReferrers: ['acme.example'] } }, from(3)],
    [
      'one restricted to every API',
      { restrictions: { apiTargets: targets('cloudapis.googleapis.com') } },
      from(3),
    ],
    ['a standard key restricted to the Gemini API', geminiOnly, from(5)],
    ['a dormant one restricted to the Gemini API', { ...geminiOnly, usage: usage() }, from(5)],
    ['one for the Gemini API and others', { restrictions: { apiTargets: targets(MAPS, GEMINI) } }, from(5)],
    ['a standard key for other APIs', othersOnly, always('not-affected')],
    ['an auth key for other APIs', { ...othersOnly, ...auth }, always('not-affected')],
    ['a key of unknown type for other APIs', { ...othersOnly, type: 'unknown' }, always('not-affected')],
    [
      'a key for other APIs, of unknown services',
      { ...othersOnly, gemini: 'unknown' },
      always('not-affected'),
    ],
    ['an auth key', { ...geminiOnly, ...auth }, always('compliant')],
    ['an unrestricted auth key', auth, always('compliant')],
    ['an auth key where the API is off', { ...auth, gemini: 'off' }, always('compliant')],
    ['an auth key of unknown services', { ...auth, gemini: 'unknown' }, always('compliant')],
    ['a standard key where the API is off', { gemini: 'off' }, always('latent')],
    ['a key of unknown type where the API is off', { gemini: 'off', type: 'unknown' }, always('latent')],
    ['a key of unknown type', { type: 'unknown' }, always('unknown')],
    ['a standard key of unknown services', { gemini: 'unknown' }, always('unknown')],
    ['a key of unknown type and services', { type: 'unknown', gemini: 'unknown' }, always('unknown')],
    ['a deleted standard key', deleted, always('deleted')],
    [
      'a deleted key of unknown type and services',
      { ...deleted, type: 'unknown', gemini: 'unknown' },
      always('deleted'),
    ],
    ['a deleted key for other APIs', { ...othersOnly, ...deleted }, always('deleted')],
    ['a malformed key', { key: { flaw: 'uid is missing' } }, always('unknown')],
    ['a malformed key for other APIs', { ...othersOnly, key: { flaw: 'uid is missing' } }, always('unknown')],
    ['a malformed auth key', { key: { ...auth.key, flaw: 'uid is missing' } }, always('unknown')],
    ['a malformed deleted key', { key: { ...deleted.key, flaw: 'uid is missing' } }, always('unknown')],
  ]
  for (const [what, key, verdicts] of keys) {
    for (const [index, asOf] of DAYS.entries()) {
      it(`for ${what} on ${asOf} is ${verdicts[index]}`, () => {
        assert.equal(judge(facts(key), builtInPolicy(), day(asOf)).verdict, verdicts[index])
      })
    }
  }
})

describe('A verdict', () => {
  const byRules: readonly Verdict[] = ['overdue', 'due', 'exempt']
  for (const verdict of VERDICTS) {
    it(`${verdict} is ${byRules.includes(verdict) ? 'made' : 'not made'} by rules`, () => {
      assert.equal(isByRules({ verdict, findings: [], notes: [] }), byRules.includes(verdict))
    })
  }
})

describe('The findings on a key', () => {
  const daysAndStates = (findings: readonly Finding[]) =>
    findings.map(({ rule, deadline, status, daysLeft, state }) => [rule, deadline, status, daysLeft, state])

  it('are one for every rule that applies, with its deadline and the days to it', () => {
    assert.deepEqual(
      daysAndStates(judge(facts({ usage: usage() }), builtInPolicy(), day('2026-06-18')).findings),
      [
        ['dormant-key', '2026-05-07', 'in-force', -42, 'overdue'],
        ['unrestricted-key', '2026-06-19', 'in-force', 1, 'due'],
        ['standard-key', '2026-09-01', 'announced', 75, 'due'],
      ],
    )
  })

  it('are overdue from the day of the deadline on', () => {
    assert.deepEqual(daysAndStates(judge(facts(geminiOnly), builtInPolicy(), day('2026-09-01')).findings), [
      ['standard-key', '2026-09-01', 'announced', 0, 'overdue'],
    ])
  })

  const without: readonly [what: string, key: Difference][] = [
    ['deleted', deleted],
    ['not affected', othersOnly],
    ['compliant', auth],
    ['latent', { gemini: 'off' }],
    ['of unknown type', { type: 'unknown' }],
    ['malformed', { key: { flaw: 'uid is missing' } }],
  ]
  for (const [what, key] of without) {
    it(`are none when it is ${what}`, () => {
      assert.deepEqual(judge(facts(key), builtInPolicy(), TODAY).findings, [])
    })
  }

  it('say that an auth key is unrestricted, and nothing of a restricted one', () => {
    assert.deepEqual(judge(facts(auth), builtInPolicy(), TODAY).notes, ['unrestricted-auth-key'])
    assert.deepEqual(judge(facts({ ...auth, ...geminiOnly }), builtInPolicy(), TODAY).notes, [])
    const andOthers = { ...auth, restrictions: { apiTargets: targets(MAPS, GEMINI) } }
    assert.deepEqual(judge(facts(andOthers), builtInPolicy(), TODAY).notes, [])
    assert.deepEqual(judge(facts({ gemini: 'off' }), builtInPolicy(), TODAY).notes, [])
    assert.deepEqual(judge(facts(), builtInPolicy(), TODAY).notes, [])
  })
})

const exemption = (difference: Partial<Exemption> = {}): Exemption => ({
  kind: 'exemption',
  subject: 'projects/acme-web',
  rules: ['standard-key'],
  until: TODAY,
  reason: 'vendor',
  approvedBy: 'ciso@example.com',
  ...difference,
})

const exempting = (...exemptions: readonly Exemption[]): Policy => ({ ...builtInPolicy(), exemptions })

describe('An exemption', () => {
  it('makes a key exempt whose every finding it covers, and leaves the findings', () => {
    const judgement = judge(facts(geminiOnly), exempting(exemption()), TODAY)
    assert.equal(judgement.verdict, 'exempt')
    assert.deepEqual(
      judgement.findings.map(({ rule, state }) => [rule, state]),
      [['standard-key', 'overdue']],
    )
    assert.deepEqual(judgement.exemption, {
      rules: ['standard-key'],
      until: TODAY,
      reason: 'vendor',
      approvedBy: 'ciso@example.com',
    })
  })

  it('holds on its last day and not on the next', () => {
    const policy = exempting(exemption({ until: day('2026-11-23') }))
    assert.equal(judge(facts(geminiOnly), policy, day('2026-11-23')).verdict, 'exempt')
    const after = judge(facts(geminiOnly), policy, day('2026-11-24'))
    assert.equal(after.verdict, 'overdue')
    assert.equal(after.exemption, undefined)
  })

  it('leaves a key overdue by another rule', () => {
    const { verdict, exemption: held } = judge(facts(), exempting(exemption()), TODAY)
    assert.equal(verdict, 'overdue')
    assert.deepEqual(held?.rules, ['standard-key'])
  })

  it('leaves a key due by another rule', () => {
    const policy = exempting(exemption({ rules: ['unrestricted-key'] }))
    assert.equal(judge(facts(), policy, day('2026-08-31')).verdict, 'due')
  })

  it('is left out for a key that needs none', () => {
    for (const key of [auth, othersOnly, deleted, { gemini: 'off' }, { type: 'unknown' }] as const) {
      assert.equal(judge(facts(key), exempting(exemption()), TODAY).exemption, undefined)
    }
    const forAnotherRule = exempting(exemption({ rules: ['dormant-key'] }))
    assert.equal(judge(facts(geminiOnly), forAnotherRule, TODAY).exemption, undefined)
  })

  it('adds up with others: their rules together, until the first of them ends', () => {
    const policy = exempting(
      exemption({ until: day('2027-01-31') }),
      exemption({
        subject: 'folders/7',
        rules: ['dormant-key', 'unrestricted-key'],
        until: day('2026-12-31'),
        reason: 'freeze',
      }),
      exemption({ subject: 'projects/other', rules: ['unrestricted-key'], until: day('2026-11-30') }),
    )
    assert.deepEqual(judge(facts(), policy, TODAY), {
      ...judge(facts(), builtInPolicy(), TODAY),
      exemptionsNeeded: policy.exemptions.slice(0, 2),
      verdict: 'exempt',
      exemption: {
        rules: ['dormant-key', 'unrestricted-key', 'standard-key'],
        until: '2026-12-31',
        reason: 'vendor; freeze',
        approvedBy: 'ciso@example.com',
      },
    })
  })
})

describe('A deadline of the policy', () => {
  const moved = (rule: 'standard-key' | 'unrestricted-key', date: string): Policy => ({
    ...builtInPolicy(),
    deadlines: {
      ...GOOGLE_DEADLINES,
      [rule]: { ...GOOGLE_DEADLINES[rule], date: date === 'none' ? date : day(date) },
    },
  })

  it('is compared instead of Google’s', () => {
    assert.equal(judge(facts(geminiOnly), moved('standard-key', '2026-11-24'), TODAY).verdict, 'due')
    assert.equal(judge(facts(geminiOnly), moved('standard-key', '2026-11-23'), TODAY).verdict, 'overdue')
  })

  it('of none switches the rule off: no finding, and exempt when nothing else applies', () => {
    const off = judge(facts(geminiOnly), moved('standard-key', 'none'), TODAY)
    assert.deepEqual(off, { verdict: 'exempt', findings: [], notes: [] })
    const other = judge(facts(), moved('unrestricted-key', 'none'), TODAY)
    assert.equal(other.verdict, 'overdue')
    assert.deepEqual(
      other.findings.map(({ rule }) => rule),
      ['standard-key'],
    )
  })
})

describe('A key of unknown type', () => {
  const cases: readonly [what: string, key: Difference, asOf: string, ifStandard: Verdict | undefined][] = [
    ['without API restriction', { type: 'unknown' }, '2026-06-18', 'due'],
    ['without API restriction', { type: 'unknown' }, '2026-06-19', 'overdue'],
    ['for the Gemini API', { ...geminiOnly, type: 'unknown' }, '2026-08-31', 'due'],
    ['for the Gemini API', { ...geminiOnly, type: 'unknown' }, '2026-09-01', 'overdue'],
    ['and of unknown services', { type: 'unknown', gemini: 'unknown' }, '2026-11-23', undefined],
    ['where the API is off', { type: 'unknown', gemini: 'off' }, '2026-11-23', undefined],
    ['for other APIs', { ...othersOnly, type: 'unknown' }, '2026-11-23', undefined],
    ['that was deleted', { ...deleted, type: 'unknown' }, '2026-11-23', undefined],
    ['that is malformed', { type: 'unknown', key: { flaw: 'uid is missing' } }, '2026-11-23', undefined],
    ['that is standard after all', {}, '2026-11-23', undefined],
    ['that is an auth key after all', { ...auth, type: 'unknown' }, '2026-11-23', undefined],
  ]
  for (const [what, key, asOf, ifStandard] of cases) {
    it(`${what} would be ${ifStandard ?? 'no other'} as a standard key on ${asOf}`, () => {
      assert.equal(judge(facts(key), builtInPolicy(), day(asOf)).ifStandard, ifStandard)
    })
  }

  it('would be exempt by an exemption from all rules, and needs that', () => {
    const exemption: Exemption = {
      kind: 'exemption',
      subject: 'projects/acme-web',
      rules: ['unrestricted-key', 'standard-key'],
      until: day('2026-12-31'),
      reason: 'vendor SDK',
      approvedBy: 'ciso@example.com',
    }
    const policy = { ...builtInPolicy(), exemptions: [exemption] }
    const judgement = judge(facts({ type: 'unknown' }), policy, TODAY)
    assert.equal(judgement.verdict, 'unknown')
    assert.equal(judgement.ifStandard, 'exempt')
    assert.deepEqual(judgement.exemptionsNeeded, [exemption])
  })
})

describe('The notes on a key', () => {
  const open = { allowedReferrers: ['*'] }
  const before = instant('2023-03-13T23:59:59.999Z')
  const after = instant('2023-03-14T00:00:00Z')
  const cases: readonly [what: string, key: Difference, notes: readonly string[]][] = [
    ['with nothing to note', {}, []],
    ['an unrestricted auth key', auth, ['unrestricted-auth-key']],
    ['a restricted auth key', { ...auth, ...geminiOnly }, []],
    ['for every website', { restrictions: open }, ['open-client-restriction']],
    ['for one website', { restrictions: { allowedReferrers: ['acme.example'] } }, []],
    [
      'for every address',
      { restrictions: { allowedIps: ['192.0.2.1', '::/0'] } },
      ['open-client-restriction'],
    ],
    ['made before the Gemini API', { key: { createTime: before } }, ['made-before-gemini']],
    ['made on its first day', { key: { createTime: after } }, []],
    ['of another API, made before', { ...othersOnly, key: { createTime: before } }, ['made-before-gemini']],
    [
      'of all kinds',
      { key: { ...auth.key, createTime: before }, restrictions: open },
      ['unrestricted-auth-key', 'open-client-restriction', 'made-before-gemini'],
    ],
    ['that is malformed', { key: { flaw: 'uid is missing', createTime: before }, restrictions: open }, []],
  ]
  for (const [what, key, notes] of cases) {
    it(`${what} are ${notes.join(', ') || 'none'}`, () => {
      assert.deepEqual(judge(facts(key), builtInPolicy(), TODAY).notes, notes)
    })
  }
})
