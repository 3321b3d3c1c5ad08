import assert from 'node:assert/strict'
import { masked, maskOf } from '../../../simulator/wire/fields.js'

const WHOLE = {
  kind: 'list',
  items: [{ name: 'a', size: 1, inner: { x: 1, y: 2 } }, { name: 'b' }],
  next: 'n',
}

describe('a partial answer', () => {
  const cases: readonly [string, unknown][] = [
    ['kind', { kind: 'list' }],
    ['items(name),next', { items: [{ name: 'a' }, { name: 'b' }], next: 'n' }],
    ['items/name', { items: [{ name: 'a' }, { name: 'b' }] }],
    ['items/inner/x', { items: [{ inner: { x: 1 } }, {}] }],
    ['items(name,inner(y))', { items: [{ name: 'a', inner: { y: 2 } }, { name: 'b' }] }],
    ['items(name),items(size)', { items: [{ name: 'a', size: 1 }, { name: 'b' }] }],
    ['items,items(name)', { items: WHOLE.items }],
    ['*', WHOLE],
    ['items/inner/*', { items: [{ inner: { x: 1, y: 2 } }, {}] }],
    ['none', {}],
  ]
  for (const [text, expected] of cases) {
    it(`to ${text} holds what is asked for`, () => {
      const mask = maskOf(text)
      assert.ok(mask)
      assert.deepEqual(masked(WHOLE, mask), expected)
    })
  }

  for (const text of ['a(', 'a)', 'a,', ',a', 'a//b', 'a(b', '(a)', 'a b']) {
    it(`cannot be asked for by ${text}`, () => assert.equal(maskOf(text), undefined))
  }
})
