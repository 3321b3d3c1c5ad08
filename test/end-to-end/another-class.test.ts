import assert from 'node:assert/strict'
import { parse } from 'csv-parse/sync'
import { ChangedTree } from './changed-tree.js'

/** What a class of traffic is made of. Nothing else in the tree knows of it. */
const ROW = `
  humming: {
    fits: ({ isAcceptedLately, stoppedBy }: TrafficSigns) => isAcceptedLately && stoppedBy === undefined,
    state: 'works',
    meaning: 'It hums.',
    words: () => 'humming along',
    brief: () => 'hums',
    clause: () => 'this key hums',
  },
`

const PROGRAM = 'test/end-to-end/another-class.ts'

describe('Another class of traffic, which is one more row of the table', function () {
  this.timeout(240_000)
  let tree: ChangedTree

  before(async () => {
    tree = await ChangedTree.with([PROGRAM])
    await tree.insert('src/policy/traffic-classes.ts', 'export const TRAFFIC_CLASSES = {', ROW)
    await tree.node('src/cli.ts', 'demo', '--out', 'out')
  })

  after(() => tree.remove())

  it('satisfies the compiler', async () => {
    await assert.doesNotReject(tree.compile())
  })

  it('is found on keys, and said to their owners', async () => {
    const lines = (await tree.read('out/records.ndjson')).split('\n').filter((line) => line !== '')
    const humming = lines.map((line) => JSON.parse(line)).filter(({ usage }) => usage?.traffic === 'humming')
    const overdue = humming.filter(({ verdict }) => verdict === 'overdue')
    assert.ok(overdue.length > 0)
    for (const { impact } of overdue) assert.match(impact, /^This key hums, and can stop any day; /)
  })

  it('stands in the CSV and in the digest', async () => {
    const rows: Record<string, string>[] = parse(await tree.read('out/keys.csv'), { columns: true })
    assert.ok(rows.some((row) => row['traffic'] === 'humming'))
    assert.match(await tree.read('out/slack.json'), /humming along/)
  })

  it('has its place in the schema of the records and in the table for readers', async () => {
    const { schema, table } = JSON.parse(await tree.node(PROGRAM))
    assert.ok(JSON.stringify(schema).includes('"humming"'))
    assert.ok(table.includes('| `humming` | It hums. |'))
  })
})
