import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'

const PAGE = readFileSync('docs/security.md', 'utf8')

/** The rows of a table of a page, by the heading above it. */
function rowsBelow(heading: string): readonly (readonly string[])[] {
  const [, section = ''] = PAGE.split(`\n## ${heading}\n`)
  const [text = ''] = section.split('\n## ')
  return text
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('|---'))
    .slice(1)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

describe('docs/security.md', () => {
  const rows = rowsBelow('Who can do what')

  it('says of each who can do what, and what comes of it', () => {
    assert.ok(rows.length > 20)
    for (const [, tries, comes, , , test, ...more] of rows) {
      assert.ok(tries && comes && test, tries)
      assert.deepEqual(more, [])
    }
    const who = rows.flatMap(([first = '']) => (first === '' ? [] : [first])).join('; ')
    for (const each of ['project', 'channel', 'call', 'build', 'own identity', 'bucket', 'policy'])
      assert.ok(who.includes(each), each)
  })

  for (const [, tries = '', , , , test = ''] of rows) {
    it(`names a test that is there: ${tries}`, () => {
      const [, file = '', title = ''] = /^`(test\/[a-z0-9/.-]+\.test\.ts)`: “([^”]{15,})”$/.exec(test) ?? []
      assert.ok(existsSync(file), test)
      // as it stands there: a title may be a part of a longer one that is made in a loop
      assert.ok(readFileSync(file, 'utf8').includes(title), test)
    })
  }
})
