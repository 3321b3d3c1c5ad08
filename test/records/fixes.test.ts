import assert from 'node:assert/strict'
import { isFixed } from '../../src/records/fixes.js'

describe('a key is fixed', () => {
  const cases: readonly (readonly [Parameters<typeof isFixed>[0], boolean])[] = [
    [{ was: 'overdue', is: 'compliant', cause: 'key' }, true],
    [{ was: 'due', is: 'not-affected', cause: 'key' }, true],
    [{ was: 'overdue', is: 'latent', cause: 'project' }, true],
    [{ was: 'overdue', is: 'gone', cause: 'key' }, true],
    [{ was: 'due', is: 'gone', cause: 'project' }, true],
    [{ was: 'overdue', is: 'due', cause: 'policy' }, false],
    [{ was: 'overdue', is: 'exempt', cause: 'policy' }, false],
    [{ was: 'overdue', is: 'compliant', cause: 'coverage' }, false],
    [{ was: 'due', is: 'overdue', cause: 'key' }, false],
    [{ was: 'overdue', is: 'overdue', cause: undefined }, false],
    [{ was: 'overdue', is: 'unknown', cause: 'key' }, false],
    [{ was: 'exempt', is: 'compliant', cause: 'key' }, false],
    [{ was: undefined, is: 'compliant', cause: 'key' }, false],
    [{ was: 'latent', is: 'gone', cause: 'key' }, false],
  ]
  for (const [step, expected] of cases) {
    const { was = 'new', is, cause = 'nothing' } = step
    it(`${expected ? '' : 'not '}when it was ${was} and is ${is}, for ${cause}`, () => {
      assert.equal(isFixed(step), expected)
    })
  }
})
