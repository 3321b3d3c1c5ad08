import assert from 'node:assert/strict'
import { documents } from './fences.js'

const WIDEST = 120
/** What is made by npm run docs, and fences. */
const NOT_WRITTEN = /<!-- made by npm run docs: [\w-]+ -->\n[\s\S]*?^<!-- end -->$|^\s*```[\s\S]*?^\s*```$/gm

/** Lines of prose that are wider than the editor is told: tables, pictures and titles cannot be wrapped. */
function wideLines(markdown: string): readonly string[] {
  return markdown
    .replaceAll(NOT_WRITTEN, '')
    .split('\n')
    .filter((line) => [...line].length > WIDEST && !/^(\||#|\s*<)/.test(line))
    .filter((line) => !line.includes('<!-- made by'))
}

describe('the prose of the documents', () => {
  for (const [page, markdown] of documents()) {
    it(`of ${page} is at most ${WIDEST} columns wide`, () => {
      assert.deepEqual(wideLines(markdown), [])
    })
  }
})
