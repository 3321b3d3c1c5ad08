import assert from 'node:assert/strict'
import { Comparison } from '../../src/history/comparison.js'
import type { Gap } from '../../src/model.js'
import type { ProjectStatus } from '../../src/records/tally.js'
import { gapSaying } from '../gaps.js'
import { FACTS, instant } from '../report/samples.js'
import { baselineAt, type Circumstance, judgedAt, knownAt, moment, runAtMoment } from './moments.js'

const READ = instant('2026-11-22T07:00:00Z')
const YESTERDAY = '2026-11-22'
const OTHERS = { apiRestriction: 'others-only', geminiAccess: 'no' } as const
const UNREAD = { type: 'unknown' } as const
const DELETED = { key: { deleteTime: READ } }
const OFF = { geminiAccess: 'latent' } as const

/** What was, what is, and what is said of it. */
const TABLE: readonly (readonly [string, Circumstance, Circumstance, string])[] = [
  ['nothing has changed', {}, {}, 'same, was due'],
  ['a day passed that decides nothing', { on: '2026-11-21' }, {}, 'same, was due'],
  [
    'the deadline came',
    { deadline: '2026-11-23', on: YESTERDAY },
    { deadline: '2026-11-23' },
    'worse by calendar, was due',
  ],
  [
    'the deadline is a day off',
    { deadline: '2026-11-24', on: YESTERDAY },
    { deadline: '2026-11-24' },
    'same, was due',
  ],
  ['the policy moved the deadline away', { deadline: '2026-11-01' }, {}, 'better by policy, was overdue'],
  ['the policy moved the deadline here', {}, { deadline: '2026-11-23' }, 'worse by policy, was due'],
  ['an exemption was granted', {}, { exemptUntil: '2026-12-01' }, 'better by policy, was due'],
  ['an exemption was taken back', { exemptUntil: '2026-12-01' }, {}, 'worse by policy, was exempt'],
  [
    'an exemption ran out',
    { exemptUntil: YESTERDAY, on: YESTERDAY },
    { exemptUntil: YESTERDAY },
    'worse by calendar, was exempt',
  ],
  ['the key was restricted to other APIs', {}, OTHERS, 'better by key, was due'],
  ['the restriction was taken off', OTHERS, {}, 'worse by key, was not-affected'],
  ['the key was deleted', {}, DELETED, 'better by key, was due'],
  ['the key was restored', DELETED, {}, 'worse by key, was deleted'],
  [
    'the key was restored, and the access could not be read before',
    { ...DELETED, geminiAccess: 'unknown' },
    {},
    'worse by key, was deleted',
  ],
  ['a fixed key was deleted', OTHERS, DELETED, 'same, was not-affected'],
  ['the API was switched on', OFF, {}, 'worse by project, was latent'],
  ['the API was switched off', {}, OFF, 'better by project, was due'],
  ['the type could not be read', {}, UNREAD, 'lost by coverage, was due'],
  ['the access could not be read', {}, { geminiAccess: 'unknown' }, 'lost by coverage, was due'],
  ['it still cannot be read', UNREAD, UNREAD, 'same, was unknown'],
  ['it was read for the first time', UNREAD, {}, 'found by coverage, was unknown'],
  [
    'the key was fixed on the day of the deadline',
    { deadline: '2026-11-23', on: YESTERDAY },
    { deadline: '2026-11-23', ...OTHERS },
    'better by key, was due',
  ],
  [
    'the deadline was moved and has come since',
    { deadline: '2026-12-31', on: '2026-11-20' },
    { deadline: '2026-11-22' },
    'worse by calendar, was due',
  ],
]

function said({ change, changeCause, previousVerdict }: ReturnType<Comparison['key']>): string {
  return `${change}${changeCause ? ` by ${changeCause}` : ''}${previousVerdict ? `, was ${previousVerdict}` : ''}`
}

function compared(before: Circumstance, now: Circumstance) {
  const [then, here] = [moment(before), moment(now)]
  const comparison = new Comparison(
    runAtMoment(here, '2026-11-23T08:00:00Z'),
    here.policy,
    baselineAt(then, [knownAt(then)]),
  )
  return { comparison, history: comparison.key(judgedAt(here)) }
}

describe('a change of a key', () => {
  for (const [what, before, now, expected] of TABLE) {
    it(`is recorded when ${what}: ${expected}`, () => {
      assert.equal(said(compared(before, now).history), expected)
    })
  }

  const fixes: [string, Circumstance, Circumstance, number][] = [
    ['the key was restricted', {}, OTHERS, 1],
    ['the key was deleted', {}, DELETED, 1],
    ['the API was switched off', {}, OFF, 1],
    ['the policy moved the deadline', { deadline: '2026-11-01' }, {}, 0],
    ['an exemption was granted', {}, { exemptUntil: '2026-12-01' }, 0],
    ['a latent key was restricted', OFF, OTHERS, 0],
  ]
  for (const [what, before, now, fixed] of fixes) {
    it(`counts ${fixed === 0 ? 'not as' : 'as'} fixed when ${what}`, () => {
      assert.equal(compared(before, now).comparison.changes?.fixed, fixed)
    })
  }

  it('names a Gemini API that was switched on over keys that now fall under the rules', () => {
    assert.deepEqual(compared(OFF, {}).comparison.changes?.newlyEnabled, [{ project: 'acme-web', keys: 1 }])
    assert.equal(
      compared({ ...OFF, type: 'auth' }, { type: 'auth' }).comparison.changes?.newlyEnabled,
      undefined,
    )
    assert.equal(compared(OFF, OFF).comparison.changes?.newlyEnabled, undefined)
  })

  it('is found again by what was last known: the same, or changed meanwhile', () => {
    const then = moment({ deadline: '2026-11-01', on: '2026-11-20' })
    const lost = knownAt(moment({ deadline: '2026-11-01', ...UNREAD, on: YESTERDAY }), knownAt(then))
    const back = (now: Circumstance) => {
      const here = moment({ deadline: '2026-11-01', ...now })
      return new Comparison(runAtMoment(here), here.policy, baselineAt(then, [lost])).key(judgedAt(here))
    }
    assert.equal(said(back({})), 'found by coverage, was overdue')
    assert.equal(said(back(OTHERS)), 'found by key, was overdue')
    assert.equal(back({}).overdueSince, '2026-11-20')
    assert.equal(back({}).firstSeen, '2026-11-20T07:00:00Z')
  })

  it('keeps the first day of an unbroken row of overdue verdicts, and forgets it when it is broken', () => {
    const late = { deadline: '2026-11-01' }
    assert.equal(compared({ ...late, on: '2026-11-10' }, late).history.overdueSince, '2026-11-10')
    assert.equal(compared({}, late).history.overdueSince, '2026-11-23')
    assert.equal(compared(late, {}).history.overdueSince, undefined)
  })

  it('is none in the first run of an audit, where every key is first seen', () => {
    const here = moment()
    const comparison = new Comparison(runAtMoment(here), here.policy, undefined)
    assert.deepEqual(comparison.key(judgedAt(here)), { firstSeen: '2026-11-23T07:00:00Z' })
    assert.equal(comparison.changes, undefined)
  })
})

describe('a new key', () => {
  const isNew = (now: Circumstance, before: Circumstance = { on: YESTERDAY }) => {
    const [then, here] = [moment(before), moment(now)]
    const comparison = new Comparison(runAtMoment(here), here.policy, baselineAt(then, []))
    return { history: comparison.key(judgedAt(here)), changes: comparison.changes }
  }

  it('was made by a person when it was made since the last reading, or too shortly before to be listed', () => {
    for (const [createTime, cause] of [
      ['2026-11-23T06:00:00Z', 'key'],
      ['2026-11-21T07:00:00Z', 'key'],
      ['2026-11-21T06:59:59Z', 'coverage'],
    ] as const) {
      const { history } = isNew({ key: { createTime: instant(createTime) } })
      assert.deepEqual([history.change, history.changeCause], ['new', cause], createTime)
    }
  })

  it('is counted as a standard key that was made while Google announces their end', () => {
    const createTime = instant('2026-11-23T06:00:00Z')
    assert.equal(isNew({ key: { createTime } }).changes?.newStandardKeys, 1)
    assert.equal(isNew({ key: { createTime }, type: 'auth' }).changes?.newStandardKeys, undefined)
    assert.equal(isNew({}).changes?.newStandardKeys, undefined)
  })

  it('is the policy’s doing when its project was excluded', () => {
    const exclusion = { kind: 'exclusion', until: '2026-12-01', reason: 'x', approvedBy: 'y' } as const
    const excluding = (subject: string) => ({
      on: YESTERDAY,
      policy: { exclude: [{ ...exclusion, subject, until: moment({ on: '2026-12-01' }).on }] },
    })
    assert.equal(isNew({}, excluding('folders/1')).history.changeCause, 'policy')
    assert.equal(isNew({}, excluding('projects/acme-web')).history.changeCause, 'policy')
    assert.equal(isNew({}, excluding('folders/2')).history.changeCause, 'coverage')
  })
})

describe('a key that a run does not see', () => {
  const gap = (missing: Gap['missing'], subject: string): Gap =>
    gapSaying({ missing, subject, reason: 'PERMISSION_DENIED', because: 'x', fix: 'y' })
  const afterwards = (
    place: ProjectStatus | undefined,
    gaps: readonly Gap[] = [],
    scope?: readonly string[],
  ) => {
    const then = moment({ on: YESTERDAY, deadline: '2026-11-01' })
    const run = runAtMoment(moment())
    const comparison = new Comparison(
      scope === undefined ? run : { ...run, scope },
      moment().policy,
      baselineAt(then, [knownAt(then)]),
    )
    const gone = [...comparison.conclude({ statusOf: () => place, gaps })]
    return { gone, carried: [...comparison.carried()], changes: comparison.changes }
  }

  const table: [string, ProjectStatus | undefined, Gap[], string | undefined][] = [
    ['its project was read', 'audited', [], 'key'],
    ['another project could not be read', 'audited', [gap('keys', 'projects/999')], 'key'],
    ['its project was shut down', 'inactive', [], 'project'],
    ['its project has left the scope', undefined, [], 'project'],
    ['its project is excluded', 'excluded', [], undefined],
    ['the keys of its project could not be read', 'audited', [gap('keys', 'projects/123')], undefined],
    ['its project could not be confirmed', 'audited', [gap('type', 'projects/123')], undefined],
    [
      'the keys of the organization could not all be read',
      'audited',
      [gap('keys', 'organizations/9')],
      undefined,
    ],
    ['its folder could not be listed', undefined, [gap('projects', 'folders/1')], undefined],
    ['only traffic was not read', 'audited', [gap('usage', 'projects/123')], 'key'],
  ]
  for (const [what, place, gaps, cause] of table) {
    it(`is ${cause === undefined ? 'not gone' : `gone by the ${cause}`} when ${what}`, () => {
      const { gone, carried, changes } = afterwards(place, gaps)
      assert.deepEqual(
        gone.map(({ changeCause }) => changeCause),
        cause === undefined ? [] : [cause],
      )
      assert.equal(changes?.gone, cause === undefined ? 0 : 1)
      assert.equal(carried.length, 1)
      assert.equal(carried[0]?.goneSince, cause === undefined ? undefined : '2026-11-23T07:00:00Z')
    })
  }

  it('is not gone when the scope is another one', () => {
    assert.deepEqual(afterwards(undefined, [], ['folders/2']).gone, [])
  })

  it('has one record when it is gone, with what was last known and no verdict', () => {
    const [record] = afterwards('audited').gone
    assert.deepEqual(record, {
      schema: 'gemini-key-audit/1',
      record: 'key',
      audit: 'acme',
      run: '2026-11-23T07:00:00Z',
      reading: '2026-11-23T07:00:00Z',
      asOf: '2026-11-23',
      key: {
        name: FACTS.key.name,
        uid: FACTS.key.uid,
        displayName: 'Maps web',
        project: record?.key.project,
        type: 'standard',
      },
      change: 'gone',
      changeCause: 'key',
      previousVerdict: 'overdue',
      firstSeen: '2026-11-22T07:00:00Z',
      lastSeen: '2026-11-22T07:00:00Z',
      overdueSince: '2026-11-22',
    })
  })

  const later = (on: string, seen: boolean) => {
    const then = moment({ on: '2026-10-01' })
    const gone = { ...knownAt(then), goneSince: instant('2026-10-01T07:00:00Z') }
    const here = moment({ on })
    const comparison = new Comparison(runAtMoment(here), here.policy, baselineAt(then, [gone]))
    const history = seen ? comparison.key(judgedAt(here)) : undefined
    return { history, gone: [...comparison.conclude({ statusOf: () => 'audited', gaps: [] })], comparison }
  }

  it('is recorded as gone once, and forgotten after 45 days', () => {
    assert.deepEqual(later('2026-11-15', false).gone, [])
    assert.equal([...later('2026-11-15', false).comparison.carried()].length, 1)
    assert.equal([...later('2026-11-16', false).comparison.carried()].length, 0)
  })

  it('is new again, with its first day, when its project is restored', () => {
    const { history } = later('2026-10-20', true)
    assert.deepEqual([history?.change, history?.changeCause], ['new', 'project'])
    assert.equal(history?.firstSeen, '2026-10-01T07:00:00Z')
  })
})
