import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ARCHIVE_MESSAGES } from '../scripts/operate-tables.js'

const page = readFileSync('docs/operate.md', 'utf8')
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join('src', file), 'utf8'))
  .join('\n')
/** As they read once they are put together. */
const sentences = sources.replaceAll(/['`] \+\n\s+['`]/g, '')

describe('docs/operate.md', () => {
  it('knows every reason that the program gives', () => {
    const reasons = new Set(
      [...sources.matchAll(/\b(?:reason|code): '([A-Z_]+)'/g)].map(([, reason]) => reason),
    )
    assert.ok(reasons.size > 20)
    assert.deepEqual(
      [...reasons].filter((reason) => !page.includes(`\`${reason}\``)),
      [],
    )
  })

  it('quotes the archive as it speaks', () => {
    assert.deepEqual(
      ARCHIVE_MESSAGES.map(([, message]) => message).filter((message) => !sentences.includes(message)),
      [],
    )
  })

  it('names no code of the archive that there is none of', () => {
    assert.deepEqual(
      ARCHIVE_MESSAGES.map(([code]) => code).filter(
        (code) => code !== 'none' && !sources.includes(`code: '${code}'`),
      ),
      [],
    )
  })
})
