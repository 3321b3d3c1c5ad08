import assert from 'node:assert/strict'
import { parse } from 'csv-parse/sync'
import { ChangedTree } from './changed-tree.js'

/**
 * What two classes of traffic are made of. Nothing else in the tree knows of them. They stand before all others, so
 * that no key is left to the classes of keys that work, and of keys that are refused since they worked.
 */
const ROWS = `
  hushed: {
    fits: ({ stoppedBy }: TrafficSigns) => stoppedBy === 'refusals',
    state: 'stopped',
    isRefusal: true,
    meaning: 'It is hushed.',
    words: () => 'hushed up',
    now: () => 'hushed',
    brief: () => 'hush',
    clause: () => 'this key is hushed',
  },
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

describe('Another class of traffic, which is one more row of the table alone', function () {
  this.timeout(240_000)
  let tree: ChangedTree

  before(async () => {
    tree = await ChangedTree.with([PROGRAM])
    await tree.insert('src/policy/traffic-classes.ts', 'export const TRAFFIC_CLASSES = {', ROWS)
    await tree.node('src/cli.ts', 'demo', '--out', 'out')
  })

  after(() => tree.remove())

  const records = async () =>
    (await tree.read('out/records.ndjson'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))

  it('satisfies the compiler', async () => {
    await assert.doesNotReject(tree.compile())
  })

  it('is found on keys, and said to their owners', async () => {
    const humming = (await records()).filter(({ usage }) => usage?.traffic === 'humming')
    const overdue = humming.filter(({ verdict }) => verdict === 'overdue')
    assert.ok(overdue.length > 0)
    for (const { impact } of overdue) assert.match(impact, /^This key hums, and can stop any day; /)
  })

  it('counts as what its state says: keys that work may be partly failing, and refused ones are counted', async () => {
    const all = await records()
    const run = all.find(({ record }) => record === 'run')
    const { partly } = JSON.parse(await tree.node(PROGRAM))
    assert.equal(partly.traffic, 'humming')
    assert.deepEqual(partly.partlyFailing, { since: '2026-11-24', accepted: 1, calls: 6 })
    assert.ok(run.enforcement['unrestricted-key'].newlyRefused > 0)
    assert.ok(!all.some(({ usage }) => ['accepted', 'newly-refused'].includes(usage?.traffic)))
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
