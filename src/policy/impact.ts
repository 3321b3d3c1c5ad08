import { longDay, longMonth } from '../calendar.js'
import type { Day, Finding, Judgement, KeyFacts, Rule } from '../model.js'
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

function fate(
  { rule, deadline, status, state }: Finding,
  { precision, moved }: Deadline,
  key: string,
): string {
  const says = moved === undefined ? 'Google' : 'the policy of this audit'
  const begun = state === 'overdue'
  switch (status) {
    case 'in-force': {
      const when = `${begun ? 'since' : 'from'} ${moment(deadline, precision)}${begun ? '' : ' on'}`
      return `${says} says that ${REJECTS[rule](key)} ${when}, because ${CAUSE[rule]}`
    }
    case 'announced': {
      const when =
        precision === 'day' ? `on ${longDay(deadline)}` : `in ${longMonth(deadline)} (no day was given)`
      const tense = begun ? 'would' : 'will'
      return `${says} announced that the Gemini API ${tense} stop accepting ${key} ${when}${begun ? ', which is past' : ''}, because ${CAUSE[rule]}`
    }
  }
}

function moment(deadline: Day, precision: Deadline['precision']): string {
  return precision === 'day' ? longDay(deadline) : longMonth(deadline)
}

const rejected = (key: string) => `the Gemini API rejects ${key}`

const REJECTS: Readonly<Record<Rule, (key: string) => string>> = {
  'dormant-key': (key) => `${key} is possibly blocked`,
  'unrestricted-key': rejected,
  'standard-key': rejected,
}

const CAUSE: Readonly<Record<Rule, string>> = {
  'dormant-key': 'nothing has called it for long',
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
