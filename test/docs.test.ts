import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { documents, filled, madeIn, pages } from '../scripts/pages.js'
import { recordSchemas } from '../scripts/record-schemas.js'
import { roleFiles } from '../scripts/roles.js'
import { tables } from '../scripts/tables.js'

describe('the generated documents', () => {
  it('have a marker for everything that is made, and nothing is made twice', () => {
    const named = Object.values(documents()).flatMap(madeIn)
    assert.deepEqual(named.toSorted(), Object.keys(tables(recordSchemas({ isOpen: true }))).sort())
  })

  it('keep what stands around the markers, and refuse a name that nothing is made for', () => {
    const page =
      'Within <!-- made by npm run docs: a -->1<!-- end --> days.\n\n<!-- made by npm run docs: b -->\nold\n<!-- end -->\nEnd.'
    assert.equal(
      filled(page, { a: '2', b: 'new' }),
      'Within <!-- made by npm run docs: a -->2<!-- end --> days.\n\n<!-- made by npm run docs: b -->\n\nnew\n\n<!-- end -->\nEnd.',
    )
    assert.throws(() => filled(page, { a: '2' }), /name b/)
  })

  for (const [path, text] of Object.entries({ ...pages(), ...roleFiles() })) {
    it(`${path} says what the code says (npm run docs makes it anew)`, () => {
      assert.equal(readFileSync(path, 'utf8'), text)
      assert.doesNotMatch(text, /\[object /)
    })
  }
})
