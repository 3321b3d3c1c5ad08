import { line } from 'd3-shape'
import { longMonth, midnight } from '../../calendar.js'
import type { Day } from '../../model.js'
import { RULE_TABLE, RULES, type Rule } from '../../policy/rules.js'
import { affectedBy, type ChartFacts, type ChartRun, runsInOrder } from '../../records/trend.js'
import { type Content, type Markup, markup } from '../html/markup.js'
import { amount } from '../wording.js'
import { type Frame, frameOf, LINE_HEIGHT, type Mark, type Size } from './frame.js'
import { LIGHT, OF_THE_PAGE, type Palette } from './palette.js'
import { CHART_TITLE, chartText } from './words.js'

/** How a chart looks in a place. */
interface Form {
  readonly palette: Palette
  readonly font: string
  readonly size: Size
  /** The deadlines that it names: a page says elsewhere which ones are long past. */
  readonly places: readonly Mark['place'][]
}

/** In the report's page, which has the deadlines in a section of their own. */
export const ON_THE_PAGE: Form = {
  palette: OF_THE_PAGE,
  font: 'inherit',
  size: { width: 520, height: 208, right: 112, bottom: 28, left: 40 },
  places: ['within', 'after'],
}

/** As a picture of its own. */
export const AS_PICTURE: Form = {
  palette: LIGHT,
  font: 'Lato',
  size: { width: 460, height: 300, right: 126, bottom: 30, left: 46 },
  places: ['before', 'within', 'after'],
}

/** More dots than this would hide the pattern of the line; incomplete runs and the last one always have theirs. */
const MOST_DOTS = 12

interface Drawing extends Frame {
  readonly runs: readonly ChartRun[]
  readonly palette: Palette
}

/**
 * The affected keys by rule over time with the deadlines marked, as one SVG element without a style of its
 * own; undefined for fewer than three runs. Lines break where a run was incomplete or failed.
 */
export function chartSvg(facts: ChartFacts, { palette, font, size, places }: Form): Markup | undefined {
  const runs = runsInOrder(facts.runs)
  if (runs === undefined) return undefined
  const drawing = { ...frameOf(runs, facts.deadlines, size, places), runs, palette }
  const { width, height } = size
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="chart-title chart-text" font-family="${font}" font-size="13">
<title id="chart-title">${CHART_TITLE}</title>
<desc id="chart-text">${chartText(facts) ?? ''}</desc>
<rect width="${width}" height="${height}" fill="${palette.surface}"/>
${grid(drawing)}
${days(drawing)}
${marks(drawing)}
${RULES.map((rule) => curve(drawing, rule))}
${failures(drawing)}
${endLabels(drawing)}
${legend(drawing)}
</svg>`
}

function grid({ y, palette, size }: Drawing): Content {
  return y
    .ticks(4)
    .filter(Number.isInteger)
    .map(
      (
        tick,
      ) => markup`<path d="M${size.left} ${rounded(y(tick))}H${size.width - size.right}" stroke="${palette.grid}"/>
<text x="${size.left - 6}" y="${rounded(y(tick) + 4)}" text-anchor="end" fill="${palette.quiet}">${amount(tick)}</text>
`,
    )
}

/** The first and the last run, and what lies between where there is room. */
function days({ x, palette, runs, base }: Drawing): Content {
  const [from = 0, to = 0] = x.range()
  const [first, last] = [runs[0]?.day, runs.at(-1)?.day]
  if (first === undefined || last === undefined) return ''
  const isApart = x(midnight(last)) - from > 90
  return [
    markup`<path d="M${from} ${base}H${to}" stroke="${palette.quiet}"/>
<text x="${from}" y="${base + 19}" fill="${palette.quiet}">${shortDay(first)}</text>
`,
    isApart
      ? markup`<text x="${rounded(x(midnight(last)))}" y="${base + 19}" text-anchor="end" fill="${palette.quiet}">${shortDay(last)}</text>
`
      : '',
  ]
}

/** Deadlines, a line each at the top; a vertical line where they lie within the time shown. */
function marks({ x, palette, marks: all, base }: Drawing): Content {
  const [from = 0, to = 0] = x.range()
  return all.map((mark, index) => {
    const { rule, date, place } = mark
    const at = place === 'before' ? from : place === 'after' ? to : rounded(x(midnight(date)))
    const y = LINE_HEIGHT * (index + 1) - 3
    const anchor = at > (from + to) / 2 ? 'end' : 'start'
    const color = palette.rule[rule]
    const line = markup`<path d="M${at} ${y + 4}V${base}" stroke="${color}" stroke-dasharray="${RULE_TABLE[rule].style.dashes ?? 'none'}"/>
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

/** What a run says of a rule, at its place. */
interface Point {
  readonly run: ChartRun
  readonly at: readonly [x: number, y: number]
}

function curve(drawing: Drawing, rule: Rule): Content {
  const { runs, palette } = drawing
  const color = palette.rule[rule]
  const points = runs.map((run) => pointOf(drawing, run, rule))
  const path = line<Point>(
    ({ at }) => at[0],
    ({ at }) => at[1],
  )
  const pieces = piecesOf(points)
  return markup`<path d="${pieces.map((piece) => path([...piece]) ?? '').join('')}" fill="none" stroke="${color}" stroke-width="2.5" stroke-linejoin="round" stroke-dasharray="${RULE_TABLE[rule].style.dashes ?? 'none'}"/>
${dotted(points, pieces).map(
  ({ run, at }) =>
    markup`<circle cx="${at[0]}" cy="${at[1]}" r="3" fill="${isComplete(run) ? color : palette.surface}" stroke="${color}" stroke-width="1.5"/>
`,
)}`
}

/** Nothing where the run does not say: what is not known has no height. */
function pointOf({ x, y }: Drawing, run: ChartRun, rule: Rule): Point | undefined {
  const keys = affectedBy(run, rule)
  return keys === undefined ? undefined : { run, at: [rounded(x(midnight(run.day))), rounded(y(keys))] }
}

/** The stretches of complete runs that nothing interrupts. */
function piecesOf(points: readonly (Point | undefined)[]): readonly (readonly Point[])[] {
  const pieces: Point[][] = [[]]
  for (const point of points) {
    if (point !== undefined && isComplete(point.run)) pieces.at(-1)?.push(point)
    else pieces.push([])
  }
  return pieces.filter((piece) => piece.length > 0)
}

/** Runs that need a dot: those outside of every line, the last one, and all of them where they are few. */
function dotted(
  points: readonly (Point | undefined)[],
  pieces: readonly (readonly Point[])[],
): readonly Point[] {
  const known = points.filter((point) => point !== undefined)
  if (known.length <= MOST_DOTS) return known
  const alone = pieces.filter(({ length }) => length === 1).flat()
  return known.filter((point) => !isComplete(point.run) || point === known.at(-1) || alone.includes(point))
}

function isComplete(run: ChartRun): boolean {
  return 'complete' in run && run.complete
}

/** A cross on the base line for each run that failed. */
function failures({ runs, x, base, palette }: Drawing): Content {
  return runs
    .filter((run) => 'failed' in run)
    .map((run) => cross(rounded(x(midnight(run.day))), base, palette))
}

function cross(x: number, y: number, palette: Palette): Markup {
  return markup`<path d="M${x - 4} ${y - 4}l8 8m0 -8l-8 8" fill="none" stroke="${palette.text}" stroke-width="2"/>
`
}

/** What each line is and where it ends, beside its end. */
function endLabels({ y, runs, palette, size, base }: Drawing): Content {
  const wanted = RULES.flatMap((rule) => {
    const keys = runs.map((run) => affectedBy(run, rule)).findLast((count) => count !== undefined)
    return keys === undefined ? [] : [{ rule, keys, y: y(keys) + 4 }]
  })
  return spread(wanted, { between: LINE_HEIGHT, bottom: base + 4 }).map(
    ({ rule, keys, y: height }) =>
      markup`<text x="${size.width - size.right + 9}" y="${rounded(height)}" fill="${palette.rule[rule]}"><tspan font-weight="bold">${amount(keys)}</tspan> ${RULE_TABLE[rule].words.short}</text>
`,
  )
}

/** What a hollow dot and a cross mean, where there are some. */
function legend({ x, runs, palette, base }: Drawing): Content {
  const [from = 0, to = 0] = x.range()
  const height = base + 15
  const items = [
    ...(runs.some((run) => 'complete' in run && !run.complete) ? [['incomplete run', 'dot'] as const] : []),
    ...(runs.some((run) => 'failed' in run) ? [['failed run', 'cross'] as const] : []),
  ]
  const left = (from + to) / 2 - 56 * items.length
  return items.map(([text, mark], index) => {
    const at = left + 120 * index
    const sign =
      mark === 'cross'
        ? cross(at, height, palette)
        : markup`<circle cx="${at}" cy="${height}" r="3" fill="none" stroke="${palette.quiet}" stroke-width="1.5"/>
`
    return markup`${sign}<text x="${at + 8}" y="${height + 4}" fill="${palette.quiet}">${text}</text>
`
  })
}

/** A label that wants to stand at a height. */
interface Wish {
  readonly y: number
}

/**
 * The labels at heights where none covers another: as near to where they want to stand as their order and the
 * bottom allow.
 */
export function spread<Label extends Wish>(
  labels: readonly Label[],
  { between, bottom }: { readonly between: number; readonly bottom: number },
): readonly Label[] {
  const sorted = [...labels].sort((one, other) => one.y - other.y)
  let above = Number.NEGATIVE_INFINITY
  const pushedDown = sorted.map((label) => {
    above = Math.max(label.y, above + between)
    return { ...label, y: above }
  })
  let below = bottom + between
  return pushedDown
    .reverse()
    .map((label) => {
      below = Math.min(label.y, below - between)
      return { ...label, y: below }
    })
    .reverse()
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
