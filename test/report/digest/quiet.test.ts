import assert from 'node:assert/strict'
import type { Gap, Run } from '../../../src/model.js'
import { affectedOf } from '../../../src/records/affected.js'
import { type KeyHistory, keyRecord } from '../../../src/records/key-record.js'
import type { Changes } from '../../../src/records/run-record.js'
import { digest } from '../../../src/report/digest/digest.js'
import { firstLine } from '../../../src/report/digest/headline.js'
import { isQuietDay } from '../../../src/report/digest/quiet.js'
import { digestText } from '../../../src/report/digest-text.js'
import { assertGolden } from '../../golden.js'
import { callsOn } from '../../policy/keys.js'
import {
  day,
  FACTS,
  finding,
  GAP,
  gathered,
  instant,
  judged,
  KEY,
  NO_POLICY,
  RUN,
  record,
  runOf,
} from '../samples.js'

const on = (asOf: string): Run => ({ ...RUN, asOf: day(asOf), time: instant(`${asOf}T07:00:00Z`) })

const NOTHING: Changes = {
  since: instant('2026-11-23T07:00:00Z'),
  sinceDay: day('2026-11-23'),
  new: 0,
  worse: 0,
  better: 0,
  lost: 0,
  found: 0,
  gone: 0,
  fixed: 0,
}

const days = (accepted: number, refused: number, on = '2026-11-22') => [callsOn(on, { accepted, refused })]

const calls = (accepted: number, refused = 0) => ({
  since: day('2026-10-12'),
  gemini: {
    accepted,
    refused,
    failed: 0,
    failedCodes: {},
    ...(accepted > 0 ? { lastAccepted: day('2026-11-22') } : {}),
    ...(refused > 0 ? { lastRefused: day('2026-11-22') } : {}),
  },
  services: accepted + refused > 0 ? ['generativelanguage.googleapis.com'] : [],
  daily: accepted + refused > 0 ? days(accepted, refused) : [],
})

const KEYS = [1, 2, 3, 4].map((number) =>
  judged({
    facts: {
      ...FACTS,
      key: { ...KEY, uid: `${number}`, displayName: `Key ${number}` },
      usage: calls(number < 3 ? 100 * number : 0),
    },
    judgement: {
      verdict: 'overdue',
      findings: [...(number < 4 ? [finding('unrestricted-key')] : []), finding('standard-key')],
      notes: [],
    },
  }),
)

function toldOn(asOf: string, changes: Partial<Changes>, { gaps = [], history = {} }: Scene = {}) {
  const facts = {
    run: runOf(KEYS, gaps, { run: on(asOf), changes: { ...NOTHING, ...changes } }),
    affected: affectedOf(KEYS.map((key, index) => keyRecord(key, on(asOf), index === 2 ? history : {}))),
    gaps: gathered(gaps).records(RUN),
    policy: NO_POLICY,
  }
  return { facts, ...digest(facts) }
}

interface Scene {
  readonly gaps?: readonly Gap[]
  readonly history?: KeyHistory
}

const golden = (name: string, made: ReturnType<typeof toldOn>) =>
  assertGolden(`report/digest/${name}.txt`, `${made.message.text}\n\n${digestText(made)}`)

describe('a quiet day', () => {
  const QUIET = { quietSince: day('2026-11-20') }

  it('is one line, with nothing under it', () => {
    const made = toldOn('2026-11-24', QUIET)
    golden('quiet', made)
    assert.equal(made.message.blocks.length, 1)
    assert.deepEqual(made.thread, [])
  })

  it('is incomplete in its line when something that matters was not read', () => {
    const made = toldOn('2026-11-24', QUIET, { gaps: [GAP] })
    golden('quiet-incomplete', made)
    assert.match(firstLine(made.facts), /^Incomplete: /)
  })

  const conditions: readonly [string, string, Partial<Changes>, boolean][] = [
    ['nothing happened', '2026-11-24', {}, true],
    ['an unaffected key has gone', '2026-11-24', { gone: 1 }, true],
    ['it is a Monday', '2026-11-23', {}, false],
    ['it is a Sunday', '2026-11-22', {}, true],
    ['a key is new', '2026-11-24', { new: 1 }, false],
    ['a key is worse', '2026-11-24', { worse: 1 }, false],
    ['a key is better', '2026-11-24', { better: 1 }, false],
    ['a key is readable again', '2026-11-24', { found: 1 }, false],
    ['a key is no longer readable', '2026-11-24', { lost: 1 }, false],
    ['a key was fixed by deleting it', '2026-11-24', { gone: 1, fixed: 1 }, false],
    ['something is newly unread', '2026-11-24', { newGaps: 1 }, false],
    ['a key is newly refused', '2026-11-24', { newlyRefused: 1 }, false],
    ['there is no run to compare with', '2026-11-24', { since: null }, false],
  ]
  for (const [name, asOf, changes, quiet] of conditions) {
    it(`is ${quiet ? 'one' : 'none'} when ${name}`, () => {
      assert.equal(isQuietDay(toldOn(asOf, changes).facts.run), quiet)
    })
  }

  const uses: readonly [string, number, number, RegExp][] = [
    ['all that is known of the keys', 0, 0, /, none in use$/],
    [
      'the keys in use beside those of which it is not known',
      2,
      1,
      /, 2 in use, traffic of 1 key not known$/,
    ],
    [
      'that it is not known alone where no key is known to be in use',
      0,
      1,
      /Fri, traffic of 1 key not known$/,
    ],
  ]
  for (const [what, inUse, unseen, expected] of uses) {
    it(`tells of traffic ${what}`, () => {
      const { facts } = toldOn('2026-11-24', QUIET)
      assert.match(firstLine({ ...facts, affected: { ...facts.affected, inUse, unseen } }), expected)
    })
  }

  it('is none for a run by another day than its own', () => {
    const run = { ...on('2026-11-24'), asOfOverridden: true }
    assert.equal(isQuietDay(runOf(KEYS, [], { run, changes: NOTHING })), false)
  })
})

describe('a day that is not quiet', () => {
  it('has the full form on a Monday', () => {
    golden('monday', toldOn('2026-11-23', { sinceDay: day('2026-11-20') }))
  })

  it('tells first what is new and what has broken', () => {
    const history = { change: 'new', changeCause: 'key' } as const
    const made = toldOn(
      '2026-11-24',
      { new: 1, newlyRefused: 1, newGaps: 1, newStandardKeys: 1 },
      { history },
    )
    golden('bad-day', made)
    assert.match(firstLine(made.facts), /2 in use;.*; 1 new since yesterday$/)
    assert.match(made.thread[0]?.text ?? '', /^Key 3 /)
  })

  it('says for each gap of a kind how many there are, and why the most were not read', () => {
    const gaps = [1, 2, 3].map((number) => ({ ...GAP, subject: `projects/${number}` }))
    const more = {
      ...GAP,
      subject: 'projects/9',
      reason: 'SERVICE_DISABLED',
      because: 'Listing failed: it is off',
    }
    const said = digestText(toldOn('2026-11-24', { newGaps: 4 }, { gaps: [...gaps, more] }))
    assert.match(said, /• the keys of 4 projects: the auditor may not do that.*; and 1 other reason\n/)
  })

  it('counts the keys whose owner nobody knows', () => {
    const { owner: _owner, ...ownerless } = judged()
    const keys = [keyRecord(ownerless, RUN), record({ uid: '2' })]
    const made = digest({ run: runOf([judged()]), affected: affectedOf(keys), gaps: [], policy: NO_POLICY })
    assert.match(digestText(made), /• Owner unknown: 1 of 2 affected keys\n/)
  })
})
