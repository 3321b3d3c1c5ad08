import { longDay } from '../../calendar.js'
import { RULE_TABLE, RULES, type Rule } from '../../policy/rules.js'
import { affectedBy, type ChartFacts, type ChartRun, runsInOrder } from '../../records/trend.js'
import { amount, counted, deadlineText, listed } from '../wording.js'

export const CHART_TITLE = 'Affected keys by rule'

/** The chart in sentences, for those who do not see it; undefined where there is no chart. */
export function chartText({ runs, deadlines }: ChartFacts): string | undefined {
  const ordered = runsInOrder(runs)
  const [first, last] = [ordered?.[0], ordered?.at(-1)]
  if (ordered === undefined || first === undefined || last === undefined) return undefined
  const dates = RULES.flatMap((rule) => deadlineOf(rule, deadlines))
  const sentences = [
    `${counted(ordered.length, 'run')} from ${longDay(first.day)} to ${longDay(last.day)}.`,
    ...RULES.flatMap((rule) => developmentOf(rule, ordered)),
    ...(dates.length === 0 ? [] : [`Deadlines: ${listed(dates)}.`]),
    ...incompleteOf(ordered),
    ...failedOf(ordered),
  ]
  return sentences.join(' ')
}

/** `21 without API restriction, down from 30.` */
function developmentOf(rule: Rule, runs: readonly ChartRun[]): readonly string[] {
  const counts = runs.map((run) => affectedBy(run, rule)).filter((count) => count !== undefined)
  const [before, after] = [counts[0], counts.at(-1)]
  if (before === undefined || after === undefined) return []
  const { one, many } = RULE_TABLE[rule].words.strictest
  const keys = `${amount(after)} ${after === 1 ? one : many}`
  if (before === after) return [`${keys} first and last.`]
  return [`${keys}, ${after < before ? 'down' : 'up'} from ${amount(before)}.`]
}

function deadlineOf(rule: Rule, deadlines: ChartFacts['deadlines']): readonly string[] {
  const { date, precision, status } = deadlines[rule]
  if (date === 'none') return []
  const said = status === 'announced' ? 'announced' : 'in force'
  return [`${RULE_TABLE[rule].words.keys.many} ${deadlineText({ date, precision })} (${said})`]
}

function incompleteOf(runs: readonly ChartRun[]): readonly string[] {
  const incomplete = runs.filter((run) => 'complete' in run && !run.complete).length
  if (incomplete === 0) return []
  return [`${counted(incomplete, 'run')} could not read everything: there may be more keys.`]
}

function failedOf(runs: readonly ChartRun[]): readonly string[] {
  const failed = runs.filter((run) => 'failed' in run).length
  return failed === 0 ? [] : [`${counted(failed, 'run')} failed.`]
}
