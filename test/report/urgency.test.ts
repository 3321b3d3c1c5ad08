import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { type Judgement, RULES, VERDICTS } from '../../src/model.js'
import { pressingFinding } from '../../src/report/findings.js'
import type { KeyRecord } from '../../src/report/key-record.js'
import { byUrgency } from '../../src/report/urgency.js'
import { day, FACTS, finding, OVERDUE, PROJECT, record } from './samples.js'

const anyKey: fc.Arbitrary<KeyRecord> = fc
  .record({
    verdict: fc.constantFrom(...VERDICTS),
    rules: fc.uniqueArray(fc.constantFrom(...RULES)),
    project: fc.constantFrom('a', 'b'),
    uid: fc.constantFrom('1', '2'),
    exempt: fc.uniqueArray(fc.constantFrom(...RULES)),
  })
  .map(({ verdict, rules, project, uid, exempt }) =>
    record(
      { uid },
      {
        facts: { ...FACTS, project: { ...PROJECT, id: project } },
        judgement: {
          verdict,
          findings: rules.map((rule) => finding(rule)),
          notes: [],
          exemption: { rules: exempt, until: day('2026-12-31'), reason: 'r', approvedBy: 'a' },
        },
      },
    ),
  )

const named = (uid: string, judgement: Partial<Judgement>, project = 'acme-web') =>
  record(
    { uid },
    { judgement: { ...OVERDUE, ...judgement }, facts: { ...FACTS, project: { ...PROJECT, id: project } } },
  )

describe('urgency', () => {
  it('puts verdicts first, then rules and deadlines, then project and uid', () => {
    const keys = [
      named('overdue-dormant', { findings: [finding('dormant-key'), finding('standard-key')] }),
      named('overdue-unrestricted-a', {}, 'a'),
      named('overdue-unrestricted-b', {}, 'b'),
      named('overdue-unrestricted-c', {}, 'b'),
      named('overdue-standard', { findings: [finding('standard-key')] }),
      named('due-early', {
        verdict: 'due',
        findings: [finding('standard-key', { state: 'due', deadline: day('2027-01-01') })],
      }),
      named('due-late', {
        verdict: 'due',
        findings: [finding('standard-key', { state: 'due', deadline: day('2027-02-01') })],
      }),
      ...VERDICTS.slice(2).map((verdict) => named(verdict, { verdict, findings: [] })),
    ]
    const sorted = keys.toReversed().sort(byUrgency)
    assert.deepEqual(
      sorted.map(({ key }) => key.uid),
      keys.map(({ key }) => key.uid),
    )
  })

  it('is a total order: antisymmetric, transitive, and only the same key is as urgent', () => {
    fc.assert(
      fc.property(anyKey, anyKey, anyKey, (one, other, third) => {
        assert.equal(Math.sign(byUrgency(one, other)), -Math.sign(byUrgency(other, one)) || 0)
        if (byUrgency(one, other) <= 0 && byUrgency(other, third) <= 0) assert.ok(byUrgency(one, third) <= 0)
        if (byUrgency(one, other) === 0) {
          assert.deepEqual([one.key.uid, one.key.project.id], [other.key.uid, other.key.project.id])
        }
      }),
    )
  })

  it('takes for the pressing finding the one in force before the announced one, overdue before due', () => {
    const announced = finding('standard-key', { deadline: day('2026-01-01') })
    const inForce = finding('unrestricted-key', { deadline: day('2026-02-01') })
    const due = finding('dormant-key', { state: 'due', status: 'in-force' })
    const judgement = { verdict: 'overdue' as const, findings: [due, announced, inForce], notes: [] }
    assert.equal(pressingFinding(judgement)?.rule, 'unrestricted-key')
    assert.equal(
      pressingFinding({
        ...judgement,
        exemption: { rules: ['unrestricted-key'], until: day('2026-12-31'), reason: 'r', approvedBy: 'a' },
      })?.rule,
      'standard-key',
    )
    assert.equal(pressingFinding({ ...judgement, verdict: 'unknown' }), undefined)
  })
})
