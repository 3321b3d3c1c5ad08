import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { SeenNames } from '../../src/memory/seen-names.js'

describe('the names that were seen', () => {
  it('are distinguished from new ones, however many they are', () => {
    const seen = new SeenNames()
    for (let number = 0; number < 20_000; number += 1) assert.equal(seen.add(`key-${number}`), true)
    for (let number = 0; number < 20_000; number += 1) assert.equal(seen.add(`key-${number}`), false)
    assert.equal(seen.add('key-20000'), true)
  })

  it('are those of a set', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 2 }), { maxLength: 3000 }), (names) => {
        const [seen, set] = [new SeenNames(), new Set<string>()]
        for (const name of names) {
          assert.equal(seen.add(name), !set.has(name))
          set.add(name)
        }
      }),
    )
  })
})
