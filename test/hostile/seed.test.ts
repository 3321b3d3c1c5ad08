import assert from 'node:assert/strict'
import fc from 'fast-check'
import { cases, SEED } from './cases.js'
import { names } from './names.js'

describe(`Hostile data of the seed ${SEED}`, () => {
  it(`is the same again with HOSTILE_SEED=${SEED}`, () => {
    assert.deepEqual(fc.sample(names, cases(50)), fc.sample(names, cases(50)))
    assert.notDeepEqual(fc.sample(names, cases(50)), fc.sample(names, { numRuns: 50, seed: SEED + 1 }))
  })
})
