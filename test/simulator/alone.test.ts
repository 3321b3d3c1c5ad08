import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

const HOME = 'simulator'
const IMPORT = /from '(\.[^']+)'/g

describe('the simulator', () => {
  it('shares no code with what it stands in for', () => {
    const files = readdirSync(HOME, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    )
    assert.ok(files.length > 50)
    const foreign = files
      .map((name) => join(HOME, name))
      .flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(IMPORT)]
          .map(([, path = '']) => relative('.', resolve(file, '..', path)))
          .filter((path) => !path.startsWith(`${HOME}/`))
          .map((path) => `${file} imports ${path}`),
      )
    assert.deepEqual(foreign, [])
  })
})
