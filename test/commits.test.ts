import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'

/** The last commit before subjects were held to their length. */
const BEFORE = '946ffd635b7c431a82cc8507a84d3ef660387ed3'
const LONGEST = 72

/** The subjects since then, or undefined where the history is absent or does not reach back so far. */
function subjects(): readonly string[] | undefined {
  const { status, stdout } = spawnSync('git', ['log', '--no-merges', '--format=%s', `${BEFORE}..HEAD`], {
    encoding: 'utf8',
  })
  return status === 0 ? stdout.split('\n').filter((subject) => subject !== '') : undefined
}

describe('the history', () => {
  it(`has subjects of at most ${LONGEST} characters (skipped where it is absent or shallow)`, function () {
    const found = subjects()
    if (found === undefined) this.skip()
    assert.deepEqual(
      found.filter((subject) => [...subject].length > LONGEST),
      [],
    )
  })
})
