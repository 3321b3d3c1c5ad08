import { monthDay } from '../../calendar.js'
import type { Day } from '../../model.js'
import { HYGIENE_TABLE } from '../../policy/hygiene.js'
import { RULE_TABLE } from '../../policy/rules.js'
import { trafficClass } from '../../policy/traffic-classes.js'
import { callsLately, callsLostAWeek } from '../../records/affected.js'
import type { KeyRecord } from '../../records/key-record.js'
import type { Changes, JudgedRunRecord } from '../../records/run-record.js'
import { ownerText, successorText, titleOf, trafficText } from '../key-words.js'
import { amount, counted, shortDeadline } from '../wording.js'
import { sinceText } from './headline.js'
import type { News, NewsDeadline, NewsKind, NewsTotals, PartitionRow } from './statement.js'

/** The line below the first one: the key for which it matters the most, and why. */
export function stakesText({ statements }: News, run: JudgedRunRecord): string | undefined {
  const about = statements.find(({ largest }) => largest !== undefined)
  if (about?.largest === undefined) return undefined
  const { kind, largest, keys } = about
  const which = whichText(largest)
  if (kind === 'stopped' || kind === 'auth-stopped') {
    return `${keys === 1 ? 'It is' : 'Largest:'} ${which}, ${lostText(largest, run.asOf)}${whyText(largest)}`
  }
  const calls = counted(callsLately(largest), 'call')
  return `${keys === 1 ? 'It is' : 'Most used:'} ${which}, ${calls} in 7 days`
}

/** Its calls may not be lost, but have moved; of an auth key, what is wrong with its account. */
function whyText({ replacement, hygiene = [] }: KeyRecord): string {
  if (replacement !== undefined) return `; probably replaced by ${successorText(replacement)}`
  const worst = hygiene.find(({ severity }) => severity === 'ERROR')
  return worst === undefined ? '' : `; ${HYGIENE_TABLE[worst.id].words.matter}`
}

function whichText(record: KeyRecord): string {
  return `${titleOf(record)} in ${record.key.project.id} (${ownerText(record)})`
}

/** `251,000 calls a week until Nov 18, refused since`. */
function lostText(record: KeyRecord, asOf: Day): string {
  const { usage } = record
  if ('unknown' in usage) return trafficText(record)
  const { lastAccepted } = usage.gemini
  const until = lastAccepted === undefined ? '' : ` until ${monthDay(lastAccepted, asOf)}`
  const now = trafficClass(usage.traffic).now?.(usage) ?? 'not working'
  return `${counted(callsLostAWeek(record), 'call')} a week${until}, ${now} since`
}

/** `53 affected: 9 dormant (blocked since May 7) · 21 restricted standard keys (announced for September 2026)`. */
export function partitionText(news: News, asOf: Day): string | undefined {
  const { partition, totals } = news
  if (partition.length === 0) return undefined
  const parts = partition.map(
    (row, index) => `${amount(row.keys)} ${partText(row, index)} (${deadlineWords(row.deadline, asOf)})`,
  )
  return `${amount(totals.affected)} affected: ${parts.join(' · ')}`
}

/** The keys of a row without their number; `index`: its position behind stricter rules. */
export function partText({ rule, keys, unrestricted }: PartitionRow, index = 0): string {
  const { strictest, mixed, isMore } = RULE_TABLE[rule].words
  const noun = mixed === undefined || unrestricted === 0 ? strictest : mixed
  const more = isMore && index > 0 ? 'more ' : ''
  return `${more}${keys === 1 ? noun.one : noun.many}`
}

/** What Google does from a deadline on, or what was announced: `rejected since June 19`. */
export function deadlineWords(deadline: NewsDeadline, asOf: Day): string {
  const { rule, status, isMoved, daysLeft } = deadline
  const date = shortDeadline(deadline, asOf)
  if (isMoved) return `the policy’s date: ${date}`
  if (status === 'announced') return `announced for ${date}`
  return `${RULE_TABLE[rule].words.enforcement.done} ${daysLeft > 0 ? `from ${date}` : `since ${date}`}`
}

/** A number of a run with its label, in the order of the news: those of affected keys add up. */
export interface Tile {
  readonly name: keyof NewsTotals
  readonly label: string
  readonly count: number
  /** A part of the number, or what it would be otherwise. */
  readonly note?: string
}

/** The numbers that are more than 0. */
export function tilesOf({ totals, statements }: News): readonly Tile[] {
  const numbersOf = (kind: NewsKind) => statements.find((each) => each.kind === kind)?.numbers ?? {}
  return [
    tile('stopped', 'Stopped working', totals.stopped),
    tile('inUsePastDeadline', 'In use past a deadline', totals.inUsePastDeadline, [
      totals.inUseAnnounced,
      'past an announced date',
    ]),
    tile('stoppedEarlier', 'Not working', totals.stoppedEarlier),
    tile('overdueUnused', 'Overdue, unused', totals.overdueUnused, [
      numbersOf('overdue-unused').usedEarlier,
      'used earlier',
    ]),
    tile('overdueNotKnown', 'Overdue, traffic not known', totals.overdueNotKnown),
    tile('due', 'Due', totals.due, [totals.dueInUse, 'in use']),
    tile('unjudged', 'Could not be judged', totals.unjudged, [
      numbersOf('unjudged').overdueIfStandard,
      'overdue if standard',
    ]),
    tile('exempt', 'Exempt', totals.exempt),
    tile('toLookAt', 'To look at', totals.toLookAt),
  ].filter(({ count }) => count > 0)
}

function tile(
  name: Tile['name'],
  label: string,
  count: number,
  [part = 0, words]: readonly [number | undefined, string] = [0, ''],
): Tile {
  if (part === 0) return { name, label, count }
  return { name, label, count, note: part === count ? `all ${words}` : `${amount(part)} ${words}` }
}

/** What has changed since the run before, each change once; undefined where there was none to compare with. */
export function changesText(news: News, run: JudgedRunRecord): string | undefined {
  const since = sinceText(run)
  if (since === undefined) return undefined
  const said = changesOf(news, run.changes)
  return said.length === 0 ? `Nothing changed since ${since}` : `Changed since ${since}: ${said.join(' · ')}`
}

function changesOf({ statements }: News, changes: Changes): readonly string[] {
  const keysOf = (kind: NewsKind) => statements.find((each) => each.kind === kind)?.keys ?? 0
  const stopped = keysOf('stopped') + keysOf('stopped-unjudged')
  const { fixed = 0, newGaps = 0, moreToLookAt = 0, newlyEnabled = [] } = changes
  const otherwise = changes.better + changes.gone - fixed
  const said: readonly (readonly [number, string])[] = [
    [stopped, 'stopped working'],
    [changes.new, newText(changes)],
    [changes.worse, 'worse'],
    [changes.lost, 'no longer readable'],
    [changes.found, 'readable again'],
    [fixed, 'fixed'],
    [otherwise, fixed > 0 ? 'better or gone for another reason' : 'better or gone'],
    [newGaps, 'more could not be read'],
    [moreToLookAt, 'more to look at'],
  ]
  return [
    ...said.filter(([count]) => count > 0).map(([count, words]) => `${amount(count)} ${words}`),
    ...newlyEnabled.map(
      ({ project, keys }) => `the Gemini API was switched on in ${project} (${counted(keys, 'key')})`,
    ),
  ]
}

/** Keys that are new in the scope, and which of them were made as standard keys. */
function newText({ new: all, newStandardKeys: standard = 0 }: Changes): string {
  const keys = all === 1 ? 'key' : 'keys'
  if (standard === 0) return `new ${keys}`
  return standard === all ? `new standard ${keys}` : `new ${keys} (${amount(standard)} standard)`
}
