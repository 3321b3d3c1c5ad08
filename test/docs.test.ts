import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { pages } from '../scripts/pages.js'
import { roleFiles } from '../scripts/roles.js'

describe('the generated documents', () => {
  for (const [path, text] of Object.entries({ ...pages(), ...roleFiles() })) {
    it(`${path} says what the code says (npm run docs makes it anew)`, () => {
      assert.equal(readFileSync(path, 'utf8'), text)
    })
  }
})
