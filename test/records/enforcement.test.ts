import assert from 'node:assert/strict'
import type { KeyFacts } from '../../src/model.js'
import { EVENT } from '../../src/records/enforcement.js'
import { callsOn } from '../policy/keys.js'
import { day, emptyTally, FACTS, judged, PROJECT } from '../report/samples.js'

/** A key of a project that was called daily, and on this day and later only refused. */
function stopped(project: string, on: string, difference: Partial<KeyFacts> = {}) {
  const days = Array.from({ length: 23 }, (_, index) => `2026-11-${String(index + 1).padStart(2, '0')}`)
  const daily = days.map((each) => callsOn(each, each < on ? { accepted: 100 } : { refused: 100 }))
  const gemini = { accepted: 0, refused: 0, failed: 0, failedCodes: {} }
  const usage = { since: day('2026-10-12'), gemini, services: [], daily }
  const where = { ...PROJECT, number: project, id: `project-${project}` }
  return judged({ facts: { ...FACTS, apiRestriction: 'gemini-only', ...difference, project: where, usage } })
}

function eventOf(keys: readonly ReturnType<typeof stopped>[]) {
  const tally = emptyTally()
  for (const key of keys) tally.key(key)
  return tally.enforcement().event
}

const many = (count: number, projects: number, on: string, difference?: Partial<KeyFacts>) =>
  Array.from({ length: count }, (_, index) => stopped(`${index % projects}`, on, difference))

describe('an event', () => {
  it('is that many keys of several projects stopped within two days', () => {
    assert.deepEqual(eventOf([...many(60, 31, '2026-11-18'), ...many(60, 20, '2026-11-19')]), {
      ...{ since: '2026-11-18', keys: 120, projects: 31 },
      ...{ allStandard: true, allRestricted: true },
    })
  })

  it('says whether all keys are standard, and all restricted', () => {
    const keys = many(20, 5, '2026-11-18')
    const unrestricted = eventOf([...keys, stopped('7', '2026-11-18', { apiRestriction: 'none' })])
    assert.deepEqual([unrestricted?.allStandard, unrestricted?.allRestricted], [true, false])
    const unknown = eventOf([...keys, stopped('7', '2026-11-18', { type: 'unknown' })])
    assert.deepEqual([unknown?.allStandard, unknown?.allRestricted], [false, true])
  })

  it('is none of fewer keys, of fewer projects, or on days apart', () => {
    assert.ok(eventOf(many(EVENT.keys, EVENT.projects, '2026-11-18')))
    assert.equal(eventOf(many(EVENT.keys - 1, EVENT.projects, '2026-11-18')), undefined)
    assert.equal(eventOf(many(100, EVENT.projects - 1, '2026-11-18')), undefined)
    const apart = [...many(EVENT.keys - 1, 9, '2026-11-16'), ...many(EVENT.keys - 1, 9, '2026-11-18')]
    assert.equal(eventOf(apart), undefined)
    assert.equal(eventOf([]), undefined)
  })

  it('is the one with most keys, and of equals the newer one', () => {
    const early = many(30, 5, '2026-11-10')
    assert.equal(eventOf([...early, ...many(40, 5, '2026-11-20')])?.since, '2026-11-20')
    assert.equal(eventOf([...many(29, 5, '2026-11-20'), ...early])?.since, '2026-11-10')
    assert.equal(eventOf([...early, ...many(30, 5, '2026-11-20')])?.since, '2026-11-20')
  })

  it('counts exempt keys as well, which stop like others', () => {
    const exempt = many(20, 5, '2026-11-18').map((key) => ({
      ...key,
      judgement: { ...key.judgement, verdict: 'exempt' as const },
    }))
    assert.equal(eventOf(exempt)?.keys, 20)
  })

  it('is no news of keys that still work', () => {
    assert.equal(eventOf(many(50, 10, '2026-11-24')), undefined)
  })
})
