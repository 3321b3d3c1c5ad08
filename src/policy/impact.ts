import { longDay, longMonth } from '../calendar.js'
import type { Finding, Judgement, KeyFacts, Rule } from '../model.js'
import type { Deadline } from './deadlines.js'
import type { Policy } from './policy.js'
import { trafficSeen, whatStays } from './seen.js'

/**
 * One sentence for a key's owner: what stops, since when or when, and what does not. An announced deadline is
 * told as announced, and a rejection as Google's word: what really happens is shown by traffic alone.
 */
export function impactOf(facts: KeyFacts, judgement: Judgement, policy: Policy): string {
  switch (judgement.verdict) {
    case 'deleted':
      return 'Nothing can be called with this key: it was deleted, and can be restored for 30 days from then.'
    case 'not-affected':
      return 'Nothing stops: the API restriction of this key leaves the Gemini API out, so its calls are not concerned.'
    case 'compliant':
      return 'Nothing stops: this is an auth key, as the Gemini API asks for.'
    case 'latent':
      return 'Nothing stops: the Gemini API is off in this key’s project; if somebody enables it, the rules apply from that day.'
    case 'unknown':
      return clauses(
        `whether this key’s calls to the Gemini API stop is not known, because ${whyUnknown(facts)}`,
        ...trafficSeen(facts, judgement.verdict),
        ...whatStays(facts),
      )
    case 'exempt':
      return whileExempt(facts, judgement, policy)
    case 'overdue':
    case 'due':
      return clauses(
        ...trafficSeen(facts, judgement.verdict),
        fates(openFindings(judgement), policy),
        ...whatStays(facts),
      )
  }
}

function whyUnknown({ key, type, geminiAccess }: KeyFacts): string {
  if (key.flaw !== undefined) return key.flaw
  const unread = [
    ...(type === 'unknown' ? ['whether it is a standard key or an auth key'] : []),
    ...(geminiAccess === 'unknown' ? ['whether that API is enabled in its project'] : []),
  ]
  return `it could not be read ${unread.join(' and ')}`
}

function whileExempt(facts: KeyFacts, judgement: Judgement, policy: Policy): string {
  const { exemption, findings } = judgement
  if (exemption === undefined) {
    return 'Nothing is asked of you: the policy of this audit has switched off the rules that would apply to this key, which does not bind Google.'
  }
  const [first = '', ...rest] = [...trafficSeen(facts, judgement.verdict), fates(findings, policy)]
  const until = `Nothing is asked of you until ${longDay(exemption.until)}, by an exemption that does not bind Google`
  return clauses(`${until}: ${first}`, ...rest, ...whatStays(facts))
}

function openFindings({ findings, exemption }: Judgement): readonly Finding[] {
  return findings.filter(({ rule }) => !exemption?.rules.includes(rule))
}

/** Part of a sentence: who says so, and what. */
type Saying = readonly [says: string, what: string]

/** What is said of keys like this one, in the order of the findings. */
function fates(findings: readonly Finding[], { deadlines }: Policy): string {
  const sayings = findings.map((finding, place) => saying(finding, deadlines[finding.rule], place === 0))
  const told = sayings.map(([says, what], place) =>
    sayings[place - 1]?.[0] === says ? what : `${says} ${what}`,
  )
  return told.join(', and ')
}

function saying(finding: Finding, deadline: Deadline, isFirst: boolean): Saying {
  const isPast = finding.state === 'overdue'
  const keys = `${KEYS[finding.rule]}${isFirst ? LIKE_THIS[finding.rule] : ''}`
  if (deadline.moved !== undefined) {
    return [
      'the policy of this audit expects',
      `the Gemini API to accept no ${keys} ${since(finding, deadline)}`,
    ]
  }
  switch (finding.status) {
    case 'in-force': {
      const [blocks, hasBlocked] = DOES[finding.rule]
      const what = `that the Gemini API ${isPast ? hasBlocked : blocks} ${keys} ${since(finding, deadline)}`
      return ['Google says', what]
    }
    case 'announced': {
      const stops = `that the Gemini API ${isPast ? 'would' : 'will'} stop accepting ${keys}`
      const what = `${stops} ${during(finding, deadline)}${isPast ? ', which is past' : ''}`
      return [isPast ? 'Google announced' : 'Google has announced', what]
    }
  }
}

function since({ deadline, state }: Finding, { precision }: Deadline): string {
  const moment = precision === 'day' ? longDay(deadline) : longMonth(deadline)
  return state === 'overdue' ? `since ${moment}` : `from ${moment} on`
}

function during({ deadline }: Finding, { precision }: Deadline): string {
  return precision === 'day' ? `on ${longDay(deadline)}` : `in ${longMonth(deadline)} (no day was given)`
}

const DOES: Readonly<Record<Rule, readonly [now: string, ever: string]>> = {
  'dormant-key': ['blocks', 'has blocked'],
  'unrestricted-key': ['rejects', 'has rejected'],
  'standard-key': ['rejects', 'has rejected'],
}

const KEYS: Readonly<Record<Rule, string>> = {
  'dormant-key': 'dormant keys without API restriction',
  'unrestricted-key': 'keys without API restriction',
  'standard-key': 'standard keys',
}

/** Google has not published when a key is dormant for it. */
const LIKE_THIS: Readonly<Record<Rule, string>> = {
  'dormant-key': ', possibly this one,',
  'unrestricted-key': ', such as this one,',
  'standard-key': ', such as this one,',
}

/** One sentence of several clauses. */
function clauses(...parts: readonly string[]): string {
  const text = parts.join('; ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
