import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import * as fc from 'fast-check'
import { type Terminal, widthOf } from '../../src/commands/terminal.js'
import { VERDICTS } from '../../src/model.js'
import { TRAFFIC } from '../../src/policy/traffic-classes.js'
import type { KeyRecord } from '../../src/records/key-record.js'
import { MOST_ROWS, table, tableReport } from '../../src/report/table.js'
import { affectedOf } from '../affected.js'
import { assertGolden } from '../golden.js'
import { day, FACTS, GAP, gathered, judged, NO_POLICY, PROJECT, RUN, record, runOf } from './samples.js'

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

const gemini = { accepted: 24_000, acceptedLately: 23_200, refused: 0, failed: 0 }
const known = {
  since: day('2026-10-12'),
  gemini: { ...gemini, lastAccepted: day('2026-11-04') },
  services: [],
}
const used: readonly KeyRecord[] = [
  ...TRAFFIC.filter((traffic) => traffic !== 'unknown').map((traffic) => ({
    ...record({ uid: traffic, displayName: `A key with the traffic ${traffic}` }),
    usage: { ...known, traffic },
  })),
  ...every.map((each) => ({ ...each, usage: { unknown: 'it was not read' } })),
]

describe('the table', () => {
  it('has a line a key', () => {
    assertGolden('report/table.txt', table([...every, hostile], { width: 140, color: false }))
  })

  for (const width of [80, 100, 160]) {
    it(`is as wide as what it holds and no wider than a terminal of ${width} columns`, () => {
      const drawn = table([...used, hostile], { width, color: false })
      assertGolden(`report/table-${width}.txt`, drawn)
      assert.ok((drawn.split('\n')[0]?.length ?? 0) <= width)
    })
  }

  it('leaves out columns before names are cut to nothing', () => {
    assertGolden('report/table-narrow.txt', table(every, { width: 60, color: false }))
  })

  it('cuts no name as long as there is room, and one character of the longest where one is missing', () => {
    const room = table(used, { width: 0, color: false }).split('\n')[0]?.length ?? 0
    assert.doesNotMatch(table(used, { width: room, color: false }), /…/)
    assert.equal(table(used, { width: room - 1, color: false }).match(/…/g)?.length, 1)
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
    assert.ok(colored.includes('\u001b[31m▲\u001b[39m'))
    assert.equal(stripVTControlCharacters(colored), plain)
  })
})

describe('the width of the table', () => {
  const widthWith = (columns: number | undefined, env: Terminal['env']) => {
    const out = Object.assign(new PassThrough(), columns === undefined ? {} : { columns })
    return widthOf({ out, err: new PassThrough(), env, now: () => new Date(0) })
  }
  const expected: readonly [number | undefined, string | undefined, number][] = [
    [90, undefined, 90],
    [90, '120', 120],
    [undefined, '120', 120],
    [undefined, undefined, 160],
    ...['', '0', '-1', '1e3', '100000', 'wide'].map((text) => [90, text, 90] as [number, string, number]),
  ]
  for (const [columns, asked, width] of expected) {
    it(`is ${width} on ${columns ?? 'a pipe'} where COLUMNS is ${asked ?? 'not set'}`, () => {
      assert.equal(widthWith(columns, asked === undefined ? {} : { COLUMNS: asked }), width)
    })
  }
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
    assert.match(
      report(many.slice(0, MOST_ROWS), many),
      /\nand 2 more keys: --output csv=FILE has them all\n/,
    )
    assert.doesNotMatch(report(many.slice(0, 1_000), many.slice(0, 1_000)), /more key/)
  })
})
