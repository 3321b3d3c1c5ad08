import assert from 'node:assert/strict'
import type { KeyAccount } from '../../../src/account.js'
import { judgedKey } from '../../../src/policy/judged-key.js'
import { builtInPolicy } from '../../../src/policy/policy.js'
import { keyRecord } from '../../../src/records/key-record.js'
import { HygieneMoves, LookedKeys } from '../../../src/records/period/hygiene-changes.js'
import { AUTH, account } from '../../policy/hygiene-situations.js'
import { observation } from '../../policy/keys.js'
import { RUN } from '../../report/samples.js'

/** A key of an owner, bound to an account. */
function record(uid: string, owner: string | undefined, difference: Partial<KeyAccount>, more = {}) {
  const labels = owner === undefined ? {} : { owner }
  const key = { ...AUTH.key, uid, name: `projects/123/locations/global/keys/${uid}` }
  const found = observation({ ...AUTH, ...more, key, project: { labels }, account: account(difference) })
  return keyRecord(judgedKey(found, builtInPolicy(), RUN.asOf, 'UTC'), RUN)
}

type Records = readonly ReturnType<typeof record>[]

/** What became of the rows over several runs. */
function movesOf(...runs: readonly (Records | { readonly incomplete: Records })[]) {
  const moves = new HygieneMoves()
  for (const run of runs) {
    const looked = new LookedKeys()
    const isComplete = !('incomplete' in run)
    for (const each of isComplete ? run : run.incomplete) looked.add(each)
    moves.add(looked, isComplete)
  }
  return moves.moves.map(({ id, owner = 'no owner', open, opened, closed }) => [
    id,
    owner,
    `${open} open, ${opened} opened, ${closed} closed`,
  ])
}

const DISABLED = { state: 'disabled' } as const
const disabled = record('one', 'shop', DISABLED)
const fine = record('one', 'shop', {})

describe('What was to be looked at over several runs', () => {
  it('is open by the newest one; what the first one found was not opened by it', () => {
    assert.deepEqual(movesOf([disabled]), [
      ['auth-key-account-disabled', 'shop', '1 open, 0 opened, 0 closed'],
    ])
    assert.deepEqual(movesOf([fine]), [])
  })

  it('is opened and closed as runs find it', () => {
    assert.deepEqual(movesOf([fine], [disabled], [disabled], [fine]), [
      ['auth-key-account-disabled', 'shop', '0 open, 1 opened, 1 closed'],
    ])
  })

  it('is closed with its key', () => {
    assert.deepEqual(movesOf([disabled], []), [
      ['auth-key-account-disabled', 'shop', '0 open, 0 opened, 1 closed'],
    ])
  })

  it('stays open while its account is not known, what goes by the key alone does not', () => {
    const both = record('one', 'shop', DISABLED, { restrictions: {} })
    const unread = record('one', 'shop', { state: 'unknown', reach: 'unknown' })
    assert.deepEqual(movesOf([both], [unread]), [
      ['auth-key-account-disabled', 'shop', '1 open, 0 opened, 0 closed'],
      ['auth-key-unrestricted', 'shop', '0 open, 0 opened, 1 closed'],
    ])
    assert.deepEqual(movesOf([both], [unread], [fine]), [
      ['auth-key-account-disabled', 'shop', '0 open, 0 opened, 1 closed'],
      ['auth-key-unrestricted', 'shop', '0 open, 0 opened, 1 closed'],
    ])
  })

  it('is not closed by a run that is not complete, and may be opened by it', () => {
    const other = record('two', undefined, DISABLED)
    assert.deepEqual(movesOf([disabled], { incomplete: [other] }), [
      ['auth-key-account-disabled', 'no owner', '1 open, 1 opened, 0 closed'],
      ['auth-key-account-disabled', 'shop', '1 open, 0 opened, 0 closed'],
    ])
  })

  it('is closed by a run that is not complete where that saw the key, and knew enough of it', () => {
    const unread = record('one', 'shop', { state: 'unknown', reach: 'unknown' })
    const unjudged = { ...fine, verdict: 'unknown' } as const
    const open = ['auth-key-account-disabled', 'shop', '1 open, 0 opened, 0 closed']
    assert.deepEqual(movesOf([disabled], { incomplete: [unread] }), [open])
    assert.deepEqual(movesOf([disabled], { incomplete: [unjudged] }), [open])
    assert.deepEqual(movesOf([disabled], [unjudged]), [open])
    assert.deepEqual(movesOf([disabled], { incomplete: [fine] }), [
      ['auth-key-account-disabled', 'shop', '0 open, 0 opened, 1 closed'],
    ])
  })
})
