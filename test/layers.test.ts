import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { circlesIn, filesOf, type Import, importsOf } from '../scripts/imports.js'

const FILES = filesOf('src')

/** Every import of `src`: from which file, to which file of `src` or which package. */
function imports(): readonly Import[] {
  return importsOf(FILES).map(({ from, to }) => ({
    from: relative('src', from),
    to: to.endsWith('.ts') ? relative('src', to) : to,
  }))
}

/** `policy/` for a file in that folder, the file's own name for one at the top. */
function roomOf(file: string): string {
  const folder = file.split('/')[0] ?? ''
  return file.includes('/') ? `${folder}/` : file
}

const isOurs = (to: string) => to.endsWith('.ts')

/** What each room may know of the others, from the bottom up. What is not named here is not known. */
const MAY_KNOW: Readonly<Record<string, readonly string[]>> = {
  'account.ts': [],
  'model.ts': ['account.ts', 'errors.ts'],
  'errors.ts': [],
  'gs-path.ts': [],
  'grpc-status.ts': [],
  'version.ts': [],
  'calendar.ts': ['model.ts'],
  'config/': ['model.ts', 'calendar.ts', 'errors.ts', 'gs-path.ts'],
  'policy/': ['account.ts', 'model.ts', 'calendar.ts', 'errors.ts'],
  'google/': ['errors.ts', 'gs-path.ts', 'grpc-status.ts'],
  'records/': ['account.ts', 'model.ts', 'calendar.ts', 'errors.ts', 'policy/'],
  'memory/': ['account.ts', 'model.ts', 'policy/', 'records/'],
  'inventory/': [
    'account.ts',
    'model.ts',
    'calendar.ts',
    'errors.ts',
    'gs-path.ts',
    'policy/',
    'google/',
    'memory/',
  ],
  'history/': [
    'account.ts',
    'model.ts',
    'calendar.ts',
    'errors.ts',
    'policy/',
    'google/',
    'records/',
    'memory/',
  ],
  'report/': ['account.ts', 'model.ts', 'calendar.ts', 'errors.ts', 'policy/', 'records/'],
  'deliver/': [
    'account.ts',
    'model.ts',
    'calendar.ts',
    'errors.ts',
    'grpc-status.ts',
    'policy/',
    'records/',
    'history/',
    'report/',
  ],
  'doctor/': [
    'account.ts',
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
  'account.ts': [],
  'model.ts': [],
  'calendar.ts': ['date-fns', '@date-fns/tz'],
  'policy/': ['zod', 'yaml', 'shlex', 'fastest-levenshtein', 'node:buffer', 'node:crypto'],
  'records/': ['canonicalize', 'node:crypto', 'node:util'],
  'report/': [
    'csv-stringify',
    'csv-stringify/sync',
    'cli-table3',
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

/** Files that read sentences all the same, with what for: words of others, or text that is only printed. */
const READS_TEXT: Readonly<Record<string, string>> = {
  'commands/terminal.ts': 'prints text line by line',
  'deliver/slack/failure.ts': "reads the messages of Slack's client, where it gives no code to go by",
  'google/failure.ts': "reads Google's message, where Google gives no reason to go by",
  'inventory/failures.ts': "looks for a project's name in Google's message",
  'policy/document.ts': 'shortens what the YAML parser says',
}

const SENTENCE = String.raw`\b(?:message|because|fix|error|says?|sentence|detail|cause|impact|reason|advice)\b`
const METHOD =
  '(?:match|matchAll|startsWith|endsWith|includes|search|replace|replaceAll|split|slice|substring|indexOf)'
const READING = new RegExp(
  String.raw`${SENTENCE}(?:\(\))?\??\.${METHOD}\(|\.(?:test|exec)\([^()]*${SENTENCE}[^()]*\)`,
)

/** Code that builds what speaks to Google, to Slack or to the place of an archive. */
const BUILDS_ADAPTER =
  /(?<!function )\bcreateGoogle\s*\(|\bnew\s+(?:RecordLog|SlackChannel|SlackTrial|BucketStore|DirectoryStore)\b/

describe('the layers', () => {
  it('no files import each other in a circle', () => {
    assert.deepEqual(circlesIn(importsOf([...FILES, ...filesOf('simulator')])), [])
  })

  it('a circle would be found', () => {
    const way = [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'c' },
      { from: 'c', to: 'b' },
    ]
    assert.deepEqual(circlesIn(way), [['b', 'c']])
  })

  it('the simulator knows nothing of src, and of src the commands alone know it', () => {
    assert.deepEqual(
      importsOf(filesOf('simulator')).filter(({ to }) => to.startsWith('src/')),
      [],
    )
    const users = importsOf(FILES).filter(({ to }) => to.startsWith('simulator/'))
    assert.ok(users.length > 0)
    assert.deepEqual(
      users.filter(({ from }) => !from.startsWith('src/commands/')),
      [],
    )
  })

  it('on function/ index.ts alone builds', () => {
    const users = imports().filter(
      ({ from, to }) => roomOf(to) === 'function/' && roomOf(from) !== 'function/',
    )
    assert.deepEqual([...new Set(users.map(({ from }) => from))], ['index.ts'])
  })

  it('no code reads a sentence that our code wrote', () => {
    const readers = FILES.map((file) => relative('src', file)).filter((file) =>
      READING.test(readFileSync(join('src', file), 'utf8')),
    )
    assert.deepEqual(readers.sort(), Object.keys(READS_TEXT).sort())
  })

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

  it('adapters are built in run/ alone, wherever their classes lie', () => {
    const builders = FILES.filter((file) => BUILDS_ADAPTER.test(readFileSync(file, 'utf8')))
    const rooms = new Set(builders.map((file) => roomOf(relative('src', file))))
    assert.deepEqual([...rooms], ['run/'])
    assert.ok(builders.includes(join('src', 'run', 'assemble.ts')))
  })

  for (const code of [
    '= createGoogle({',
    'createGoogle ({',
    'new SlackChannel(',
    'of(new  BucketStore(google',
  ]) {
    it(`${code} builds an adapter`, () => assert.match(code, BUILDS_ADAPTER))
  }

  for (const code of [
    'export function createGoogle(options',
    'import { createGoogle }',
    'class RecordLog {',
  ]) {
    it(`${code} builds none`, () => assert.doesNotMatch(code, BUILDS_ADAPTER))
  }

  it('the whole googleapis is imported nowhere', () => {
    assert.deepEqual(
      imports().filter(({ to }) => to === 'googleapis'),
      [],
    )
  })

  it('every room is named here, or may know everything: the entries, and what they are made of', () => {
    const rooms = new Set(imports().map(({ from }) => roomOf(from)))
    const unnamed = [...rooms].filter((room) => !(room in MAY_KNOW)).sort()
    assert.deepEqual(unnamed, ['cli.ts', 'commands/', 'function/', 'index.ts', 'run/'])
  })
})
