import { longDay } from '../calendar.js'
import type { KeyFacts, Verdict } from '../model.js'
import { type Saying, sayingOf } from './announcements.js'
import type { Deadline } from './deadlines.js'
import { HYGIENE_TABLE } from './hygiene.js'
import type { Finding, Judgement } from './judgement-types.js'
import type { Policy } from './policy.js'
import { RULE_TABLE } from './rules.js'
import { namesOf } from './services.js'
import { otherServices, trafficOf } from './traffic.js'
import { trafficClass } from './traffic-classes.js'
import { seenTraffic } from './traffic-facts.js'
import { notExempt } from './waivers.js'

/**
 * One sentence for a key's owner: what stops, since when or when, and what does not. An announced deadline is
 * called announced, and a rejection is Google's word: what really happens is shown by traffic alone.
 */
export function impactOf(facts: KeyFacts, judgement: Judgement, policy: Policy): string {
  switch (judgement.verdict) {
    case 'deleted':
      return 'This key was deleted and no longer works; it can be restored for 30 days after that.'
    case 'not-affected':
      return (
        whyBroken(judgement) ?? 'Nothing stops: the API restriction of this key leaves the Gemini API out.'
      )
    case 'compliant':
      return (
        whyBroken(judgement) ?? 'Nothing stops: this is an auth key, the kind that the Gemini API asks for.'
      )
    case 'latent':
      return 'Nothing stops: the Gemini API is off in this key’s project; once it is enabled, the rules apply from that day.'
    case 'unknown':
      return clauses(
        `it is not known whether this key’s calls to the Gemini API will stop, because ${whyUnknown(facts)}`,
        ...asStandard(judgement),
        ...trafficSeen(facts, judgement.verdict),
        ...whatStays(facts),
      )
    case 'exempt':
      return whileExempt(facts, judgement, policy)
    case 'overdue':
    case 'due':
      return clauses(
        ...trafficSeen(facts, judgement.verdict),
        fates(notExempt(judgement.findings, judgement.exemption), policy),
        ...whatStays(facts),
      )
  }
}

/** Of a key that no deadline stops and that cannot work all the same: why. */
function whyBroken({ hygiene = [] }: Judgement): string | undefined {
  const [broken] = hygiene.filter(({ severity }) => severity === 'ERROR')
  if (broken === undefined) return undefined
  const { type, words } = HYGIENE_TABLE[broken.id]
  return `No deadline stops this ${type} key, but it ${words.matter}.`
}

/** What the key would be as a standard key, where that asks something of its owner. */
function asStandard({ ifStandard }: Judgement): readonly string[] {
  return ifStandard === 'overdue' || ifStandard === 'due'
    ? [`as a standard key it would be ${ifStandard}`]
    : []
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
    return 'Nothing to do: the policy of this audit has switched off the rules that would apply to this key, which does not bind Google.'
  }
  const [first = '', ...rest] = [...trafficSeen(facts, judgement.verdict), fates(findings, policy)]
  const until = `Exempt until ${longDay(exemption.until)}, which does not bind Google`
  return clauses(`${until}: ${first}`, ...rest, ...whatStays(facts))
}

/** What is said of keys like this one, in the order of the findings. */
function fates(findings: readonly Finding[], { deadlines }: Policy): string {
  const sayings = findings.map((finding, place) => saying(finding, deadlines[finding.rule], place === 0))
  const parts = sayings.map(([says, what], place) =>
    sayings[place - 1]?.[0] === says ? what : `${says} ${what}`,
  )
  return parts.join(', and ')
}

function saying(finding: Finding, { precision, moved }: Deadline, isFirst: boolean): Saying {
  const { rule, deadline, status, state } = finding
  return sayingOf(
    { rule, date: deadline, precision, status, isMoved: moved !== undefined, isPast: state === 'overdue' },
    isFirst ? RULE_TABLE[rule].words.like : '',
  )
}

/** One sentence of several clauses. */
function clauses(...parts: readonly string[]): string {
  const text = parts.join('; ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

/** What became of this key’s calls to the Gemini API, as a clause; none where that is not known. */
function trafficSeen(facts: KeyFacts, verdict: Verdict): readonly string[] {
  const seen = seenTraffic(facts)
  if (seen === undefined) return []
  const { clause, state } = trafficClass(trafficOf(facts))
  const danger = state === 'works' && verdict === 'overdue' ? ', and can stop any day' : ''
  return [`${clause(seen)}${danger}`]
}

/** What does not stop, as a clause; none for a key with which nothing is called. */
function whatStays(facts: KeyFacts): readonly string[] {
  const { apiRestriction, usage } = facts
  if (apiRestriction === 'gemini-only') return ['this key can call no other API']
  const others = otherServices(usage)
  if (others.length > 0) return [`your ${namesOf(others)} calls are not affected`]
  if ('unknown' in usage) return ['this key’s calls to other APIs are not affected']
  return usage.services.length === 0 ? [] : ['it was not seen calling any other API']
}
