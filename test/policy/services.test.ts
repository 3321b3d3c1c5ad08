import assert from 'node:assert/strict'
import { namesOf } from '../../src/policy/services.js'

describe('The names of services in a sentence', () => {
  const cases: readonly [services: readonly string[], names: string][] = [
    [['maps-backend.googleapis.com'], 'Maps'],
    [['maps-backend.googleapis.com', 'maps-ios-backend.googleapis.com'], 'Maps'],
    [['maps-backend.googleapis.com', 'places.googleapis.com'], 'Maps and Places'],
    [['rare.googleapis.com', 'translate.googleapis.com'], 'rare.googleapis.com and Translation'],
    [['constructor', '__proto__'], 'constructor and __proto__'],
    [['a', 'b', 'c', 'd', 'e', 'f'], 'a, b, c, d, e and f'],
    [['a', 'b', 'c', 'd', 'e', 'f', 'g'], 'a, b, c, d, e and 2 others'],
    [[], ''],
  ]
  for (const [services, names] of cases) {
    it(`are ${names || 'empty'} for ${services.length} of them`, () => {
      assert.equal(namesOf(services), names)
    })
  }
})
