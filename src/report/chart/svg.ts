import { line } from 'd3-shape'
import { longMonth } from '../../calendar.js'
import type { Day } from '../../model.js'
import { RULE_TABLE, RULES, type Rule } from '../../policy/rules.js'
import { affectedBy, type ChartFacts, type ChartRun, runsInOrder } from '../../records/trend.js'
import { type Content, type Markup, markup } from '../html/markup.js'
import { type Frame, frameOf, LINE_HEIGHT, type Mark, SIZE, startOf } from './frame.js'
import { spread } from './labels.js'
import type { Palette } from './palette.js'
import { CHART_TITLE, chartText } from './words.js'

/** More dots than this would hide the pattern of the line; incomplete runs and the last one always have theirs. */
const MOST_DOTS = 12

interface Drawing extends Frame {
  readonly runs: readonly ChartRun[]
  readonly palette: Palette
}

/**
 * The affected keys by rule over time with the deadlines marked, as one SVG element without a style of its
 * own; undefined for fewer than three runs.
 */
export function chartSvg(facts: ChartFacts, palette: Palette, font = 'inherit'): Markup | undefined {
  const runs = runsInOrder(facts.runs)
  if (runs === undefined) return undefined
  const drawing = { ...frameOf(runs, facts.deadlines), runs, palette }
  const { width, height } = SIZE
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="chart-title chart-text" font-family="${font}" font-size="13">
<title id="chart-title">${CHART_TITLE}</title>
<desc id="chart-text">${chartText(facts) ?? ''}</desc>
<rect width="${width}" height="${height}" fill="${palette.surface}"/>
${grid(drawing)}
${days(drawing)}
${marks(drawing)}
${RULES.map((rule) => curve(drawing, rule))}
${endLabels(drawing)}
${legend(drawing)}
</svg>`
}

function grid({ y, palette }: Drawing): Content {
  return y
    .ticks(4)
    .filter(Number.isInteger)
    .map(
      (
        tick,
      ) => markup`<path d="M${SIZE.left} ${rounded(y(tick))}H${SIZE.width - SIZE.right}" stroke="${palette.grid}"/>
<text x="${SIZE.left - 6}" y="${rounded(y(tick) + 4)}" text-anchor="end" fill="${palette.quiet}">${tick.toLocaleString('en-US')}</text>
`,
    )
}

/** The first and the last run, and what lies between where there is room. */
function days({ x, palette, runs }: Drawing): Content {
  const [from = 0, to = 0] = x.range()
  const [first, last] = [runs[0]?.day, runs.at(-1)?.day]
  if (first === undefined || last === undefined) return ''
  const isApart = x(startOf(last)) - from > 90
  const base = SIZE.height - SIZE.bottom
  return [
    markup`<path d="M${from} ${base}H${to}" stroke="${palette.quiet}"/>
<text x="${from}" y="${base + 19}" fill="${palette.quiet}">${shortDay(first)}</text>
`,
    isApart
      ? markup`<text x="${rounded(x(startOf(last)))}" y="${base + 19}" text-anchor="end" fill="${palette.quiet}">${shortDay(last)}</text>
`
      : '',
  ]
}

/** Deadlines, a line each at the top; a vertical line where they lie within the time shown. */
function marks({ x, palette, marks: all }: Drawing): Content {
  const [from = 0, to = 0] = x.range()
  return all.map((mark, index) => {
    const { rule, date, place } = mark
    const at = place === 'before' ? from : place === 'after' ? to : rounded(x(startOf(date)))
    const y = LINE_HEIGHT * (index + 1) - 3
    const anchor = at > (from + to) / 2 ? 'end' : 'start'
    const color = palette.rule[rule]
    const line = markup`<path d="M${at} ${y + 4}V${SIZE.height - SIZE.bottom}" stroke="${color}" stroke-dasharray="${RULE_TABLE[rule].style.dashes ?? 'none'}"/>
`
    return markup`${place === 'within' ? line : ''}<text x="${at}" y="${y}" text-anchor="${anchor}" fill="${color}">${markText(mark)}</text>
`
  })
}

function markText({ rule, date, precision, status, place }: Mark): string {
  const day = precision === 'day' ? `${shortDay(date)}, ${date.slice(0, 4)}` : shortMonth(date)
  const text = `${RULE_TABLE[rule].words.short}: ${status === 'announced' ? 'announced for' : 'in force,'} ${day}`
  switch (place) {
    case 'before':
      return `‹ ${text}`
    case 'within':
      return text
    case 'after':
      return `${text} ›`
  }
}

function curve({ x, y, runs, palette }: Drawing, rule: Rule): Content {
  const color = palette.rule[rule]
  const path = line<ChartRun>(
    (run) => rounded(x(startOf(run.day))),
    (run) => rounded(y(affectedBy(run, rule))),
  )
  const dots = runs.length <= MOST_DOTS ? runs : runs.filter((run) => !run.complete || run === runs.at(-1))
  return markup`<path d="${path([...runs]) ?? ''}" fill="none" stroke="${color}" stroke-width="2.5" stroke-linejoin="round" stroke-dasharray="${RULE_TABLE[rule].style.dashes ?? 'none'}"/>
${dots.map(
  (run) =>
    markup`<circle cx="${rounded(x(startOf(run.day)))}" cy="${rounded(y(affectedBy(run, rule)))}" r="3" fill="${run.complete ? color : palette.surface}" stroke="${color}" stroke-width="1.5"/>
`,
)}`
}

/** What each line is and where it ends, beside its end. */
function endLabels({ y, runs, palette }: Drawing): Content {
  const last = runs.at(-1)
  if (last === undefined) return ''
  const wanted = RULES.map((rule) => ({ rule, y: y(affectedBy(last, rule)) + 4 }))
  const between = { between: LINE_HEIGHT, bottom: SIZE.height - SIZE.bottom + 4 }
  return spread(wanted, between).map(
    ({ rule, y: height }) =>
      markup`<text x="${SIZE.width - SIZE.right + 9}" y="${rounded(height)}" fill="${palette.rule[rule]}"><tspan font-weight="bold">${affectedBy(last, rule).toLocaleString('en-US')}</tspan> ${RULE_TABLE[rule].words.short}</text>
`,
  )
}

/** What a hollow dot means, where there is one. */
function legend({ x, runs, palette }: Drawing): Content {
  if (runs.every(({ complete }) => complete)) return ''
  const [from = 0, to = 0] = x.range()
  const [middle, base] = [(from + to) / 2, SIZE.height - SIZE.bottom + 15]
  return markup`<circle cx="${middle - 48}" cy="${base}" r="3" fill="none" stroke="${palette.quiet}" stroke-width="1.5"/>
<text x="${middle - 40}" y="${base + 4}" fill="${palette.quiet}">incomplete run</text>`
}

/** `Nov 23`. */
function shortDay(day: Day): string {
  return `${longMonth(day).slice(0, 3)} ${Number(day.slice(8))}`
}

/** `Nov 2026`. */
function shortMonth(day: Day): string {
  return `${longMonth(day).slice(0, 3)} ${day.slice(0, 4)}`
}

function rounded(length: number): number {
  return Math.round(length * 10) / 10
}
