import { longDay } from '../../calendar.js'
import { RULES, type Rule } from '../../policy/rules.js'
import { affectedBy, type ChartFacts, type ChartRun, runsInOrder } from '../../records/trend.js'
import { countedRule, deadlineText, listed } from '../wording.js'

export const CHART_TITLE = 'Affected keys by rule'

/** The chart in sentences, for those who do not see it; undefined where there is no chart. */
export function chartText({ runs, deadlines }: ChartFacts): string | undefined {
  const ordered = runsInOrder(runs)
  const [first, last] = [ordered?.[0], ordered?.at(-1)]
  if (ordered === undefined || first === undefined || last === undefined) return undefined
  const sentences = [
    `${ordered.length} runs from ${longDay(first.day)} to ${longDay(last.day)}.`,
    ...RULES.map((rule) => developmentOf(rule, first, last)),
    `Deadlines: ${listed(RULES.flatMap((rule) => deadlineOf(rule, deadlines)))}.`,
    ...incompleteOf(ordered),
  ]
  return sentences.join(' ')
}

function developmentOf(rule: Rule, first: ChartRun, last: ChartRun): string {
  const [before, after] = [affectedBy(first, rule), affectedBy(last, rule)]
  if (before === after) return `${countedRule(after, rule)} first and last.`
  const change = after < before ? 'down' : 'up'
  return `${countedRule(after, rule)}, ${change} from ${before}.`
}

function deadlineOf(rule: Rule, deadlines: ChartFacts['deadlines']): readonly string[] {
  const { date, precision, status } = deadlines[rule]
  if (date === 'none') return []
  const said = status === 'announced' ? 'announced' : 'in force'
  return [`${rule} ${deadlineText({ date, precision })} (${said})`]
}

function incompleteOf(runs: readonly ChartRun[]): readonly string[] {
  const incomplete = runs.filter(({ complete }) => !complete).length
  if (incomplete === 0) return []
  return [`${incomplete} of the runs could not read everything, so that there may be more keys.`]
}
