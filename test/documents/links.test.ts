import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { documents } from './fences.js'

/** A link to a file or a heading: its path, empty for the page itself, and its anchor. */
const LINK = /\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(path: string): readonly string[] {
  const written = readFileSync(path, 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, '')
  return [...written.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}

describe('the links of the documents', () => {
  for (const [page, markdown] of documents()) {
    it(`of ${page} lead to files and headings that are there`, () => {
      for (const [link, path = '', anchor] of markdown.matchAll(LINK)) {
        const target = path === '' ? page : join(dirname(page), path)
        assert.ok(existsSync(target), link)
        if (anchor !== undefined && target.endsWith('.md'))
          assert.ok(anchorsOf(target).includes(anchor), link)
      }
    })
  }
})
