import assert from 'node:assert/strict'
import { VERDICTS, type Verdict } from '../../src/model.js'
import {
  greaterStake,
  type ProjectSigns,
  readingPriorityOf,
  STAKES,
  type Stake,
  stakeOf,
  tieBreakOf,
} from '../../src/policy/reading-order.js'
import { TRAFFIC, type Traffic } from '../../src/policy/traffic-classes.js'

const earlier = (stake: Stake, leftFor = 0) => ({ earlier: { stake, leftFor } })
const shows = (gemini: ProjectSigns['gemini'], candidates: ProjectSigns['candidates']) => ({
  gemini,
  candidates,
})

/** From the first project that is looked at to the last. */
const ORDER: readonly (readonly [string, Omit<ProjectSigns, 'tieBreak'>])[] = [
  ['left twice, nothing else', { ...earlier('none', 2), ...shows('off', 'restricted') }],
  ['left before, overdue and in use', { ...earlier('overdue-in-use', 1), ...shows('on', 'unrestricted') }],
  ['left before, nothing else', { ...earlier('none', 1), ...shows('unknown', 'restricted') }],
  ['overdue and in use', { ...earlier('overdue-in-use'), ...shows('on', 'restricted') }],
  ['overdue', { ...earlier('overdue'), ...shows('on', 'unrestricted') }],
  ['overdue, restricted by now', { ...earlier('overdue'), ...shows('on', 'restricted') }],
  ['due and in use', { ...earlier('due-in-use'), ...shows('on', 'unrestricted') }],
  ['not judged before', { ...earlier('unknown'), ...shows('on', 'unrestricted') }],
  ['due', { ...earlier('due'), ...shows('on', 'unrestricted') }],
  ['unrestricted, Gemini API on', { ...earlier('none'), ...shows('on', 'unrestricted') }],
  ['no inventory, Gemini API on', shows('on', 'unseen')],
  ['restricted, Gemini API on', shows('on', 'restricted')],
  ['unrestricted, Gemini API not known', shows('unknown', 'unrestricted')],
  ['no inventory, Gemini API not known', shows('unknown', 'unseen')],
  ['restricted, Gemini API not known', shows('unknown', 'restricted')],
  ['Gemini API off', shows('off', 'unrestricted')],
]

describe('the order in which projects are read', () => {
  for (const [index, [name, signs]] of ORDER.entries()) {
    const next = ORDER[index + 1]
    if (next === undefined) continue
    it(`has "${name}" before "${next[0]}", whatever their turns`, () => {
      const last = 1 - 2 ** -32
      assert.ok(
        readingPriorityOf({ ...signs, tieBreak: 0 }) > readingPriorityOf({ ...next[1], tieBreak: last }),
      )
    })
  }

  it('lets the tie break decide between equals', () => {
    const signs = shows('on', 'unrestricted')
    assert.ok(readingPriorityOf({ ...signs, tieBreak: 0.2 }) > readingPriorityOf({ ...signs, tieBreak: 0.1 }))
    assert.equal(
      readingPriorityOf({ ...signs, tieBreak: 0.1 }),
      readingPriorityOf({ ...signs, ...earlier('none'), tieBreak: 0.1 }),
    )
  })

  it('gives turns from 0 to below 1, the same for one reading, others for the next', () => {
    const projects = Array.from({ length: 500 }, (_, at) => `${100_000 + at}`)
    const order = (salt: string) => projects.toSorted((a, b) => tieBreakOf(a, salt) - tieBreakOf(b, salt))
    for (const project of projects) {
      const tieBreak = tieBreakOf(project, 'x')
      assert.ok(tieBreak >= 0 && tieBreak < 1)
    }
    assert.deepEqual(order('2026-11-23T07:00:00Z'), order('2026-11-23T07:00:00Z'))
    const first = new Set(order('2026-11-23T07:00:00Z').slice(0, 250))
    const again = order('2026-11-24T07:00:00Z').slice(0, 250)
    const both = again.filter((project) => first.has(project)).length
    assert.ok(both > 90 && both < 160, `${both} of 250 come early in both`)
  })
})

describe('what a key puts at stake', () => {
  const use: Readonly<Partial<Record<Verdict, readonly [inUse: Stake, idle: Stake]>>> = {
    overdue: ['overdue-in-use', 'overdue'],
    due: ['due-in-use', 'due'],
    unknown: ['unknown', 'unknown'],
  }
  const inUse: readonly (Traffic | undefined)[] = ['accepted', 'newly-refused', 'newly-failing']
  for (const verdict of VERDICTS) {
    const [used, idle] = use[verdict] ?? ['none', 'none']
    it(`is ${used} of a key that is ${verdict} and called, ${idle} where it is not`, () => {
      for (const traffic of [...TRAFFIC, undefined]) {
        assert.equal(stakeOf(verdict, traffic), inUse.includes(traffic) ? used : idle, `${traffic}`)
      }
    })
  }

  it('is for a project that of its most urgent key', () => {
    for (const [index, stake] of STAKES.entries()) {
      for (const other of STAKES.slice(index)) {
        assert.equal(greaterStake(stake, other), stake)
        assert.equal(greaterStake(other, stake), stake)
      }
    }
  })
})
