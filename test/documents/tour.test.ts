import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import * as z from 'zod'
import { readWorld } from '../../simulator/world/file.js'
import { fencesIn } from './fences.js'

/** What the first column of each line of a table names. */
function namedIn(table: string): readonly string[] {
  const first = [...table.matchAll(/^\| (`.*?) \|/gm)].map(([, cell = '']) => cell)
  return first.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
}

/** Files and folders, as the documents write them. */
function entriesOf(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).map((entry) =>
    entry.isDirectory() ? `${entry.name}/` : entry.name,
  )
}

const names = z.record(z.string(), z.string())

describe('the tour', () => {
  const tour = /^## The tour\n([\s\S]*?)^## /m.exec(readFileSync('CONTRIBUTING.md', 'utf8'))?.[1] ?? ''
  const [ours = '', beside = ''] = tour.split('| beside it')

  it('names all of src, and nothing that is not there', () => {
    assert.deepEqual(namedIn(ours).toSorted(), entriesOf('src').toSorted())
  })

  it('names files and folders that are there', () => {
    for (const name of namedIn(beside)) assert.ok(existsSync(name), name)
    const files = [...tour.matchAll(/`([\w/-]+\.ts)`/g)].map(([, name = '']) => name)
    const all = ['src', 'test', 'scripts'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }),
    )
    const every = [...all, ...readdirSync('scripts').map((name) => `scripts/${name}`)]
    for (const name of files)
      assert.ok(
        every.some((path) => path === name || path.endsWith(`/${name}`)),
        name,
      )
  })
})

describe('CONTRIBUTING.md', () => {
  const page = readFileSync('CONTRIBUTING.md', 'utf8')
  const { scripts, dependencies, devDependencies } = z
    .object({ scripts: names, dependencies: names, devDependencies: names })
    .parse(JSON.parse(readFileSync('package.json', 'utf8')))

  /** What npm and Cloud Build run by themselves. */
  const HOOKS = ['prepare', 'prepack', 'pretest', 'gcp-build']

  it('names every script', () => {
    const unnamed = Object.keys(scripts).filter((name) => !new RegExp(`\`npm (?:run )?${name}\\b`).test(page))
    assert.deepEqual(unnamed.toSorted(), HOOKS.toSorted())
  })

  it('says of every dependency what it is for', () => {
    const all = [...Object.keys(dependencies), ...Object.keys(devDependencies)]
    const unnamed = all.filter((name) => !name.startsWith('@types/') && !page.includes(`\`${name}\``))
    assert.deepEqual(unnamed, [])
  })

  it('has a table of what is needed at run time, and of nothing else', () => {
    const table = /\n\| package \| reason \|\n([\s\S]*?)\n\n/.exec(page)?.[1] ?? ''
    const named = namedIn(table)
    assert.deepEqual(named.toSorted(), Object.keys(dependencies).toSorted())
  })
})

describe('simulator/README.md', () => {
  const page = readFileSync('simulator/README.md', 'utf8')

  it('names its folders', () => {
    assert.deepEqual(
      namedIn(page).toSorted(),
      entriesOf('simulator')
        .filter((name) => name.endsWith('/'))
        .toSorted(),
    )
  })

  it('has a world that can be served', () => {
    const [world] = fencesIn(page).filter(({ language }) => language === 'yaml')
    const { organization, projectCount } = readWorld(
      world?.text ?? '',
      'README.md',
      new Date('2026-11-23T07:00:00Z'),
    )
    assert.deepEqual([organization.domain, projectCount], ['acme.example', 3])
  })
})
