import assert from 'node:assert/strict'
import { parse } from 'csv-parse/sync'
import { ChangedTree } from './changed-tree.js'

/** What a rule is made of. Nothing else in the tree knows of it. */
const ROW = `
  'aged-key': {
    title: 'Keys of a great age',
    says: 'A key of a great age.',
    appliesTo: (facts: KeyFacts) => reachesGemini(facts) && facts.apiRestriction === 'gemini-only',
    because: () => 'It is of a great age.',
    deadline: {
      date: '2020-02-02' as Day,
      precision: 'day',
      status: 'in-force',
      source: 'https://example.com/aged',
      checked: '2026-09-25' as Day,
      note: 'They were aged in 2020.',
    },
    words: {
      keys: { one: 'aged key', many: 'aged keys' },
      strictest: { one: 'aged key', many: 'aged keys' },
      matter: 'aged',
      short: 'aged',
      google: 'keys of a great age',
      like: ', such as this one,',
      enforcement: { now: 'dislikes', since: 'has disliked', done: 'disliked' },
    },
    controls: ['SOC CC6.1'],
    style: { color: { light: '#123456', dark: '#abcdef', print: '#654321' }, dashes: '1 1', border: 'dashed' },
  },
`

const POLICY = `
deadlines:
  aged-key: {date: 2031-01-01, reason: later, approved-by: ciso@example.com}
exemptions:
  - {project: acme-web, rule: aged-key, until: 2026-12-31, reason: soon, approved-by: ciso@example.com}
`

const PROGRAM = 'test/end-to-end/fourth-rule.ts'

describe('A fourth rule, which is one more row of the table', function () {
  this.timeout(240_000)
  let tree: ChangedTree

  const left = (file: string) => tree.read(`out/${file}`)

  before(async () => {
    tree = await ChangedTree.with([PROGRAM])
    await tree.insert('src/policy/rules.ts', 'const ROWS = {\n', ROW)
    await tree.node('src/cli.ts', 'demo', '--out', 'out')
  })

  after(() => tree.remove())

  it('satisfies the compiler', async () => {
    await assert.doesNotReject(tree.compile())
  })

  it('is found on keys, reported to their owners, and counted', async () => {
    const records = (await left('records.ndjson'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
    const found = records.filter(({ findings = [] }) =>
      findings.some(({ rule }: Found) => rule === 'aged-key'),
    )
    assert.ok(found.length > 0)
    for (const { findings, impact } of found) {
      assert.deepEqual(findings[0].because, 'It is of a great age.')
      assert.match(impact, /Gemini API has disliked keys of a great age/)
    }
    const open = found.filter(({ verdict }) => verdict === 'overdue')
    const { counts, enforcement, policy } = records.at(-1)
    assert.deepEqual(counts.rule['aged-key'], { due: 0, overdue: open.length })
    assert.equal(enforcement['aged-key'].since, '2020-02-02')
    assert.equal(policy.deadlines['aged-key'].source, 'https://example.com/aged')
  })

  it('stands in the CSV', async () => {
    const rows: Record<string, string>[] = parse(await left('keys.csv'), { columns: true })
    const rules = rows.map((row) => row['rules']?.split(' ') ?? [])
    assert.ok(rules.some(([first]) => first === 'aged-key'))
    assert.ok(rows.some((row) => row['controls']?.split('; ').includes('SOC 2 2017 CC6.1')))
  })

  it('is news in the digest', async () => {
    assert.match(await left('slack.json'), /\d+ aged keys?\b/)
  })

  it('stands in the report, in its colours and with its line', async () => {
    const report = await left('report.html')
    for (const text of ['They were aged in 2020.', '--rule-aged-key:#123456', '--rule-aged-key:#abcdef']) {
      assert.ok(report.includes(text), text)
    }
    assert.match(report, /\.rules \.aged-key\{border-left:4px dashed var\(--rule-aged-key\)\}/)
  })

  it('has a place in the schema of the records, a line in the chart, and a name in the policy', async () => {
    const { schema, chart, moved, exempt } = JSON.parse(await tree.node(PROGRAM, 'aged-key', POLICY))
    assert.ok(JSON.stringify(schema).includes('"aged-key"'))
    assert.match(chart, /stroke="#123456" stroke-width="2.5"[^>]*stroke-dasharray="1 1"/)
    assert.match(chart, /<tspan font-weight="bold">4<\/tspan> aged/)
    assert.match(chart, /aged: in force, Feb 2, 2020/)
    assert.equal(moved[0].deadline.date, '2031-01-01')
    assert.deepEqual(exempt, ['aged-key'])
  })
})

interface Found {
  readonly rule: string
}
