import { longDay } from '../calendar.js'
import { sayingOf } from '../policy/announcements.js'
import { RULES, type Rule } from '../policy/rules.js'
import type { EnforcementCounts, StopEvent } from '../records/enforcement.js'
import type { RunPolicy } from '../records/run-policy.js'
import type { JudgedRunRecord } from '../records/run-record.js'
import { amount, counted, listed, sentenceCase } from './wording.js'

/**
 * Where keys of many projects stopped at once, one sentence about that; then one for each rule past its deadline
 * that affects keys: what was announced, since when it is past, and what the traffic shows. No rejection is
 * claimed that was not seen, and none that has other causes too.
 */
export function evidenceOf({
  enforcement,
  policy,
}: Pick<JudgedRunRecord, 'enforcement' | 'policy'>): readonly string[] {
  const { event } = enforcement
  const rules = RULES.flatMap((rule) => {
    const counts = enforcement[rule]
    if (counts === undefined || keysIn(counts) === 0) return []
    return [`${announced(rule, policy)}; ${trafficText(counts)}.`]
  })
  return [...(event === undefined ? [] : [`${eventText(event)}.`]), ...rules]
}

/** `Since November 18, 2026, 120 keys in 31 projects stopped working, all standard and restricted`. */
function eventText({ since, keys, projects, allStandard, allRestricted }: StopEvent): string {
  const kinds = [...(allStandard ? ['standard'] : []), ...(allRestricted ? ['restricted'] : [])]
  const all = kinds.length === 0 ? '' : `, all ${listed(kinds)}`
  return `Since ${longDay(since)}, ${counted(keys, 'key')} in ${counted(projects, 'project')} stopped working${all}`
}

function announced(rule: Rule, { deadlines, overrides }: RunPolicy): string {
  const { date, precision, status } = deadlines[rule]
  if (date === 'none') return `The policy of this audit has switched off the rule ${rule}`
  const isMoved = overrides.some((override) => override.rule === rule && override.date === date)
  const [says, what] = sayingOf({ rule, date, precision, status, isMoved, isPast: true })
  return `${sentenceCase(says)} ${what}`
}

function trafficText(counts: EnforcementCounts): string {
  const keys = keysIn(counts)
  if (counts.unknown === keys) {
    const whose = keys === 1 ? 'the one such key' : `all ${amount(keys)} such keys`
    return `the traffic of ${whose} here could not be read, so nothing shows whether it does`
  }
  const window = windowOf(counts)
  if (counts.noCalls === keys) {
    const whose =
      keys === 1
        ? 'the one such key here has not called it'
        : `none of the ${amount(keys)} such keys here has called it`
    return `${whose} ${window}, so traffic shows nothing`
  }
  const all = `there ${areOrIs(keys)} ${counted(keys, 'such key')} here`
  return `${all}, and ${window} ${listed(sharesOf(counts))}; ${conclusionFrom(counts)}`
}

function windowOf({ seenFrom }: EnforcementCounts): string {
  return seenFrom === undefined ? 'since then' : `since ${longDay(seenFrom)} (older calls are not kept)`
}

function sharesOf(counts: EnforcementCounts): readonly string[] {
  const { accepted, onlyRefused, noCalls, inconclusive = 0, unknown, seenFrom } = counts
  const before = seenFrom === undefined ? ', and had been accepted before' : ''
  const shares: readonly (readonly [number, string])[] = [
    [accepted, `had calls accepted${brokenAmong(counts)}`],
    [onlyRefused, `${onlyRefused === 1 ? 'was' : 'were'} only refused${before}`],
    [noCalls, 'did not call it'],
    [inconclusive, 'had calls that show nothing'],
    [unknown, `${unknown === 1 ? 'has' : 'have'} traffic that could not be read`],
  ]
  const keys = keysIn(counts)
  const number = (count: number) => (count < keys ? amount(count) : keys === 1 ? 'it' : 'all')
  return shares.filter(([count]) => count > 0).map(([count, share]) => `${number(count)} ${share}`)
}

function brokenAmong(counts: EnforcementCounts): string {
  const { accepted } = counts
  const stopped = stoppedIn(counts)
  if (stopped === 0) return ''
  const broken = accepted === 1 ? 'and' : accepted === stopped ? 'and all' : `and ${amount(stopped)} of them`
  return ` (${broken} ${stopped === 1 ? 'has' : 'have'} stopped working by now)`
}

/** Refusals have causes besides a deadline: other restrictions, a key's own project, scanners. */
function conclusionFrom(counts: EnforcementCounts): string {
  const { accepted, onlyRefused } = counts
  if (stoppedIn(counts) + onlyRefused > 0)
    return 'a rejection would look like that, and so would other causes'
  return accepted > 0 ? 'no such key has stopped working' : 'that shows nothing'
}

/** Runs of earlier versions counted the refused ones only. */
function stoppedIn({ stopped, newlyRefused = 0 }: EnforcementCounts): number {
  return stopped ?? newlyRefused
}

function areOrIs(count: number): string {
  return count === 1 ? 'is' : 'are'
}

function keysIn({ accepted, onlyRefused, noCalls, inconclusive = 0, unknown }: EnforcementCounts): number {
  return accepted + onlyRefused + noCalls + inconclusive + unknown
}
