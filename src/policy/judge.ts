import { daysBetween } from '../calendar.js'
import { type Day, type KeyFacts, RULED_VERDICTS, type Verdict } from '../model.js'
import { hasOpenClients } from './clients.js'
import type { Deadline } from './deadlines.js'
import { isMadeBeforeGemini } from './facts.js'
import { HYGIENE_TABLE, type HygieneRule, hygieneFor } from './hygiene.js'
import {
  type Finding,
  type HoldingExemption,
  type HygieneFinding,
  type Judgement,
  NOTES,
  type Note,
} from './judgement-types.js'
import type { Exemption, Policy } from './policy.js'
import { RULE_TABLE, RULES, type Rule, rulesFor } from './rules.js'
import { exemptionsFor, notExempt } from './waivers.js'

/**
 * Whether the move to auth keys breaks a key, on a day. Pure and total: every key gets exactly one verdict.
 * Findings are those of a key that is judged by rules, exempt ones included; others have none.
 */
export function judge(facts: KeyFacts, policy: Policy, asOf: Day): Judgement {
  const settled = verdictBeforeRules(facts)
  return settled === undefined ? judgedByRules(facts, policy, asOf) : judgedAs(settled, facts, policy, asOf)
}

/** An exemption is needed as well while its key cannot be judged, or the Gemini API is off. */
function judgedAs(verdict: Verdict, facts: KeyFacts, policy: Policy, asOf: Day): Judgement {
  const isOpen = verdict === 'unknown' || verdict === 'latent'
  const hygiene = ASKS_NOTHING.includes(verdict) ? hygieneFor(facts, policy.hygiene) : []
  const exemptions = isOpen || hygiene.length > 0 ? exemptionsFor(facts, policy, asOf) : []
  return {
    verdict,
    ...(isOfUnknownTypeOnly(facts) && { ifStandard: verdictIfStandard(facts, policy, asOf) }),
    findings: [],
    notes: notesOn(facts, verdict),
    ...(hygiene.length > 0 && { hygiene: hygiene.map((id) => hygieneFinding(id, facts, exemptions)) }),
    ...needed(
      isOpen ? exemptions : exemptions.filter(({ rules }) => hygiene.some((id) => rules.includes(id))),
    ),
  }
}

/** The verdicts of keys of which no deadline asks anything: what else is to be looked at is found on them alone. */
const ASKS_NOTHING: readonly Verdict[] = ['compliant', 'not-affected', 'latent']

/** Of several exemptions the one that holds the longest. */
function hygieneFinding(id: HygieneRule, facts: KeyFacts, exemptions: readonly Exemption[]): HygieneFinding {
  const { severity, because } = HYGIENE_TABLE[id]
  const [holding] = exemptions
    .filter(({ rules }) => rules.includes(id))
    .toSorted((one, other) => (one.until < other.until ? 1 : -1))
  const finding = { id, severity, because: because(facts) }
  if (holding === undefined) return finding
  const { until, reason, approvedBy } = holding
  return { ...finding, exemption: { until, reason, approvedBy } }
}

function judgedByRules(facts: KeyFacts, policy: Policy, asOf: Day): Judgement {
  const findings = rulesFor(facts).flatMap((rule) => findingsOf(rule, policy.deadlines[rule], facts, asOf))
  const exemptions = exemptionsFor(facts, policy, asOf).filter(({ rules }) =>
    findings.some(({ rule }) => rules.includes(rule)),
  )
  const exemption = merged(exemptions)
  const verdict = verdictByRules(findings, exemption)
  const notes = notesOn(facts, verdict)
  return { verdict, findings, notes, ...(exemption && { exemption }), ...needed(exemptions) }
}

function needed(exemptions: readonly Exemption[]): Pick<Judgement, 'exemptionsNeeded'> {
  return exemptions.length === 0 ? {} : { exemptionsNeeded: exemptions }
}

/** Whether a key would be judged by rules if its type were known. */
function isOfUnknownTypeOnly(facts: KeyFacts): boolean {
  return facts.type === 'unknown' && verdictBeforeRules({ ...facts, type: 'standard' }) === undefined
}

function verdictIfStandard(facts: KeyFacts, policy: Policy, asOf: Day): Verdict {
  return judgedByRules({ ...facts, type: 'standard' }, policy, asOf).verdict
}

/** The verdict on a key to which no rule is put, in the order in which the first that fits wins. */
function verdictBeforeRules({ key, apiRestriction, type, geminiAccess }: KeyFacts): Verdict | undefined {
  if (key.flaw !== undefined) return 'unknown'
  if (key.deleteTime !== undefined) return 'deleted'
  if (apiRestriction === 'others-only') return 'not-affected'
  if (type === 'auth') return 'compliant'
  if (geminiAccess === 'latent') return 'latent'
  if (type === 'unknown' || geminiAccess === 'unknown') return 'unknown'
  return undefined
}

/** Whether rules were put to the key: else its dormancy, which they alone look at, is without meaning. */
export function isByRules({ verdict }: Judgement): boolean {
  return RULED_VERDICTS.includes(verdict)
}

/** What else is worth knowing of a key. The fields of a malformed one may be what was malformed. */
function notesOn({ key, apiRestriction }: KeyFacts, verdict: Verdict): readonly Note[] {
  if (key.flaw !== undefined) return []
  const notes: Readonly<Record<Note, boolean>> = {
    'unrestricted-auth-key': verdict === 'compliant' && apiRestriction === 'none',
    'open-client-restriction': hasOpenClients(key.restrictions),
    'made-before-gemini': isMadeBeforeGemini(key),
  }
  return NOTES.filter((note) => notes[note])
}

/** The finding of a rule that applies; none where the policy has switched the rule off. */
function findingsOf(rule: Rule, deadline: Deadline, facts: KeyFacts, asOf: Day): readonly Finding[] {
  if (deadline.date === 'none') return []
  const daysLeft = daysBetween(asOf, deadline.date)
  return [
    {
      rule,
      deadline: deadline.date,
      status: deadline.status,
      daysLeft,
      state: daysLeft > 0 ? 'due' : 'overdue',
      because: RULE_TABLE[rule].because(facts),
    },
  ]
}

function verdictByRules(findings: readonly Finding[], exemption: HoldingExemption | undefined): Verdict {
  const open = notExempt(findings, exemption)
  if (open.some(({ state }) => state === 'overdue')) return 'overdue'
  return open.length > 0 ? 'due' : 'exempt'
}

/**
 * Several exemptions of one key as one: their rules together, and the day on which the first of them ends,
 * since from the day after it the key is exempt from fewer rules.
 */
function merged(exemptions: readonly Exemption[]): HoldingExemption | undefined {
  const [until] = exemptions.map((each) => each.until).toSorted()
  if (until === undefined) return undefined
  const rules = new Set(exemptions.flatMap((each) => each.rules))
  return {
    rules: RULES.filter((rule) => rules.has(rule)),
    until,
    reason: [...new Set(exemptions.map(({ reason }) => reason))].join('; '),
    approvedBy: [...new Set(exemptions.map(({ approvedBy }) => approvedBy))].join(', '),
  }
}
