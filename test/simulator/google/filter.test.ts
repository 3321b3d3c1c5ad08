import assert from 'node:assert/strict'
import fc from 'fast-check'
import { comparisonsOf, type Meaning, passes } from '../../../simulator/google/filter.js'
import { parseFilter } from '../../../simulator/google/filter-parser.js'
import { GoogleError } from '../../../simulator/wire/google-error.js'

/** Only what stands in the set holds. */
const holding = (...true_: string[]): Meaning => ({
  compare: (field, operator, value) => true_.includes(`${field}${operator}${value.text}`),
  word: (text) => true_.includes(text),
})

describe('a filter', () => {
  const table: readonly [string, readonly string[], boolean][] = [
    ['', [], true],
    ['a=1', ['a=1'], true],
    ['a = "1"', ['a=1'], true],
    ['a=1 AND b=2', ['a=1'], false],
    ['a=1 b=2', ['a=1', 'b=2'], true],
    ['a=1 OR b=2', ['b=2'], true],
    ['a=1 OR b=2 AND c=3', ['a=1'], true],
    ['(a=1 OR b=2) AND c=3', ['a=1'], false],
    ['NOT a=1', ['a=1'], false],
    ['-a=1', [], true],
    ['a:(1 OR 2)', ['a:2'], true],
    ['a:(1 2)', ['a:2'], false],
    ['a>="2026-11-23T07:00:00Z"', ['a>=2026-11-23T07:00:00Z'], true],
    ['labels."team.name"="x y"', ['labels.team.name=x y'], true],
    ['a="say \\"hi\\""', ['a=say "hi"'], true],
    ['word other', ['word', 'other'], true],
    ['a=1 (b=2)', ['a=1', 'b=2'], true],
  ]
  for (const [text, truths, expected] of table) {
    it(`${text || 'of nothing'} ${expected ? 'holds' : 'does not hold'} where ${truths.join(', ') || 'nothing'} does`, () => {
      assert.equal(passes(parseFilter(text), holding(...truths)), expected)
    })
  }

  it('knows functions in the place of a value', () => {
    const [part] = comparisonsOf(parseFilter('a=one_of("x", "y")'))
    assert.deepEqual(part?.value, { text: 'x', by: 'one_of', texts: ['x', 'y'] })
  })

  for (const text of ['a=', '(a=1', 'a=1)', 'AND', '=1', 'NOT', 'a:(1 OR b=2)']) {
    it(`refuses ${text}`, () => assert.throws(() => passes(parseFilter(text), holding()), GoogleError))
  }

  it('refuses or understands any text, and never breaks', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '"', '(', ')', '=', ' ', 'OR', '-', ':', '\\', '.', "'") }),
        (text) => {
          try {
            passes(parseFilter(text), holding('a=a'))
          } catch (error) {
            assert.ok(error instanceof GoogleError)
          }
        },
      ),
    )
  })
})
