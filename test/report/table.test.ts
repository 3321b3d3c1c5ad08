import assert from 'node:assert/strict'
import { stripVTControlCharacters } from 'node:util'
import * as fc from 'fast-check'
import { VERDICTS } from '../../src/model.js'
import { affectedOf } from '../../src/report/affected.js'
import { table } from '../../src/report/table.js'
import { MOST_ROWS, tableReport } from '../../src/report/table-report.js'
import { assertGolden } from '../golden.js'
import { FACTS, GAP, gathered, judged, NO_POLICY, PROJECT, RUN, record, runOf } from './samples.js'

const every = VERDICTS.map((verdict, index) =>
  record(
    { uid: `${index}`, displayName: `Key ${verdict}` },
    { judgement: { verdict, findings: verdict === 'overdue' ? judged().judgement.findings : [], notes: [] } },
  ),
)
const hostile = record(
  { displayName: '\u001b[2J\u001b[31mred\u202e\r\nsecond \u{1f600}' },
  { facts: { ...FACTS, project: { ...PROJECT, id: 'x'.repeat(200) } } },
)

describe('the table', () => {
  it('has a line a key', () => {
    assertGolden('report/table.txt', table([...every, hostile], { width: 140, color: false }))
  })

  it('leaves out columns where the terminal is narrow', () => {
    assertGolden('report/table-narrow.txt', table(every, { width: 70, color: false }))
  })

  it('fits the terminal whatever the names', () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 80 })
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 250 }), name, name, (width, displayName, owner) => {
        const drawn = table([record({ displayName }, { owner }), hostile], { width, color: true })
        const lines = stripVTControlCharacters(drawn).trimEnd().split('\n')
        assert.equal(lines.length, 6)
        assert.ok((lines[0]?.length ?? 0) <= width, `${lines[0]?.length} > ${width}`)
      }),
    )
  })

  it('cuts nothing where there is no width', () => {
    assert.match(table([hostile], { width: 0, color: false }), /x{200}/)
  })

  it('sends nothing but colours, and these only where they are wanted', () => {
    const plain = table([...every, hostile], { width: 120, color: false })
    const colored = table([...every, hostile], { width: 120, color: true })
    assert.doesNotMatch(plain.replaceAll('\n', ''), /\p{Cc}/u)
    assert.ok(colored.includes('\u001b[31moverdue\u001b[39m'))
    assert.equal(stripVTControlCharacters(colored), plain)
  })
})

describe('the report for terminals', () => {
  const report = (keys = every, affected = [record()]) =>
    tableReport(
      {
        record: runOf([judged()], [GAP]),
        affected: affectedOf(affected),
        gaps: gathered([GAP]).records(RUN),
        policy: NO_POLICY,
        keys,
      },
      { width: 120, color: false },
    )

  it('says the worst first, then the keys, then the rest', () => {
    assertGolden('report/table-report.txt', report())
  })

  it('shows a thousand keys, and says how many more there are', () => {
    const many = Array.from({ length: 1_002 }, (_none, index) => record({ uid: `${index}` }))
    assert.match(report(many.slice(0, MOST_ROWS), many), /\nand 2 more keys: --format csv has them all\n/)
    assert.doesNotMatch(report(many.slice(0, 1_000), many.slice(0, 1_000)), /more key/)
  })
})
