import assert from 'node:assert/strict'
import { parse } from 'csv-parse/sync'
import { ChangedTree } from './changed-tree.js'

/** What a row of hygiene is made of. Nothing else in the tree knows of it. */
const ROW = `
  'auth-key-purple': {
    title: 'A purple auth key',
    says: 'An auth key is purple.',
    severity: 'WARNING',
    type: 'auth',
    appliesTo: ({ apiRestriction }: KeyFacts) => apiRestriction === 'gemini-only',
    because: () => 'It is purple.',
    remedy: 'own-account',
    words: { keys: { one: 'is purple', many: 'are purple' }, matter: 'it is purple' },
    controls: ['ISO A.8.5'],
  },
`

const POLICY = `
exemptions:
  - {project: acme-web, rule: auth-key-purple, until: 2026-12-31, reason: soon, approved-by: ciso@example.com}
`

const PROGRAM = 'test/end-to-end/another-hygiene-row.ts'

describe('Another row of hygiene, which is one more row of the table', function () {
  this.timeout(240_000)
  let tree: ChangedTree

  before(async () => {
    tree = await ChangedTree.with([PROGRAM])
    await tree.insert('src/policy/hygiene.ts', 'const ROWS = {\n', ROW)
    await tree.node('src/cli.ts', 'demo', '--out', 'out')
  })

  after(() => tree.remove())

  it('satisfies the compiler', async () => {
    await assert.doesNotReject(tree.compile())
  })

  it('is found on keys with its steps, and counted', async () => {
    const lines = (await tree.read('out/records.ndjson')).split('\n').filter((line) => line !== '')
    const records = lines.map((line) => JSON.parse(line))
    const found = records.filter(({ hygiene = [] }) => hygiene[0]?.id === 'auth-key-purple')
    assert.ok(found.length > 0)
    for (const { hygiene, verdict } of found) {
      assert.equal(verdict, 'compliant')
      assert.equal(hygiene[0].because, 'It is purple.')
      assert.ok(hygiene[0].steps.length > 0)
    }
    assert.equal(records.at(-1).counts.hygiene['auth-key-purple'], found.length)
  })

  it('stands in the CSV, the digest and the report', async () => {
    const rows: Record<string, string>[] = parse(await tree.read('out/keys.csv'), { columns: true })
    const purple = rows.filter(({ hygiene }) => hygiene?.split(' ').includes('auth-key-purple'))
    assert.ok(purple.length > 0)
    assert.match(purple[0]?.['controls'] ?? '', /A\.8\.5/)
    assert.match(await tree.read('out/slack.json'), /keys to look at, .*\d+ are purple/)
    const report = await tree.read('out/report.html')
    assert.ok(report.includes('<option value="auth-key-purple">A purple auth key</option>'))
  })

  it('has its place in the schema of the records, the table for readers, and a name in the policy', async () => {
    const { schema, table, exempt } = JSON.parse(await tree.node(PROGRAM, POLICY))
    for (const record of ['key', 'run'])
      assert.ok(JSON.stringify(schema[record]).includes('"auth-key-purple"'))
    assert.match(
      table,
      /### `auth-key-purple`: A purple auth key\n\nAn auth key is purple\.\n\nSeverity WARNING\./,
    )
    assert.deepEqual(exempt, ['auth-key-purple'])
  })
})
