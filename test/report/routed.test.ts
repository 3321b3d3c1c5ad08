import assert from 'node:assert/strict'
import { AFFECTED_VERDICTS } from '../../src/model.js'
import { keyRecord } from '../../src/records/key-record.js'
import { isRouted, routedFacts } from '../../src/report/routed.js'
import { affectedOf } from '../affected.js'
import { FACTS, GAP, gathered, judged, NO_POLICY, OVERDUE, PROJECT, RUN, runOf } from './samples.js'

const PLACE = {
  number: '123',
  id: 'acme-web',
  owner: 'payments',
  ancestors: ['folders/7', 'organizations/9'],
}

describe('a route', () => {
  const cases = [
    ['owner', 'payments', true],
    ['owner', 'Payments', false],
    ['folder', 'folders/7', true],
    ['folder', 'folders/70', false],
    ['project', 'projects/acme-web', true],
    ['project', 'projects/123', true],
    ['project', 'projects/1234', false],
  ] as const
  for (const [by, subject, leads] of cases) {
    it(`by ${by} ${subject} leads ${leads ? 'there' : 'elsewhere'}`, () => {
      assert.equal(isRouted(PLACE, { by, subject, channel: 'C1' }), leads)
    })
  }

  it('counts its own keys as the run would if there were no others', async () => {
    const verdicts = ['overdue', 'due', 'compliant', 'deleted', 'unknown'] as const
    const all = ['payments', 'shop'].flatMap((owner, index) =>
      verdicts.map((verdict) =>
        judged({
          owner,
          facts: { ...FACTS, project: { ...PROJECT, number: `${index}`, id: owner } },
          judgement: { ...OVERDUE, verdict, findings: verdict === 'overdue' ? OVERDUE.findings : [] },
        }),
      ),
    )
    const records = all.map((key) => keyRecord(key, RUN))
    const ours = all.filter(({ owner }) => owner === 'shop')
    async function* stream() {
      yield* records
    }
    const { run, affected, part } = await routedFacts(
      { run: runOf(all), affected: affectedOf(records), gaps: gathered([]).records(RUN), policy: NO_POLICY },
      [{ by: 'owner', subject: 'shop', channel: 'C1' }],
      stream(),
    )
    assert.deepEqual(run.counts, runOf(ours).counts)
    assert.equal(run.coverage.projects, 1)
    assert.deepEqual(
      affected,
      affectedOf(
        records.filter(
          (each) => AFFECTED_VERDICTS.includes(each.verdict) && each.key.project.owner === 'shop',
        ),
      ),
    )
    assert.equal(part, 'shop')
  })

  it('counts what could not be read of its own projects, or of projects that may hold its keys', async () => {
    const records = ['payments', 'shop'].map((owner, index) =>
      keyRecord(
        judged({ owner, facts: { ...FACTS, project: { ...PROJECT, number: `${index}`, id: owner } } }),
        RUN,
      ),
    )
    async function* stream() {
      yield* records
    }
    const subjects = ['projects/0', 'projects/1', 'projects/77', 'organizations/9']
    const gaps = gathered(subjects.map((subject) => ({ ...GAP, subject, because: 'why', fix: 'fix' })))
    const facts = { run: runOf([]), affected: affectedOf([]), gaps: gaps.records(RUN), policy: NO_POLICY }
    const routed = await routedFacts(facts, [{ by: 'owner', subject: 'shop', channel: 'C1' }], stream())
    assert.deepEqual(routed.gaps.flatMap((gap) => gap.subjects).sort(), [
      'organizations/9',
      'projects/1',
      'projects/77',
    ])
  })
})
