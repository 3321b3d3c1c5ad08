import { longDay, longMonth } from '../calendar.js'
import type { Finding, Judgement, KeyFacts, Rule } from '../model.js'
import type { Deadline } from './deadlines.js'
import type { Policy } from './policy.js'

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
      return `Whether this key’s calls to the Gemini API stop is not known, because ${whyUnknown(facts)}; its calls to other APIs are not concerned.`
    case 'exempt':
      return whileExempt(facts, judgement, policy)
    case 'overdue':
    case 'due':
      return sentence(`${fates(openFindings(judgement), policy)}; ${whatStays(facts)}`)
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

function whileExempt(facts: KeyFacts, { exemption, findings }: Judgement, policy: Policy): string {
  if (exemption === undefined) {
    return 'Nothing is asked of you: the policy of this audit has switched off the rules that would apply to this key, which does not bind Google.'
  }
  const until = `Nothing is asked of you until ${longDay(exemption.until)}, by an exemption that does not bind Google`
  return sentence(`${until}: ${fates(findings, policy)}; ${whatStays(facts)}`)
}

function openFindings({ findings, exemption }: Judgement): readonly Finding[] {
  return findings.filter(({ rule }) => !exemption?.rules.includes(rule))
}

/** What the rules do to a key, in the order of the findings: `this key` first, then `it`. */
function fates(findings: readonly Finding[], { deadlines }: Policy): string {
  const told = findings.map((finding, place) =>
    fate(finding, deadlines[finding.rule], place === 0 ? 'this key' : 'it'),
  )
  return told.join(', and ')
}

function fate(finding: Finding, deadline: Deadline, key: string): string {
  const says = deadline.moved === undefined ? 'Google' : 'the policy of this audit'
  const cause = `because ${CAUSE[finding.rule]}`
  if (finding.rule === 'dormant-key')
    return `${key} is possibly blocked ${since(finding, deadline)}, ${cause}`
  switch (finding.status) {
    case 'in-force': {
      const rejects = finding.state === 'overdue' ? 'has rejected' : 'rejects'
      return `${says} says that the Gemini API ${rejects} ${key} ${since(finding, deadline)}, ${cause}`
    }
    case 'announced': {
      const stops = finding.state === 'overdue' ? 'would stop' : 'will stop'
      const past = finding.state === 'overdue' ? ', which is past' : ''
      return `${says} announced that the Gemini API ${stops} accepting ${key} ${during(finding, deadline)}${past}, ${cause}`
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

const CAUSE: Readonly<Record<Rule, string>> = {
  'dormant-key': 'it has no API restriction and nothing has called it for long',
  'unrestricted-key': 'it has no API restriction',
  'standard-key': 'it is a standard key',
}

function whatStays({ apiRestriction }: KeyFacts): string {
  return apiRestriction === 'gemini-only'
    ? 'it can call no other API'
    : 'its calls to other APIs are not concerned'
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
