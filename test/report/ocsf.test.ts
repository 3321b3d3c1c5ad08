import assert from 'node:assert/strict'
import type { GapRecord } from '../../src/records/gap-record.js'
import type { KeyRecord } from '../../src/records/key-record.js'
import { ocsf } from '../../src/report/ocsf.js'
import { assertGolden } from '../golden.js'
import { findingsIn } from './ocsf-forms.js'
import { GAP, gathered, instant, RUN, record, runOf } from './samples.js'

async function findings(keys: readonly KeyRecord[], gaps: readonly GapRecord[] = []) {
  async function* each() {
    yield* keys
  }
  let text = ''
  for await (const part of ocsf(runOf([]), each(), gaps)) text += part
  return findingsIn(text)
}

const overdue = record()
const exemption = {
  rules: ['unrestricted-key', 'standard-key'] as const,
  until: '2026-12-31' as KeyRecord['asOf'],
  reason: 'vendor SDK',
  approvedBy: 'ciso@example.com',
}

describe('OCSF', () => {
  it('has a finding for each affected or exempt key, and for no other', async () => {
    const verdicts = [
      'overdue',
      'due',
      'unknown',
      'exempt',
      'latent',
      'compliant',
      'not-affected',
      'deleted',
    ] as const
    const written = await findings(verdicts.map((verdict) => ({ ...overdue, verdict })))
    assert.deepEqual(
      written.map(({ status_code }) => status_code),
      ['overdue', 'due', 'unknown', 'exempt'],
    )
  })

  it('says rule, deadline, source, controls, owner and what to do', async () => {
    assertGolden('report/ocsf.json', `${JSON.stringify((await findings([overdue]))[0], null, 2)}\n`)
  })

  it('is as loud as the record in Cloud Logging', async () => {
    const loud = await findings([
      overdue,
      { ...overdue, verdict: 'due' },
      { ...overdue, verdict: 'exempt', exemption },
    ])
    assert.deepEqual(
      loud.map(({ severity }) => severity),
      ['High', 'Medium', 'Informational'],
    )
  })

  it('suppresses an exempt key with who approved it, until when and why', async () => {
    const [finding] = await findings([{ ...overdue, verdict: 'exempt', exemption }])
    assert.equal(finding.status, 'Suppressed')
    assert.equal(finding.status_detail, 'Exempt until 2026-12-31, approved by ciso@example.com: vendor SDK')
  })

  it('of a key that could not be judged warns of no failure', async () => {
    const [finding] = await findings([{ ...overdue, verdict: 'unknown', findings: [] }])
    assert.equal(finding.compliance.status, 'Warning')
  })

  it('creates what is new, updates what was there, and keeps its ID from run to run', async () => {
    const before = instant('2026-11-20T07:00:00Z')
    const [made] = await findings([{ ...overdue, change: 'new', firstSeen: overdue.run }])
    const [kept] = await findings([
      { ...overdue, run: instant('2026-11-24T07:00:00Z'), change: 'same', firstSeen: before },
    ])
    assert.deepEqual([made.activity_name, kept.activity_name], ['Create', 'Update'])
    assert.equal(made.finding_info.uid, kept.finding_info.uid)
    assert.notEqual(made.metadata.uid, kept.metadata.uid)
    assert.equal(kept.finding_info.first_seen_time, Date.parse(before))
  })

  it('has a finding for each gap, suppressed where the policy knows it', async () => {
    const [known] = gathered([GAP]).records(RUN)
    assert.ok(known)
    const written = await findings([], [known, { ...known, known: true }])
    assert.deepEqual(
      written.map(({ status, severity, compliance }) => [status, severity, compliance.status]),
      [
        ['New', 'Medium', 'Warning'],
        ['Suppressed', 'Medium', 'Warning'],
      ],
    )
    assert.deepEqual(written[0].resources[0].uid, 'projects/456')
  })

  it('leaves no control character in a name', async () => {
    let text = ''
    async function* hostile() {
      yield record({ displayName: 'a\u009bb\u202e' })
    }
    for await (const part of ocsf(runOf([]), hostile(), [])) text += part
    assert.doesNotMatch(text, /[\u009b\u202e]/)
    assert.ok(findingsIn(text)[0].message.startsWith('a\u009bb\u202e'))
  })
})
