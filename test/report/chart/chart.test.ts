import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { addDays } from '../../../src/calendar.js'
import { GOOGLE_DEADLINES } from '../../../src/policy/deadlines.js'
import { type ChartRun, chartRun, runsInOrder } from '../../../src/records/trend.js'
import { spread } from '../../../src/report/chart/labels.js'
import { LIGHT, OF_THE_PAGE } from '../../../src/report/chart/palette.js'
import { chartPng } from '../../../src/report/chart/png.js'
import { chartSvg } from '../../../src/report/chart/svg.js'
import { chartText } from '../../../src/report/chart/words.js'
import { assertGolden } from '../../golden.js'
import { runsOf } from '../html/scene.js'
import { day, GAP, judged, RUN, runOf } from '../samples.js'

const deadlines = GOOGLE_DEADLINES
const drawn = (runs: readonly ChartRun[], change: Partial<typeof deadlines> = {}) =>
  chartSvg({ runs, deadlines: { ...deadlines, ...change } }, LIGHT)?.markup ?? ''

describe('the chart', () => {
  it('is drawn from three days on', async () => {
    assert.equal(chartSvg({ runs: runsOf(2), deadlines }, LIGHT), undefined)
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

  it('takes its numbers from the run record: overdue and due keys by rule, and whether that is all', () => {
    assert.deepEqual(chartRun(runOf([judged()])), {
      day: RUN.asOf,
      complete: true,
      rule: {
        'dormant-key': { overdue: 0, due: 0 },
        'unrestricted-key': { overdue: 1, due: 0 },
        'standard-key': { overdue: 1, due: 0 },
      },
    })
    assert.equal(chartRun(runOf([], [GAP])).complete, false)
  })

  it('looks as it should', () => {
    assertGolden(
      'report/chart/chart.svg',
      chartSvg({ runs: runsOf(30), deadlines }, OF_THE_PAGE)?.markup ?? '',
    )
  })

  it('marks a deadline where it lies, and says which lie before or after the time that is shown', () => {
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

  it('says in sentences what it shows', () => {
    assert.equal(
      chartText({ runs: runsOf(10), deadlines }),
      '10 runs from November 14, 2026 to November 23, 2026. 2 dormant keys first and last. 21 unrestricted keys, down from 30. 58 standard keys, up from 40. Deadlines: dormant-key May 7, 2026 (in force), unrestricted-key June 19, 2026 (in force) and standard-key September 2026 (announced). 1 of the runs could not read everything, so that there may be more keys.',
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

  it('stay where they want to stand if there is room', () => {
    const labels = [{ y: 10 }, { y: 26 }, { y: 300 }]
    assert.deepEqual(spread(labels, { between: 16, bottom: 300 }), labels)
  })
})
