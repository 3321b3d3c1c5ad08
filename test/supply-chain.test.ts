import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ACCEPTED } from '../scripts/licenses.js'
import { lockedPackages } from '../scripts/lock-file.js'
import { ChangedTree } from './end-to-end/changed-tree.js'
import { inDirectory } from './end-to-end/remembered.js'
import { UNCOVERED } from './end-to-end/stage.js'

const npm = (...command: readonly string[]): string =>
  execFileSync('npm', command, {
    encoding: 'utf8',
    env: { ...process.env, ...UNCOVERED },
    stdio: ['ignore', 'pipe', 'ignore'],
  })

/** What is packed beside the program. */
const PACKED = [
  'schema',
  'scheduler.yaml',
  'cloudbuild.yaml',
  'deploy',
  'CHANGELOG.md',
  'SECURITY.md',
  'README.md',
]

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

describe('what comes along with the program', () => {
  it('has an exact version in package.json', () => {
    const { dependencies, devDependencies }: Manifest = JSON.parse(readFileSync('package.json', 'utf8'))
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
    )
    assert.deepEqual(loose, [])
  })

  it('has a licence that is accepted, and no licence is accepted that nothing has', () => {
    const packages = lockedPackages()
    assert.ok(packages.length > 100)
    assert.deepEqual(
      packages.filter(({ license }) => !Object.hasOwn(ACCEPTED, license)),
      [],
    )
    const used = new Set(packages.map(({ license }) => license))
    assert.deepEqual(
      Object.keys(ACCEPTED).filter((license) => !used.has(license)),
      [],
    )
  })

  it('is listed in the bill of materials with the digest of its archive, the same each time', async () => {
    await inDirectory(async (directory) => {
      const [one, two] = ['one.json', 'two.json'].map((name) => join(directory, name))
      for (const file of [one, two]) npm('run', 'sbom', '--', file ?? '')
      const text = readFileSync(one ?? '', 'utf8')
      assert.equal(readFileSync(two ?? '', 'utf8'), text)
      const bill = JSON.parse(text)
      assert.deepEqual([bill.bomFormat, bill.metadata.component.name], ['CycloneDX', 'gemini-key-audit'])
      const listed = new Map<string, string>(
        bill.components.map((each: { name: string; version: string; hashes: { content: string }[] }) => [
          `${each.name}@${each.version}`,
          each.hashes[0]?.content,
        ]),
      )
      const expected = lockedPackages().map(({ name, version, integrity }) => [
        `${name}@${version}`,
        Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex'),
      ])
      assert.deepEqual(
        expected.map(([id = '']) => [id, listed.get(id)]),
        expected,
      )
    })
  }).timeout(60_000)

  it('is packed into the same bytes each time', async () => {
    const tree = await ChangedTree.with([...PACKED, 'package-lock.json']) // packing builds, and other tests run what is built here
    try {
      const digests = [1, 2].map(() => {
        const [{ filename }] = JSON.parse(
          npm('pack', tree.folder, '--json', '--pack-destination', tree.folder),
        )
        return createHash('sha256')
          .update(readFileSync(join(tree.folder, filename)))
          .digest('hex')
      })
      assert.equal(digests[0], digests[1])
    } finally {
      await tree.remove()
    }
  }).timeout(120_000)
})
