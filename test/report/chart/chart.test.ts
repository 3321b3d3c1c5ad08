import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { addDays } from '../../../src/calendar.js'
import { GOOGLE_DEADLINES } from '../../../src/policy/deadlines.js'
import { type ChartRun, chartRun, runsInOrder } from '../../../src/records/trend.js'
import { chartPng } from '../../../src/report/chart/png.js'
import { AS_PICTURE, chartSvg, ON_THE_PAGE, spread } from '../../../src/report/chart/svg.js'
import { chartText } from '../../../src/report/chart/words.js'
import { assertGolden } from '../../golden.js'
import { runsOf } from '../html/scene.js'
import { day, GAP, judged, RUN, runOf } from '../samples.js'

const deadlines = GOOGLE_DEADLINES
const drawn = (runs: readonly ChartRun[], change: Partial<typeof deadlines> = {}) =>
  chartSvg({ runs, deadlines: { ...deadlines, ...change } }, AS_PICTURE)?.markup ?? ''

describe('the chart', () => {
  it('is drawn from three days on', async () => {
    assert.equal(chartSvg({ runs: runsOf(2), deadlines }, AS_PICTURE), undefined)
    assert.equal(chartText({ runs: runsOf(2), deadlines }), undefined)
    assert.equal(await chartPng({ runs: runsOf(2), deadlines }), undefined)
    assert.match(drawn(runsOf(3)), /^<svg /)
  })

  it('takes the last of several runs of a day, and days in any order', () => {
    const [first, second, third] = runsOf(3)
    assert.ok(first && second && third)
    const again = { ...second, complete: true }
    assert.deepEqual(runsInOrder([third, first, second, again]), [first, again, third])
    assert.equal(runsInOrder([first, first, second]), undefined)
  })

  it('takes its numbers from the run record: affected keys, each under its strictest rule, and whether that is all', () => {
    assert.deepEqual(chartRun(runOf([judged()])), {
      day: RUN.asOf,
      complete: true,
      strictest: { 'dormant-key': 0, 'unrestricted-key': 1, 'standard-key': 0 },
    })
    assert.equal(chartRun(runOf([], [GAP])).complete, false)
  })

  it('looks as it should', () => {
    assertGolden(
      'report/chart/chart.svg',
      chartSvg({ runs: runsOf(30), deadlines }, ON_THE_PAGE)?.markup ?? '',
    )
  })

  it('marks a deadline on its day, and names those before or after the time of the chart', () => {
    const date = (days: number) => ({ date: addDays(RUN.asOf, days), precision: 'day' as const })
    const svg = drawn(runsOf(21), {
      'dormant-key': { ...deadlines['dormant-key'], ...date(-10) },
      'standard-key': { ...deadlines['standard-key'], ...date(200) },
    })
    assert.match(svg, />dormant: in force, Nov 13, 2026</)
    assert.match(svg, />‹ unrestricted: in force, Jun 19, 2026</)
    assert.match(svg, />standard: announced for Jun 11, 2027 ›</)
  })

  it('reaches to a deadline that is near, and names a month where no day was given', () => {
    const near = drawn(runsOf(21), {
      'standard-key': { ...deadlines['standard-key'], date: day('2026-12-01') },
    })
    assert.match(near, />standard: announced for Dec 2026</)
  })

  it('leaves out what the policy has switched off', () => {
    const off = drawn(runsOf(3), { 'standard-key': { ...deadlines['standard-key'], date: 'none' } })
    assert.doesNotMatch(off, /announced for/)
  })

  it('each line has a label, a pattern of its own, and hollow dots where a run was incomplete', () => {
    const svg = drawn(runsOf(10))
    assert.match(svg, /21<\/tspan> unrestricted</)
    assert.match(svg, /stroke-dasharray="2 4"/)
    assert.match(svg, /stroke-dasharray="9 4"/)
    assert.match(svg, /incomplete run/)
    assert.doesNotMatch(drawn(runsOf(10).map((run) => ({ ...run, complete: true }))), /incomplete run/)
  })

  it('breaks each line where a run was incomplete or failed, and marks both', () => {
    const runs = runsOf(20).map((run, index) => ({ ...run, complete: index !== 8 }))
    const svg = drawn(runs.map((run, index) => (index === 13 ? { day: run.day, failed: true } : run)))
    const lines = [...svg.matchAll(/<path d="([^"]*)" fill="none" stroke="#[^"]*" stroke-width="2.5"/g)]
    assert.equal(lines.length, 3)
    for (const [, path = ''] of lines) {
      assert.deepEqual(
        path.split('M').map((piece) => piece.split('L').length),
        [1, 8, 4, 6],
        path,
      )
    }
    assert.equal(svg.match(/<circle [^>]* fill="#ffffff"/g)?.length, 3)
    assert.match(svg, />incomplete run</)
    assert.match(svg, />failed run</)
    assert.equal(svg.match(/l8 8m0 -8l-8 8/g)?.length, 2, 'at the run and in the legend')
    const says = chartText({ runs: [...runs.slice(1), { day: day('2026-11-01'), failed: true }], deadlines })
    assert.match(says ?? '', /1 run could not read everything: there may be more keys\. 1 run failed\.$/)
  })

  it('draws nothing for what a run does not say, and never 0 for it', () => {
    const runs = runsOf(10).map(({ strictest = {}, ...run }, index) => {
      const { 'standard-key': _standard, ...without } = strictest
      return index < 5
        ? { ...run, complete: true, strictest: without }
        : { ...run, complete: true, strictest }
    })
    const dashed = /<path d="([^"]*)" fill="none"[^>]*stroke-dasharray="9 4"/.exec(drawn(runs))?.[1] ?? ''
    assert.equal(dashed.split('L').length, 5)
    const silent = runsOf(9).map((run, index) => (index < 6 ? { day: run.day, complete: true } : run))
    assert.match(drawn(silent), /^<svg /)
    assert.equal(chartSvg({ runs: silent.slice(0, 8), deadlines }, AS_PICTURE), undefined)
  })

  it('says in sentences what it shows', () => {
    assert.equal(
      chartText({ runs: runsOf(10), deadlines }),
      '10 runs from November 14, 2026 to November 23, 2026. 2 dormant first and last. 21 without API restriction, down from 30. 58 restricted standard keys, up from 40. Deadlines: dormant keys May 7, 2026 (in force), keys without API restriction June 19, 2026 (in force) and standard keys September 2026 (announced). 1 run could not read everything: there may be more keys.',
    )
  })

  it('is a picture as well, with text in it though the machine may have no font', async () => {
    const png = await chartPng({ runs: runsOf(10), deadlines })
    assert.ok(png)
    assert.equal(png.subarray(1, 4).toString(), 'PNG')
    assert.equal(png.readUInt32BE(16), 1380)
    assert.ok(png.length > 30_000, `${png.length} bytes, so there is no text in it`)
  })
})

describe('labels beside each other', () => {
  it('never cover another, keep their order, and end above the bottom', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 8 }), (heights) => {
        const labels = spread(
          heights.map((y) => ({ y, wanted: y })),
          { between: 16, bottom: 300 },
        )
        for (const [index, { y, wanted }] of labels.entries()) {
          const above = labels[index - 1]
          assert.ok(y <= 300)
          assert.ok(above === undefined || (y - above.y >= 16 && wanted >= above.wanted))
        }
      }),
    )
  })

  it('keep their own places if there is room', () => {
    const labels = [{ y: 10 }, { y: 26 }, { y: 300 }]
    assert.deepEqual(spread(labels, { between: 16, bottom: 300 }), labels)
  })
})
