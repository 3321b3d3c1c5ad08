import { longDay } from '../../calendar.js'
import { unexpected } from '../gap-record.js'
import type { JudgedRunRecord } from '../run-record.js'
import { LIMITS } from '../slack/limits.js'
import { counted, scopeText } from '../wording.js'
import type { DigestFacts } from './facts.js'
import { unreadCounts } from './gap-words.js'
import { type Statement, saidOf, shortOf, statementsOf } from './statements.js'

/** The first line: "Incomplete" if it is, then the worst news that has room. */
export function headline(facts: DigestFacts): string {
  const [worst = '', ...others] = newsOf(facts, shortOf)
  const first =
    facts.run.outcome === 'incomplete'
      ? `Incomplete: ${worst}`
      : `${worst.slice(0, 1).toUpperCase()}${worst.slice(1)}`
  const lines = others.map((_news, index) => [first, ...others.slice(0, index + 1)].join('; '))
  return lines.findLast((line) => line.length <= LIMITS.header) ?? first
}

/** The whole message in one sentence, for those who get nothing else of it. */
export function sentence(facts: DigestFacts): string {
  const { run, gaps } = facts
  const name = `Gemini API key audit of ${scopeText(run.scope)} on ${longDay(run.asOf)}`
  const missing = run.outcome === 'incomplete' ? ` Not read: ${unreadCounts(unexpected(gaps))}.` : ''
  return `${run.outcome === 'incomplete' ? 'Incomplete: ' : ''}${name}: ${newsOf(facts, saidOf).join('; ')}.${missing}`
}

function newsOf({ run, affected }: DigestFacts, say: (statement: Statement) => string): readonly string[] {
  const news = statementsOf(run, affected).map(say)
  const { unknown } = run.counts.verdict
  const unjudged = unknown === 0 ? [] : [`${counted(unknown, 'key')} could not be judged`]
  return news.length === 0 ? [nothingFound(run), ...unjudged] : [...news, ...unjudged]
}

/** Never an all-clear while something that matters was not read or not judged. */
function nothingFound({ outcome, counts }: JudgedRunRecord): string {
  if (outcome === 'incomplete') return 'no overdue or due key in what could be read'
  return counts.verdict.unknown > 0
    ? 'no key is known to be overdue or due'
    : `no key is overdue or due (${counted(counts.keys, 'key')} judged)`
}
