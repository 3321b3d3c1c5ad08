import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const IMPORT = /(?:from|import\()\s*'([^']+)'/g

/** Every import of `src`: from which file, to which file of `src` or which package. */
function imports(): { from: string; to: string }[] {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )
  return files.flatMap((from) => {
    const text = readFileSync(join('src', from), 'utf8')
    return [...text.matchAll(IMPORT)].map(([, target = '']) => {
      const to = target.startsWith('.') ? join(dirname(from), target).replace(/\.js$/, '.ts') : target
      return { from, to: relative('.', to) }
    })
  })
}

/** `policy/` for a file in that folder, the file's own name for one at the top. */
function roomOf(file: string): string {
  const folder = file.split('/')[0] ?? ''
  return file.includes('/') ? `${folder}/` : file
}

const isOurs = (to: string) => to.endsWith('.ts')

/** What each room may know of the others, from the bottom up. What is not named here is not known. */
const MAY_KNOW: Readonly<Record<string, readonly string[]>> = {
  'model.ts': ['errors.ts'],
  'errors.ts': [],
  'gs-path.ts': [],
  'version.ts': [],
  'body-limit.ts': [],
  'calendar.ts': ['model.ts'],
  'config/': ['model.ts', 'calendar.ts', 'errors.ts', 'gs-path.ts'],
  'policy/': ['model.ts', 'calendar.ts', 'errors.ts'],
  'google/': ['errors.ts', 'gs-path.ts'],
  'records/': ['model.ts', 'calendar.ts', 'errors.ts', 'policy/'],
  'memory/': ['model.ts', 'policy/', 'records/'],
  'inventory/': ['model.ts', 'calendar.ts', 'errors.ts', 'gs-path.ts', 'policy/', 'google/', 'memory/'],
  'history/': ['model.ts', 'calendar.ts', 'errors.ts', 'policy/', 'google/', 'records/', 'memory/'],
  'report/': ['model.ts', 'calendar.ts', 'errors.ts', 'policy/', 'records/'],
  'deliver/': ['model.ts', 'calendar.ts', 'errors.ts', 'policy/', 'records/', 'history/', 'report/'],
  'doctor/': [
    'model.ts',
    'calendar.ts',
    'errors.ts',
    'gs-path.ts',
    'policy/',
    'google/',
    'records/',
    'inventory/',
    'history/',
    'report/',
    'deliver/',
  ],
}

/** Packages that a pure room may use: they neither read nor write anything. */
const PURE: Readonly<Record<string, readonly string[]>> = {
  'model.ts': [],
  'calendar.ts': ['date-fns', '@date-fns/tz'],
  'policy/': ['zod', 'yaml', 'shlex', 'fastest-levenshtein', 'node:buffer', 'node:crypto'],
  'records/': ['canonicalize', 'node:crypto', 'node:util'],
  'report/': [
    'csv-stringify',
    'csv-stringify/sync',
    'cli-table3',
    'string-width',
    'picocolors',
    'node:crypto',
    'node:util',
    'node:zlib',
    '@slack/web-api',
    'd3-scale',
    'd3-shape',
    // Draws a picture in memory, with a font that is a file of a package.
    '@resvg/resvg-js',
    'node:module',
    // Of the report's page, which is bundled and runs in browsers only.
    '@tanstack/virtual-core',
  ],
}

describe('the layers', () => {
  for (const [room, known] of Object.entries(MAY_KNOW)) {
    it(`${room} knows ${known.join(', ') || 'no other'}`, () => {
      const beyond = imports()
        .filter(({ from, to }) => roomOf(from) === room && isOurs(to) && roomOf(to) !== room)
        .filter(({ to }) => !known.includes(roomOf(to)))
      assert.deepEqual(beyond, [])
    })
  }

  for (const [room, packages] of Object.entries(PURE)) {
    it(`${room} is pure: of packages it uses ${packages.join(', ') || 'none'} only`, () => {
      const beyond = imports().filter(({ from, to }) => roomOf(from) === room && !isOurs(to))
      assert.deepEqual(
        beyond.filter(({ to }) => !packages.includes(to)),
        [],
      )
    })
  }

  it('adapters are built in one place only', () => {
    const builders = imports().filter(
      ({ from, to }) =>
        ['google/client.ts', 'deliver/logging.ts', 'deliver/slack/channel.ts'].includes(to) &&
        /import (?!type)[^;]*?(createGoogle|RecordLog|SlackChannel)\b/.test(
          readFileSync(join('src', from), 'utf8'),
        ) &&
        roomOf(from) !== roomOf(to),
    )
    const rooms = new Set(builders.map(({ from }) => roomOf(from)))
    assert.deepEqual([...rooms].sort(), ['run/'])
  })

  it('the whole googleapis is imported nowhere', () => {
    assert.deepEqual(
      imports().filter(({ to }) => to === 'googleapis'),
      [],
    )
  })

  it('every room is named here, or may know everything: the entries, and what they are made of', () => {
    const rooms = new Set(imports().map(({ from }) => roomOf(from)))
    const unnamed = [...rooms].filter((room) => !(room in MAY_KNOW)).sort()
    assert.deepEqual(unnamed, ['cli.ts', 'commands/', 'handler.ts', 'index.ts', 'run/'])
  })
})
