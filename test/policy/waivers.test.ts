import assert from 'node:assert/strict'
import type { Gap, Project } from '../../src/model.js'
import { GOOGLE_DEADLINES } from '../../src/policy/deadlines.js'
import { judge } from '../../src/policy/judge.js'
import {
  builtInPolicy,
  type Exclusion,
  type Exemption,
  type KnownGap,
  type Override,
  type Policy,
  type Waiver,
} from '../../src/policy/policy.js'
import { exclusionFor, exemptionsFor, knownGapFor, summarizeWaivers } from '../../src/policy/waivers.js'
import { gapSaying } from '../gaps.js'
import { type Difference, day, facts, instant, PROJECT, TODAY, targets } from './keys.js'

const decision = { until: day('2027-01-31'), reason: 'because', approvedBy: 'ciso@example.com' }
const policy = (parts: Partial<Policy>): Policy => ({ ...builtInPolicy(), ...parts })
const exclusion = (subject: string, until = '2027-01-31'): Exclusion => ({
  kind: 'exclusion',
  subject,
  ...decision,
  until: day(until),
})
const exemption = (subject: string, difference: Partial<Exemption> = {}): Exemption => ({
  kind: 'exemption',
  subject,
  rules: ['standard-key'],
  ...decision,
  ...difference,
})
const known = (subject: string, difference: Partial<KnownGap> = {}): KnownGap => ({
  kind: 'known-gap',
  subject,
  missing: 'usage',
  ...decision,
  ...difference,
})

describe('An exclusion', () => {
  const subjects: readonly [subject: string, excludes: boolean][] = [
    ['projects/acme-web', true],
    ['projects/123', true],
    ['folders/1', true],
    ['folders/7', true],
    ['projects/acme', false],
    ['projects/12', false],
    ['folders/2', false],
  ]
  for (const [subject, excludes] of subjects) {
    it(`of ${subject} ${excludes ? 'leaves out' : 'does not leave out'} acme-web`, () => {
      const entry = exclusion(subject)
      assert.equal(exclusionFor(policy({ exclude: [entry] }), PROJECT, TODAY), excludes ? entry : undefined)
    })
  }

  it('holds on its last day and not on the next', () => {
    const ending = policy({ exclude: [exclusion('projects/acme-web', '2026-11-23')] })
    assert.ok(exclusionFor(ending, PROJECT, day('2026-11-23')))
    assert.equal(exclusionFor(ending, PROJECT, day('2026-11-24')), undefined)
  })
})

describe('An exemption', () => {
  const subjects: readonly [subject: string, covers: boolean][] = [
    ['projects/123/locations/global/keys/abc', true],
    ['projects/acme-web/locations/global/keys/abc', true],
    ['projects/123', true],
    ['projects/acme-web', true],
    ['folders/1', true],
    ['folders/7', true],
    ['projects/123/locations/global/keys/ab', false],
    ['projects/124/locations/global/keys/abc', false],
    ['projects/other', false],
    ['folders/8', false],
  ]
  for (const [subject, covers] of subjects) {
    it(`for ${subject} ${covers ? 'covers' : 'does not cover'} the key abc of acme-web`, () => {
      const entry = exemption(subject)
      assert.deepEqual(exemptionsFor(facts(), policy({ exemptions: [entry] }), TODAY), covers ? [entry] : [])
    })
  }

  it('covers a key whose project’s ID holds what replacements take for a pattern', () => {
    const project: Partial<Project> = { id: 'a$&b' }
    const entry = exemption('projects/a$&b/locations/global/keys/abc')
    assert.deepEqual(exemptionsFor(facts({ project }), policy({ exemptions: [entry] }), TODAY), [entry])
  })

  const needed: readonly [what: string, key: Difference, rules: Exemption['rules'], isNeeded: boolean][] = [
    ['a key with a finding of its rule', {}, ['standard-key'], true],
    ['a key with findings of other rules', {}, ['dormant-key'], false],
    ['a key of unknown type', { type: 'unknown' }, ['dormant-key'], true],
    ['a key where the Gemini API is off', { gemini: 'off' }, ['standard-key'], true],
    ['an auth key', { type: 'auth' }, ['standard-key'], false],
    [
      'a key for other APIs',
      { restrictions: { apiTargets: targets('x.googleapis.com') } },
      ['standard-key'],
      false,
    ],
    ['a deleted key', { key: { deleteTime: instant('2026-11-01T00:00:00Z') } }, ['standard-key'], false],
  ]
  for (const [what, key, rules, isNeeded] of needed) {
    it(`${isNeeded ? 'is' : 'is not'} needed by ${what}`, () => {
      const entry = exemption('projects/acme-web', { rules })
      const exempting = policy({ exemptions: [entry] })
      const { exemptionsNeeded } = judge(facts(key), exempting, TODAY)
      assert.deepEqual(exemptionsNeeded, isNeeded ? [entry] : undefined)
    })
  }
})

describe('A known gap', () => {
  const gap = (subject: string, missing: Gap['missing'] = 'usage'): Gap =>
    gapSaying({ missing, subject, reason: 'PERMISSION_DENIED', because: 'denied', fix: 'grant' })
  const cases: readonly [subject: string, gap: Gap, project: Project | undefined, isKnown: boolean][] = [
    ['projects/123', gap('projects/123'), undefined, true],
    ['projects/123', gap('projects/123', 'keys'), undefined, false],
    ['projects/12', gap('projects/123'), undefined, false],
    ['projects/acme-web', gap('projects/123'), PROJECT, true],
    ['projects/acme-web', gap('projects/123'), undefined, false],
    ['folders/7', gap('projects/123'), PROJECT, true],
    ['organizations/9', gap('projects/123'), PROJECT, true],
    ['folders/8', gap('projects/123'), PROJECT, false],
    ['projects/123', gap('projects/123/locations/global/keys/abc'), undefined, true],
    [
      'projects/123/locations/global/keys/abc',
      gap('projects/123/locations/global/keys/abc'),
      undefined,
      true,
    ],
    ['projects/123/locations/global/keys/abc', gap('projects/123'), undefined, false],
    ['organizations/9', gap('organizations/9'), undefined, true],
  ]
  for (const [subject, each, project, isKnown] of cases) {
    const where = project === undefined ? '' : ' of a project that is known'
    it(`of ${subject} ${isKnown ? 'is' : 'is not'} the gap of ${each.missing} at ${each.subject}${where}`, () => {
      const entry = known(subject)
      assert.equal(
        knownGapFor(policy({ knownGaps: [entry] }), each, TODAY, project),
        isKnown ? entry : undefined,
      )
    })
  }

  it('is known on its last day and not on the next', () => {
    const ending = policy({ knownGaps: [known('projects/123', { until: day('2026-11-23') })] })
    assert.ok(knownGapFor(ending, gap('projects/123'), day('2026-11-23')))
    assert.equal(knownGapFor(ending, gap('projects/123'), day('2026-11-24')), undefined)
  })
})

describe('The summary of waivers', () => {
  const override = (until?: string): Override => ({
    kind: 'deadline',
    deadline: GOOGLE_DEADLINES['standard-key'],
    reason: 'because',
    approvedBy: 'ciso@example.com',
    ...(until !== undefined && { until: day(until) }),
  })
  const cases: readonly [waiver: Waiver, isMatched: boolean, state: string][] = [
    [exemption('projects/a', { until: day('2026-12-08') }), true, 'holding'],
    [exemption('projects/a', { until: day('2026-12-07') }), true, 'endingSoon'],
    [exemption('projects/a', { until: day('2026-11-23') }), true, 'endingSoon'],
    [exemption('projects/a', { until: day('2026-11-22') }), true, 'ended'],
    [exemption('projects/a', { until: day('2026-11-22') }), false, 'ended'],
    [exemption('projects/a', { until: day('2026-11-23') }), false, 'unmatched'],
    [exemption('projects/a'), false, 'unmatched'],
    [exclusion('projects/a'), true, 'holding'],
    [exclusion('projects/a'), false, 'unmatched'],
    [known('projects/a'), true, 'holding'],
    [known('projects/a', { until: day('2026-12-07') }), true, 'endingSoon'],
    [known('projects/a'), false, 'unmatched'],
    [override('2026-12-08'), false, 'holding'],
    [override('2026-12-07'), false, 'endingSoon'],
    [override('2026-11-22'), false, 'ended'],
    [override(), false, 'holding'],
  ]
  for (const [waiver, isMatched, state] of cases) {
    const used = isMatched ? 'used' : 'unused'
    it(`on 2026-11-23 counts as ${state}: ${waiver.kind} to ${waiver.until ?? 'no end'}, ${used}`, () => {
      const lists = {
        deadline: 'overrides',
        exclusion: 'exclude',
        exemption: 'exemptions',
        'known-gap': 'knownGaps',
      } as const
      const of = policy({ [lists[waiver.kind]]: [waiver] })
      const summary = summarizeWaivers(of, new Set(isMatched ? [waiver] : []), TODAY)
      assert.deepEqual(summary, { holding: [], endingSoon: [], ended: [], unmatched: [], [state]: [waiver] })
    })
  }
})
