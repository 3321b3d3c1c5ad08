import assert from 'node:assert/strict'
import { Backlog, leftOver } from '../../src/history/backlog.js'
import type { Knowledge, LastJudgement } from '../../src/memory/knowledge.js'
import type { Gap, Verdict } from '../../src/model.js'
import type { Traffic } from '../../src/policy/traffic-classes.js'
import { gapSaying } from '../gaps.js'
import { instant } from '../policy/keys.js'

function known(project: string, verdict: Verdict, more: Partial<Knowledge> = {}): Knowledge {
  const at = instant('2026-11-22T07:00:00Z')
  return {
    key: {
      name: `projects/${project}/locations/global/keys/k`,
      uid: 'k',
      project: { number: project, id: `id-${project}`, ancestors: [] },
      type: 'standard',
    },
    verdict,
    firstSeen: at,
    lastSeen: at,
    ...more,
  }
}

function gap(subject: string, reason: string, missing: Gap['missing'] = 'keys'): Gap {
  return gapSaying({ missing, subject, reason, because: '', fix: '' })
}

describe('where a reading begins', () => {
  const stakes: readonly (readonly [string, readonly Knowledge[], string])[] = [
    ['nothing known of it', [], 'none'],
    ['a compliant key', [known('1', 'compliant')], 'none'],
    ['an overdue key in use', [known('1', 'overdue', { traffic: 'accepted' as Traffic })], 'overdue-in-use'],
    ['a due and an overdue key', [known('1', 'due'), known('1', 'overdue')], 'overdue'],
    ['an overdue and a due key', [known('1', 'overdue'), known('1', 'due')], 'overdue'],
    ['a key that could not be judged', [known('1', 'unknown')], 'unknown'],
    [
      'a key that could not be judged, and was overdue before',
      [known('1', 'unknown', { last: { verdict: 'overdue' } as LastJudgement })],
      'overdue',
    ],
    [
      'an overdue key that is gone',
      [known('1', 'overdue', { goneSince: instant('2026-11-22T07:00:00Z') })],
      'none',
    ],
    ['an overdue key of another project', [known('2', 'overdue')], 'none'],
  ]
  for (const [name, keys, stake] of stakes) {
    it(`sees in a project with ${name} at stake: ${stake}`, () => {
      const backlog = new Backlog([])
      for (const key of keys) backlog.add(key)
      const { leftFor, stake: seen } = backlog.project('1')
      assert.deepEqual({ leftFor, stake: seen }, { leftFor: 0, stake })
    })
  }

  const calls: readonly (readonly [Traffic | undefined, true | undefined])[] = [
    ['accepted', true],
    ['accepted-earlier', true],
    ['newly-refused', true],
    ['only-failed', true],
    ['other-services', undefined],
    ['none', undefined],
    ['unknown', undefined],
    [undefined, undefined],
  ]
  for (const [traffic, expected] of calls) {
    it(`knows of a project with a latent key of traffic ${traffic} that it calls the Gemini API: ${expected}`, () => {
      const backlog = new Backlog([])
      backlog.add(known('1', 'latent', traffic && { traffic }))
      backlog.add(known('1', 'latent', { traffic: 'none' }))
      assert.equal(backlog.project('1').callsGemini, expected)
      assert.equal(backlog.project('2').callsGemini, undefined)
    })
  }

  it('is what was left for want of time, or because the run was stopped, and nothing that failed', () => {
    const left = leftOver([
      gap('projects/3', 'OUT_OF_TIME'),
      gap('projects/1', 'STOPPED', 'usage'),
      gap('projects/2', 'PERMISSION_DENIED'),
      gap('projects/3', 'OUT_OF_TIME', 'type'),
      gap('folders/4', 'OUT_OF_TIME', 'projects'),
    ])
    assert.deepEqual(left, [{ left: ['folders/4', 'projects/1', 'projects/3'], runs: 1 }])
    const backlog = new Backlog(left)
    assert.deepEqual(
      ['1', '2', '3'].map((number) => backlog.project(number).leftFor),
      [1, 0, 1],
    )
    assert.equal(backlog.leftFor('folders/4'), 1)
    assert.equal(backlog.leftFor('folders/5'), 0)
  })

  it('counts the runs in which something was left, until it is read', () => {
    const late = (...numbers: readonly number[]) =>
      numbers.map((number) => gap(`projects/${number}`, 'OUT_OF_TIME'))
    const first = new Backlog(leftOver(late(1, 2, 3)))
    const second = new Backlog(leftOver(late(2, 3, 4), first))
    const third = new Backlog(leftOver(late(1, 3), second))
    assert.deepEqual(
      ['1', '2', '3', '4'].map((number) => third.project(number).leftFor),
      [1, 0, 3, 0],
    )
  })
})
