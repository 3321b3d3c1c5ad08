import { type ScaleLinear, type ScaleTime, scaleLinear, scaleUtc } from 'd3-scale'
import { addDays, daysBetween } from '../../calendar.js'
import type { Day, DeadlineStatus } from '../../model.js'
import { RULES, type Rule } from '../../policy/rules.js'
import { affectedBy, type ChartFacts, type ChartRun } from '../../records/trend.js'

export const LINE_HEIGHT = 16

/** The picture in its own units, chosen so that 13 units of text can be read on a phone; at its top a line for each rule. */
export const SIZE = {
  width: 460,
  height: 300,
  top: 8 + LINE_HEIGHT * RULES.length,
  right: 126,
  bottom: 30,
  left: 46,
} as const

/** Where things stand. */
export interface Frame {
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

/** The moment with which a day begins, in UTC. */
export function startOf(day: Day): Date {
  return new Date(`${day}T00:00:00Z`)
}

/** The frame of a chart of these runs, oldest first. */
export function frameOf(runs: readonly ChartRun[], deadlines: ChartFacts['deadlines']): Frame {
  const dates = RULES.flatMap((rule) => {
    const { date, precision, status } = deadlines[rule]
    return date === 'none' ? [] : [{ rule, date, precision, status }]
  })
  const [from, to] = daysShown(
    runs,
    dates.map(({ date }) => date),
  )
  const most = Math.max(1, ...runs.flatMap((run) => RULES.map((rule) => affectedBy(run, rule))))
  return {
    x: scaleUtc()
      .domain([startOf(from), startOf(to)])
      .range([SIZE.left, SIZE.width - SIZE.right]),
    y: scaleLinear()
      .domain([0, most])
      .nice(4)
      .range([SIZE.height - SIZE.bottom, SIZE.top]),
    marks: dates.map((mark) => ({
      ...mark,
      place: mark.date < from ? 'before' : mark.date > to ? 'after' : 'within',
    })),
  }
}

/** From the first run to the last, or to a coming deadline that is not too far away to leave the runs room. */
function daysShown(runs: readonly ChartRun[], deadlines: readonly Day[]): readonly [Day, Day] {
  const [first, last] = [runs[0]?.day, runs.at(-1)?.day]
  if (first === undefined || last === undefined) throw new Error('a chart needs runs')
  const reach = addDays(last, Math.ceil(daysBetween(first, last) * AHEAD))
  const ahead = deadlines.filter((date) => date > last && date <= reach).sort()
  return [first, ahead.at(-1) ?? last]
}
