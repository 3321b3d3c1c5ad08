import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = join(dirname(fileURLToPath(import.meta.url)), 'golden')

/**
 * Compares text that people read with `test/golden/NAME`. `UPDATE_GOLDEN=1 npm run mocha` writes the file
 * anew; a missing file fails, so that no golden file comes into being unread.
 */
export function assertGolden(name: string, text: string): void {
  const path = join(folder, name)
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  assert.equal(text, readFileSync(path, 'utf8'))
}
