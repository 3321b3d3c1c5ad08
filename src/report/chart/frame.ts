import { type ScaleLinear, type ScaleTime, scaleLinear, scaleUtc } from 'd3-scale'
import { addDays, daysBetween, midnight } from '../../calendar.js'
import type { Day, DeadlineStatus } from '../../model.js'
import { RULES, type Rule } from '../../policy/rules.js'
import { affectedBy, type ChartFacts, type ChartRun } from '../../records/trend.js'

export const LINE_HEIGHT = 16

/** A picture in its own units; 13 units of its text can be read on a phone. */
export interface Size {
  readonly width: number
  readonly height: number
  readonly right: number
  readonly bottom: number
  readonly left: number
}

/** Where things stand. */
export interface Frame {
  readonly size: Size
  /** Where the lines begin, below the deadlines. */
  readonly top: number
  readonly base: number
  readonly x: ScaleTime<number, number>
  readonly y: ScaleLinear<number, number>
  readonly marks: readonly Mark[]
}

/** A deadline: within the time shown, or before or after it. */
export interface Mark {
  readonly rule: Rule
  readonly date: Day
  readonly precision: 'day' | 'month'
  readonly status: DeadlineStatus
  readonly place: 'before' | 'within' | 'after'
}

/** The share of the width that a coming deadline may add. */
const AHEAD = 0.5

/** The frame of a chart of these runs, oldest first; `places`: the deadlines that it names. */
export function frameOf(
  runs: readonly ChartRun[],
  deadlines: ChartFacts['deadlines'],
  size: Size,
  places: readonly Mark['place'][],
): Frame {
  const dates = RULES.flatMap((rule) => {
    const { date, precision, status } = deadlines[rule]
    return date === 'none' ? [] : [{ rule, date, precision, status }]
  })
  const [from, to] = daysShown(
    runs,
    dates.map(({ date }) => date),
  )
  const marks = dates.map((mark) => ({ ...mark, place: placeOf(mark.date, from, to) }))
  const visible = marks.filter(({ place }) => places.includes(place))
  const [top, base] = [8 + LINE_HEIGHT * visible.length, size.height - size.bottom]
  const counts = runs.flatMap((run) => RULES.map((rule) => affectedBy(run, rule) ?? 0))
  return {
    size,
    top,
    base,
    x: scaleUtc()
      .domain([midnight(from), midnight(to)])
      .range([size.left, size.width - size.right]),
    y: scaleLinear()
      .domain([0, Math.max(1, ...counts)])
      .nice(4)
      .range([base, top]),
    marks: visible,
  }
}

function placeOf(date: Day, from: Day, to: Day): Mark['place'] {
  if (date < from) return 'before'
  return date > to ? 'after' : 'within'
}

/** From the first run to the last, or to a coming deadline that is not too far away to leave the runs room. */
function daysShown(runs: readonly ChartRun[], deadlines: readonly Day[]): readonly [Day, Day] {
  const [first, last] = [runs[0]?.day, runs.at(-1)?.day]
  if (first === undefined || last === undefined) throw new Error('a chart needs runs')
  const reach = addDays(last, Math.ceil(daysBetween(first, last) * AHEAD))
  const ahead = deadlines.filter((date) => date > last && date <= reach).sort()
  return [first, ahead.at(-1) ?? last]
}
