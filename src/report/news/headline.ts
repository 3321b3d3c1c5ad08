import { recentDay } from '../../calendar.js'
import type { Day } from '../../model.js'
import { RULE_TABLE, RULES } from '../../policy/rules.js'
import type { JudgedRunRecord } from '../../records/run-record.js'
import { amount, counted, listed, sentenceCase, shortDeadline } from '../wording.js'
import type { News, NewsDeadline, Statement } from './statement.js'

/** What a view needs besides the news. */
export interface NewsView {
  readonly run: JudgedRunRecord
  /** Whose keys the news is about; absent where it is about all. */
  readonly part?: string | undefined
}

/** Characters of the name of a part: the news behind it needs the room. */
const LONGEST_PART = 40

/** What stands before all news: that the run is incomplete, and whose keys it is about. */
function prefixOf(news: News, { part }: NewsView): string {
  const whose =
    part === undefined || part.length <= LONGEST_PART ? part : `${part.slice(0, LONGEST_PART - 1)}…`
  return `${news.isIncomplete ? 'Incomplete · ' : ''}${whose === undefined ? '' : `${whose}: `}`
}

/**
 * The news in so many characters: whole statements from the top, and of the rest how many keys they are about.
 * At least one statement, however long it is.
 */
export function headerText(news: News, view: NewsView, length: number): string {
  const { statements } = news
  const counts = statements.map((_statement, index) => statements.length - index)
  const lines = counts.map((count) => headerOf(news, view, count))
  return lines.find((line) => line.length <= length) ?? headerOf(news, view, 1)
}

function headerOf(news: News, view: NewsView, count: number): string {
  const rest = restOf(news.statements.slice(count))
  return `${newsLine(news, view, count)}${rest === 0 ? '' : `, … ${amount(rest)} more`}`
}

/** Keys of statements that are not shown, each once. */
function restOf(statements: readonly Statement[]): number {
  const sumOf = (some: readonly Statement[]) => some.reduce((sum, { keys }) => sum + keys, 0)
  return sumOf(statements.filter(({ partOf }) => partOf !== 'again')) || sumOf(statements)
}

/** All news in one line, or the first so many. */
export function newsLine(news: News, view: NewsView, count = news.statements.length): string {
  const prefix = prefixOf(news, view)
  const said = news.statements
    .slice(0, count)
    .map((statement, index) => statementText(statement, news, view.run, index === 0))
    .join(', ')
  return `${prefix}${prefix === '' ? sentenceCase(said) : said}`
}

/** A statement in a few words; the first one of a line names the keys. */
export function statementText(
  statement: Statement,
  news: News,
  run: JudgedRunRecord,
  isFirst: boolean,
): string {
  const { kind, keys, numbers, deadline } = statement
  const number = amount(keys)
  const some = isFirst ? counted(keys, 'key') : number
  switch (kind) {
    case 'stopped':
      return stoppedText(keys, run)
    case 'stopped-unjudged':
      return `${counted(keys, 'key')} that could not be judged stopped working`
    case 'auth-stopped':
      return `${counted(keys, 'auth key')} stopped working`
    case 'in-use-in-force':
      return `${some} in use can stop any day${partlyText(statement)}`
    case 'in-use-announced':
      return `${some} in use past ${announcedDate(deadline, run.asOf)}${partlyText(statement)}`
    case 'new-standard':
      return `${counted(keys, 'new standard key')}`
    case 'not-working':
      return `${some} not working`
    case 'overdue-unused':
      return `${some} overdue and unused${numbers.usedEarlier === undefined ? '' : ` (${amount(numbers.usedEarlier)} used earlier)`}`
    case 'overdue-not-known':
      return `${some} overdue with unknown traffic`
    case 'due':
      return `${some} due ${dueDate(deadline, run.asOf)}${dueInUseText(statement)}`
    case 'none':
      return noneText(statement, news, run)
    case 'unjudged':
      return `${some} could not be judged${ifStandardText(statement)}`
    case 'fixed':
      return `${some} fixed`
  }
}

/** Where keys of many projects stopped at once, that is said: no single key or project explains it. */
function stoppedText(keys: number, { enforcement, asOf }: JudgedRunRecord): string {
  const { event } = enforcement ?? {}
  if (event === undefined) return `${counted(keys, 'key')} stopped working`
  const kinds = [...(event.allStandard ? ['standard'] : []), ...(event.allRestricted ? ['restricted'] : [])]
  const all = kinds.length === 0 ? '' : `, all ${listed(kinds)}`
  const projects = `${amount(event.projects)} projects`
  const since = recentDay(event.since, asOf)
  return event.keys === keys
    ? `${counted(keys, 'key')} in ${projects} stopped working since ${since}${all}`
    : `${counted(keys, 'key')} stopped working (${amount(event.keys)} in ${projects} since ${since}${all})`
}

function ifStandardText({ numbers }: Statement): string {
  const { overdueIfStandard } = numbers
  return overdueIfStandard === undefined ? '' : ` (${amount(overdueIfStandard)} overdue if standard)`
}

function partlyText({ numbers }: Statement): string {
  return numbers.partlyFailing === undefined ? '' : ` (${amount(numbers.partlyFailing)} partly failing)`
}

function dueInUseText({ numbers: { inUse, partlyFailing } }: Statement): string {
  if (inUse === undefined) return ''
  const partly = partlyFailing === undefined ? '' : `, ${amount(partlyFailing)} partly failing`
  return ` (${amount(inUse)} in use${partly})`
}

/** Never an all-clear while something that matters was not read, not judged, or waived. */
function noneText(
  { numbers }: Statement,
  { isIncomplete, totals }: News,
  { policy }: JudgedRunRecord,
): string {
  if (isIncomplete) return 'no affected key in what could be read'
  if (totals.unjudged > 0) return 'no Gemini API key is known to be affected'
  const off = RULES.filter((rule) => policy.deadlines[rule].date === 'none')
  const said = [
    `${amount(numbers.judged ?? 0)} judged`,
    ...(numbers.exempt === undefined ? [] : [`${amount(numbers.exempt)} exempt`]),
    ...(off.length === 0
      ? []
      : [`the policy ignores ${listed(off.map((rule) => RULE_TABLE[rule].words.keys.many))}`]),
  ]
  return `no Gemini API key is affected (${said.join('; ')})`
}

function announcedDate(deadline: NewsDeadline | undefined, asOf: Day): string {
  if (deadline === undefined) return 'an announced date'
  const date = shortDeadline(deadline, asOf)
  return deadline.isMoved ? `the policy’s date, ${date}` : `${date} (announced)`
}

function dueDate(deadline: NewsDeadline | undefined, asOf: Day): string {
  if (deadline === undefined) return 'later'
  const { daysLeft, isMoved, status, precision } = deadline
  const date = `${precision === 'day' ? 'by' : 'in'} ${shortDeadline(deadline, asOf)}`
  if (precision === 'month') return `${date}${status === 'announced' && !isMoved ? ' (announced)' : ''}`
  return `${date} (${status === 'announced' && !isMoved ? 'announced, ' : ''}${counted(daysLeft, 'day')} left)`
}

/** The line of a quiet day: what is affected, as when, and that nothing is new. */
export function quietText(news: News, view: NewsView): string {
  const { affected, stopped, stoppedEarlier, unjudged } = news.totals
  const { inUse, notKnown } = useTotals(news)
  const partly = news.statements.reduce((all, { numbers }) => all + (numbers.partlyFailing ?? 0), 0)
  const said = [
    ...(affected === 0 || (inUse === 0 && notKnown > 0)
      ? []
      : [
          inUse === 0
            ? 'none in use'
            : `${amount(inUse)} in use${partly === 0 ? '' : ` (${amount(partly)} partly failing)`}`,
        ]),
    ...(stopped + stoppedEarlier === 0 ? [] : [`${amount(stopped + stoppedEarlier)} not working`]),
    ...(notKnown === 0 ? [] : [`traffic of ${amount(notKnown)} not known`]),
    ...(unjudged === 0 ? [] : [`${amount(unjudged)} could not be judged`]),
  ]
  const since = sinceText(view.run)
  const same = since === undefined ? '' : `, as on ${since}`
  return `${prefixOf(news, view)}${affectedText(news)}${same}${said.length === 0 ? '' : `: ${said.join(', ')}`}. Nothing new.`
}

/** `53 Gemini API keys affected`. */
function affectedText({ totals: { affected, unjudged }, isIncomplete }: News): string {
  if (affected > 0) return `${counted(affected, 'Gemini API key')} affected`
  return isIncomplete || unjudged > 0
    ? 'No Gemini API key known to be affected'
    : 'No Gemini API key affected'
}

/** Affected keys in use, and those of which that is not known, whatever their deadline. */
function useTotals({ totals }: News): { readonly inUse: number; readonly notKnown: number } {
  return {
    inUse: totals.inUsePastDeadline + totals.dueInUse,
    notKnown: totals.overdueNotKnown + totals.dueNotKnown,
  }
}

/** The day of the run that was compared with, as people say it; undefined where there was none. */
export function sinceText({ changes, asOf, asOfOverridden }: JudgedRunRecord): string | undefined {
  const { since, sinceDay } = changes
  if (since === null) return undefined
  const day = sinceDay ?? (since.slice(0, 10) as Day)
  // A run by another day sees no "Wed".
  return asOfOverridden ? day : recentDay(day, asOf)
}
