import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { LineSplitter } from '../../src/google/line-splitter.js'

function splitInto(parts: readonly Buffer[], longest?: number): readonly (string | undefined)[] {
  const splitter = new LineSplitter(longest)
  return [...parts.flatMap((part) => splitter.split(part)), ...splitter.rest()].map((line) =>
    line?.toString(),
  )
}

describe('bytes in lines', () => {
  it('are the same lines wherever the bytes were cut', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '\u2028', '\r', '\n') })
    fc.assert(
      fc.property(text, fc.array(fc.nat(40)), (whole, cuts) => {
        const bytes = Buffer.from(whole)
        const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
        const parts = places.slice(1).map((end, index) => bytes.subarray(places[index], end))
        const lines = whole.split('\n')
        if (lines.at(-1) === '') lines.pop()
        assert.deepEqual(splitInto(parts), lines)
      }),
    )
  })

  it('are undefined where a line is too long, and whole after it', () => {
    const parts = ['ab\ncd', 'ef', 'g\nhij\n', 'klmn'].map((text) => Buffer.from(text))
    assert.deepEqual(splitInto(parts, 3), ['ab', undefined, 'hij', undefined])
  })

  it('say before its end that a line is too long', () => {
    const splitter = new LineSplitter(3)
    splitter.split(Buffer.from('abc'))
    assert.equal(splitter.isTooLong, false)
    splitter.split(Buffer.from('d'))
    assert.equal(splitter.isTooLong, true)
    assert.deepEqual(splitter.split(Buffer.from('\nx\n')).map(String), ['undefined', 'x'])
    assert.equal(splitter.isTooLong, false)
  })
})
