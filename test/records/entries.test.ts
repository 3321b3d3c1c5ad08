import assert from 'node:assert/strict'
import type { Judgement } from '../../src/policy/judgement-types.js'
import { canonical, sha256 } from '../../src/records/canonical.js'
import { deliveryRecord } from '../../src/records/delivery-record.js'
import { entryOf, type Severity, severityOf } from '../../src/records/entries.js'
import { policyRecords } from '../../src/records/policy-record.js'
import { failedRunRecord, type RunRecord } from '../../src/records/run-record.js'
import { day, FACTS, finding, GAP, gathered, judged, OVERDUE, RUN, record, runOf } from '../report/samples.js'

const key = (judgement: Partial<Judgement>) => record({}, { judgement: { ...OVERDUE, ...judgement } })
const announced = { findings: [finding('standard-key')] }
const exemption = (...rules: readonly 'unrestricted-key'[]) => ({
  exemption: { rules, until: day('2026-12-31'), reason: 'r', approvedBy: 'a' },
})
const run = (judgement: Partial<Judgement>, gaps = [GAP].slice(1)): RunRecord =>
  runOf([judged({ judgement: { ...OVERDUE, ...judgement } })], gaps)
const tool = { name: 'gemini-key-audit', version: '0.1.0' }

describe('a log entry', () => {
  it('has the digest of its canonical payload as its id', () => {
    const payload = record()
    assert.equal(entryOf(payload).insertId, sha256(canonical(payload)))
    assert.equal(entryOf(JSON.parse(canonical(payload))).insertId, entryOf(payload).insertId)
    assert.notEqual(entryOf(record({ displayName: 'other' })).insertId, entryOf(payload).insertId)
    assert.equal(entryOf(payload, 'known').insertId, 'known')
  })

  it('is stamped with the run’s time and labelled with what it is', () => {
    assert.equal(entryOf(record()).timestamp, '2026-11-23T07:00:00Z')
    const labels = { audit: 'acme', run: '2026-11-23T07:00:00Z' }
    assert.deepEqual(entryOf(record()).labels, {
      ...labels,
      record: 'key',
      verdict: 'overdue',
      type: 'standard',
      project: 'acme-web',
    })
    const [gap] = gathered([GAP]).records(RUN)
    assert.ok(gap)
    assert.deepEqual(entryOf(gap).labels, { ...labels, record: 'gap' })
    assert.deepEqual(entryOf(run({})).labels, { ...labels, record: 'run' })
  })

  it('has a short label for a long project', () => {
    const long = record({}, { facts: { ...FACTS, project: { ...FACTS.project, id: 'x'.repeat(5_000) } } })
    assert.equal(entryOf(long).labels['project']?.length, 256)
  })

  const severities: readonly [string, Parameters<typeof severityOf>[0], Severity][] = [
    ['a key overdue by a rule in force', key({}), 'ERROR'],
    ['a key overdue by an announced rule', key(announced), 'WARNING'],
    [
      'a key overdue by an announced rule, exempt from the one in force',
      key(exemption('unrestricted-key')),
      'WARNING',
    ],
    [
      'a due key',
      key({ verdict: 'due', findings: [finding('unrestricted-key', { state: 'due' })] }),
      'WARNING',
    ],
    ['a key that could not be judged', key({ verdict: 'unknown', findings: [] }), 'WARNING'],
    ['an exempt key', key({ verdict: 'exempt', ...exemption('unrestricted-key') }), 'INFO'],
    ['a latent key', key({ verdict: 'latent', findings: [] }), 'INFO'],
    ['a compliant key', key({ verdict: 'compliant', findings: [] }), 'INFO'],
    ['a deleted key', key({ verdict: 'deleted', findings: [] }), 'INFO'],
    ['a run with its worst key in force', run({}), 'ERROR'],
    ['a run with its worst key announced', run(announced), 'WARNING'],
    ['a run with a key that could not be judged', run({ verdict: 'unknown', findings: [] }), 'WARNING'],
    ['a run with nothing to do', run({ verdict: 'compliant', findings: [] }), 'INFO'],
    ['an incomplete run with nothing to do', run({ verdict: 'compliant', findings: [] }, [GAP]), 'WARNING'],
    ['a failed run', failedRunRecord(RUN, RUN.reading, 'why', tool), 'ERROR'],
    ['a gap', gathered([GAP]).records(RUN)[0] ?? record(), 'WARNING'],
    ['a policy', policyRecords({ source: 's', text: 't' }, RUN)[0] ?? record(), 'INFO'],
    ['a delivery', deliveryRecord(RUN, { to: 'slack:C1', result: 'delivered', at: RUN.time }), 'INFO'],
    ['a failed delivery', deliveryRecord(RUN, { to: 'slack:C1', result: 'failed', at: RUN.time }), 'ERROR'],
  ]
  for (const [what, payload, severity] of severities) {
    it(`of ${what} is ${severity}`, () => assert.equal(severityOf(payload), severity))
  }
})
