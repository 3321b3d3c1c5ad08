import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { VERDICTS } from '../../src/model.js'
import type { Judgement } from '../../src/policy/judgement-types.js'
import { RULES } from '../../src/policy/rules.js'
import { hasStopped, TRAFFIC, type Traffic } from '../../src/policy/traffic-classes.js'
import { pressingFinding } from '../../src/records/findings.js'
import type { KeyRecord } from '../../src/records/key-record.js'
import type { RecordedUsage } from '../../src/records/recorded-usage.js'
import { byUrgency } from '../../src/records/urgency.js'
import { day, FACTS, finding, OVERDUE, PROJECT, record } from '../report/samples.js'

/** What the traffic of a key shows, with so many calls accepted in the last 7 days, or in the last 7 before it stopped. */
function seen(traffic: Traffic, calls = 0): RecordedUsage {
  if (traffic === 'unknown') return { unknown: 'not read' }
  const stopped = hasStopped(traffic)
  const gemini = { accepted: 9_000, refused: 0, failed: 0, acceptedLately: stopped ? 0 : calls }
  return {
    ...{ since: day('2026-10-12'), traffic, gemini, services: [] },
    ...(stopped && { stoppedOn: day('2026-11-20'), lostWeekly: calls }),
  }
}

const anyKey: fc.Arbitrary<KeyRecord> = fc
  .record({
    verdict: fc.constantFrom(...VERDICTS),
    traffic: fc.constantFrom(...TRAFFIC),
    calls: fc.nat({ max: 2 }),
    rules: fc.uniqueArray(fc.constantFrom(...RULES)),
    project: fc.constantFrom('a', 'b'),
    uid: fc.constantFrom('1', '2'),
    exempt: fc.uniqueArray(fc.constantFrom(...RULES)),
  })
  .map(({ verdict, traffic, calls, rules, project, uid, exempt }) => ({
    ...named(
      uid,
      {
        verdict,
        findings: rules.map((rule) => finding(rule)),
        exemption: { rules: exempt, until: day('2026-12-31'), reason: 'r', approvedBy: 'a' },
      },
      project,
    ),
    usage: seen(traffic, calls),
  }))

function named(uid: string, judgement: Partial<Judgement>, project = 'acme-web'): KeyRecord {
  return record(
    { uid },
    { judgement: { ...OVERDUE, ...judgement }, facts: { ...FACTS, project: { ...PROJECT, id: project } } },
  )
}

const calling = (uid: string, usage: RecordedUsage, judgement: Partial<Judgement> = {}) => ({
  ...named(uid, judgement),
  usage,
})

function assertOrder(keys: readonly KeyRecord[]): void {
  const sorted = keys.toReversed().sort(byUrgency)
  assert.deepEqual(
    sorted.map(({ key }) => key.uid),
    keys.map(({ key }) => key.uid),
  )
}

const DUE: Partial<Judgement> = { verdict: 'due', findings: [finding('standard-key', { state: 'due' })] }
const UNJUDGED: Partial<Judgement> = { verdict: 'unknown', findings: [] }

describe('urgency', () => {
  it('puts what has stopped first, then what can stop any day, and what nobody calls last', () => {
    assertOrder([
      calling('stopped', seen('newly-refused')),
      calling('works, much called', seen('accepted', 1_000)),
      calling('works, less called', seen('accepted', 999)),
      calling('worked', seen('accepted-earlier')),
      calling('refused', seen('only-refused')),
      calling('failed', seen('only-failed')),
      calling('traffic unknown', seen('unknown')),
      calling('others only', seen('other-services')),
      calling('idle', seen('none')),
    ])
  })

  it('asks for traffic before it asks for the verdict, among affected keys', () => {
    assertOrder([
      calling('due, stopped', seen('newly-refused', 1), DUE),
      calling('overdue, works', seen('accepted', 1)),
      calling('unjudged, works', seen('accepted', 2), UNJUDGED),
      calling('overdue, idle', seen('none')),
      calling('exempt, stopped', seen('newly-refused'), { verdict: 'exempt' }),
    ])
  })

  it('puts the stopped ones in the order of the calls that they lost, refused or failing', () => {
    assertOrder([
      calling('d: failing', seen('newly-failing', 900)),
      calling('c: refused', seen('newly-refused', 800)),
      calling('b: failing', seen('newly-failing', 700)),
      calling('a: works', seen('accepted', 1_000)),
    ])
  })

  it('puts what works past a deadline in force before what works past an announced one, or before any', () => {
    const announced = { findings: [finding('standard-key', { status: 'announced' })] }
    assertOrder([
      calling('c: in force', seen('accepted', 1)),
      calling('b: announced', seen('accepted', 3), announced),
      calling('a: due', seen('accepted', 2), DUE),
    ])
  })

  it('counts no calls of what nothing calls any more', () => {
    assertOrder([
      calling('c: worked', seen('accepted-earlier', 3)),
      calling('d: worked', seen('accepted-earlier', 4)),
    ])
  })

  it('settles ties by rule and deadline, then by project and uid, and puts keys without a rule behind', () => {
    assertOrder([
      named('dormant', { findings: [finding('dormant-key'), finding('standard-key')] }),
      named('unrestricted-a', {}, 'a'),
      named('unrestricted-b', {}, 'b'),
      named('unrestricted-c', {}, 'b'),
      named('standard', { findings: [finding('standard-key')] }),
      named('due-early', {
        verdict: 'due',
        findings: [finding('standard-key', { state: 'due', deadline: day('2027-01-01') })],
      }),
      named('due-late', {
        verdict: 'due',
        findings: [finding('standard-key', { state: 'due', deadline: day('2027-02-01') })],
      }),
      ...VERDICTS.slice(2).map((verdict) => named(verdict, { verdict, findings: [] })),
    ])
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
      { numRuns: 2000 },
    )
  })

  it('is the same for records that were remembered', () => {
    fc.assert(
      fc.property(anyKey, anyKey, (one, other) => {
        const again = (key: KeyRecord): KeyRecord => JSON.parse(JSON.stringify(key))
        assert.equal(byUrgency(again(one), again(other)), byUrgency(one, other))
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
