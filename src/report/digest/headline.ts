import { longDay } from '../../calendar.js'
import { RULES } from '../../policy/rules.js'
import { unexpected } from '../../records/gap-record.js'
import type { JudgedRunRecord } from '../../records/run-record.js'
import { LIMITS } from '../slack/limits.js'
import { counted, scopeText } from '../wording.js'
import type { DigestFacts } from './facts.js'
import { unreadCounts } from './gap-words.js'
import { isQuietDay, quietLine, sinceText, unchangedText } from './quiet.js'
import { headlineText, statementsOf, statementText } from './statements.js'

/** The first line of the message: the headline, or all that a quiet day is worth. */
export function firstLine(facts: DigestFacts): string {
  return isQuietDay(facts.run) ? quietLine(facts) : headline(facts)
}

/**
 * The worst news in a line that Slack takes as a header: "Incomplete" if it is, each rule with its keys, and
 * what is new. Where that is too long, the projects go first, last those of the worst rule, then the rules
 * that matter least.
 */
export function headline(facts: DigestFacts): string {
  const long = newsIn(facts, 'long')
  const short = newsIn(facts, 'short')
  const tail = changedText(facts)
  const fewer = short.map((_news, index) => short.slice(0, short.length - index))
  const [worst = []] = fewer.slice(-1)
  const forms = [long, [...long.slice(0, 1), ...short.slice(1)], ...fewer].map((news) =>
    lineOf(facts, [...news, ...tail]),
  )
  return forms.find((line) => line.length <= LIMITS.header) ?? lineOf(facts, worst)
}

function lineOf({ run, part }: DigestFacts, news: readonly string[]): string {
  const prefix = [
    ...(run.outcome === 'incomplete' ? ['Incomplete'] : []),
    ...(part === undefined ? [] : [part]),
  ]
  const line = [...prefix, news.join('; ')].join(': ')
  return prefix.length > 0 ? line : `${line.slice(0, 1).toUpperCase()}${line.slice(1)}`
}

function newsIn({ run, affected }: DigestFacts, length: 'long' | 'short'): readonly string[] {
  const news = statementsOf(run, affected).map((statement) => headlineText(statement, run.asOf, length))
  return withUnknown(run, news)
}

/** `2 new, 1 worse since yesterday`, of the affected keys; nothing where no key is. */
function changedText({ run, affected }: DigestFacts): readonly string[] {
  const since = sinceText(run)
  const told = [countOf(affected.new, 'new'), countOf(affected.worse, 'worse')].flat()
  return since === undefined || told.length === 0 ? [] : [`${told.join(', ')} since ${since}`]
}

function countOf(count: number, change: 'new' | 'worse'): readonly string[] {
  return count === 0 ? [] : [`${count.toLocaleString('en-US')} ${change}`]
}

/** The whole message in one sentence, for those who get nothing else of it. */
export function sentence(facts: DigestFacts): string {
  const { run, gaps, affected, part } = facts
  const whose = part === undefined ? '' : `, keys of ${part} only,`
  const name = `Gemini API key audit of ${scopeText(run.scope)}${whose} on ${longDay(run.asOf)}`
  const missing = run.outcome === 'incomplete' ? ` Not read: ${unreadCounts(unexpected(gaps))}.` : ''
  const news = [...withUnknown(run, statementsOf(run, affected).map(statementText)), ...changedText(facts)]
  const quiet = isQuietDay(run) ? [unchangedText(run)] : []
  return `${run.outcome === 'incomplete' ? 'Incomplete: ' : ''}${name}: ${[...news, ...quiet].join('; ')}.${missing}`
}

function withUnknown(run: JudgedRunRecord, news: readonly string[]): readonly string[] {
  const { unknown } = run.counts.verdict
  const unjudged = unknown === 0 ? [] : [`${counted(unknown, 'key')} could not be judged`]
  return news.length === 0 ? [nothingFound(run), ...unjudged] : [...news, ...unjudged]
}

/** Never an all-clear while something that matters was not read, not judged, or waived. */
function nothingFound({ outcome, counts, policy }: JudgedRunRecord): string {
  if (outcome === 'incomplete') return 'no overdue or due key in what could be read'
  const { unknown, exempt } = counts.verdict
  if (unknown > 0) return 'no key is known to be overdue or due'
  const off = RULES.filter((rule) => policy.deadlines[rule].date === 'none')
  const waived = [
    `${counted(counts.keys, 'key')} judged`,
    ...(exempt > 0 ? [`${exempt} exempt`] : []),
    ...(off.length > 0 ? [`switched off by the policy: ${off.join(', ')}`] : []),
  ]
  return `no key is overdue or due (${waived.join('; ')})`
}
