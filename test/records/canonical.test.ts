import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { canonical, sha256 } from '../../src/records/canonical.js'

describe('the canonical form', () => {
  it('sorts names by UTF-16 code units and writes numbers as ECMAScript does (RFC 8785, 3.2.3)', () => {
    const value = { '\u20ac': 1, '\r': 2, '1': 4, '\u{1f600}': 5, '\u0080': 6, ö: 7, n: [1e21, 0.000001, -0] }
    assert.equal(canonical(value), '{"\\r":2,"1":4,"n":[1e+21,0.000001,0],"\u0080":6,"ö":7,"€":1,"😀":5}')
  })

  it('is the same for every order in which fields were written, and parses back to the value', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' })),
        (value) => {
          const backwards = Object.fromEntries(Object.entries(value).reverse())
          assert.equal(canonical(backwards), canonical(value))
          assert.equal(canonical(JSON.parse(canonical(value))), canonical(value))
        },
      ),
    )
  })

  it('refuses what JSON cannot carry', () => {
    assert.throws(() => canonical({ n: Number.NaN }), /NaN/)
    assert.throws(() => canonical({ s: '\ud800' }), /surrogate/)
  })

  it('is digested as UTF-8', () => {
    assert.equal(sha256('é'), '4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c')
  })
})
