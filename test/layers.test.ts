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

/** What each room may know of the others. Whatever is not named here is not known. */
const MAY_KNOW: Readonly<Record<string, readonly string[]>> = {
  'model.ts': [],
  'errors.ts': [],
  'version.ts': [],
  'calendar.ts': ['model.ts'],
  'policy/': ['model.ts', 'calendar.ts', 'errors.ts'],
  'report/': ['model.ts', 'calendar.ts', 'policy/'],
  'google/': ['errors.ts'],
  'inventory/': ['model.ts', 'calendar.ts', 'policy/', 'google/'],
  'history/': ['model.ts', 'errors.ts', 'calendar.ts', 'policy/', 'report/', 'google/', 'judged-run.ts'],
  'config/': ['model.ts', 'calendar.ts', 'errors.ts'],
  'simulator/': ['errors.ts'],
  'judged-run.ts': ['model.ts', 'policy/', 'report/', 'history/'],
  'deliver/': ['model.ts', 'calendar.ts', 'errors.ts', 'policy/', 'report/', 'history/', 'judged-run.ts'],
  'run.ts': ['model.ts', 'calendar.ts', 'config/'],
  'stopped-reading.ts': ['model.ts'],
  'interruption.ts': ['google/'],
  'failed-run.ts': [
    'stopped-reading.ts',
    'model.ts',
    'errors.ts',
    'google/',
    'history/',
    'judged-run.ts',
    'report/',
    'version.ts',
  ],
  'assessment.ts': [
    'model.ts',
    'policy/',
    'report/',
    'history/',
    'inventory/',
    'judged-run.ts',
    'version.ts',
  ],
  'doctor/': [
    'model.ts',
    'calendar.ts',
    'errors.ts',
    'policy/',
    'report/',
    'google/',
    'inventory/',
    'history/',
    'deliver/',
  ],
  'policy-source.ts': ['model.ts', 'errors.ts', 'google/', 'policy/'],
  'audit.ts': [
    'model.ts',
    'policy/',
    'inventory/',
    'deliver/',
    'history/',
    'assessment.ts',
    'judged-run.ts',
    'failed-run.ts',
    'stopped-reading.ts',
  ],
}

/** Packages that a pure room may use: they neither read nor write anything. */
const PURE: Readonly<Record<string, readonly string[]>> = {
  'model.ts': [],
  'calendar.ts': ['date-fns', '@date-fns/tz'],
  'policy/': ['zod', 'yaml', 'shlex', 'node:buffer', 'node:crypto'],
  'report/': [
    'canonicalize',
    'csv-stringify',
    'csv-stringify/sync',
    'cli-table3',
    'string-width',
    'picocolors',
    'node:crypto',
    'node:util',
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
        ['google/client.ts', 'deliver/logging.ts', 'deliver/slack.ts'].includes(to) &&
        /import (?!type)[^;]*?(createGoogle|RecordLog|SlackChannel)\b/.test(
          readFileSync(join('src', from), 'utf8'),
        ) &&
        roomOf(from) !== roomOf(to),
    )
    const rooms = new Set(builders.map(({ from }) => roomOf(from)))
    assert.deepEqual([...rooms].sort(), ['assemble.ts', 'assembly/'])
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
    assert.deepEqual(unnamed, [
      'assemble.ts',
      'assembly/',
      'attempt.ts',
      'cli.ts',
      'commands/',
      'handler.ts',
      'index.ts',
    ])
  })
})
