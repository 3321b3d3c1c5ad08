import { type ApiRestriction, type KeyFacts, RULES, type Rule } from '../model.js'

/** One rule: which keys it concerns, and how it is told. It never sees today's date. */
export interface RuleRow {
  readonly rule: Rule
  /** A few words, for headings. */
  readonly title: string
  /** What the rule says, for the documentation. */
  readonly says: string
  readonly appliesTo: (facts: KeyFacts) => boolean
  /** One sentence: which facts make the rule apply to a key to which it applies. */
  readonly because: (facts: KeyFacts) => string
}

/** The rules of the Gemini API's move to auth keys. Adding one is a row here and a deadline beside it. */
export const RULE_TABLE: Readonly<Record<Rule, RuleRow>> = {
  'dormant-key': {
    rule: 'dormant-key',
    title: 'Dormant unrestricted key',
    says: 'A standard key without API restriction that can call the Gemini API, and that nothing has called for the policy’s dormant-days, is possibly blocked: Google blocks dormant unrestricted keys and has not published its period.',
    appliesTo: (facts) => isUnrestricted(facts) && facts.dormant === true,
    because: (facts) =>
      `${unrestricted(facts)}; no request was recorded for it for as many days as the policy names, so that it is possibly blocked: Google has not published its own period.`,
  },
  'unrestricted-key': {
    rule: 'unrestricted-key',
    title: 'Unrestricted standard key',
    says: 'A standard key without API restriction that can call the Gemini API is rejected by it. A client restriction (websites, IP addresses, apps) does not count as an API restriction: that is the strict reading of what Google says.',
    appliesTo: (facts) => isUnrestricted(facts),
    because: (facts) => `${unrestricted(facts)}.`,
  },
  'standard-key': {
    rule: 'standard-key',
    title: 'Standard key',
    says: 'A standard key that can call the Gemini API, restricted or not, has to be replaced by an auth key: Google has announced that the Gemini API will stop accepting standard keys.',
    appliesTo: reachesGemini,
    because: ({ apiRestriction }) =>
      `It is a standard key, the Gemini API is enabled in its project, and the key ${REACH[apiRestriction]}.`,
  },
}

/** The rules that apply to a key, in the order of `RULES`. */
export function rulesFor(facts: KeyFacts): readonly RuleRow[] {
  return RULES.map((rule) => RULE_TABLE[rule]).filter((row) => row.appliesTo(facts))
}

function reachesGemini(facts: KeyFacts): boolean {
  return facts.type === 'standard' && facts.geminiAccess === 'yes'
}

function isUnrestricted(facts: KeyFacts): boolean {
  return reachesGemini(facts) && facts.apiRestriction === 'none'
}

const CLIENTS = { browser: 'websites', server: 'IP addresses', android: 'Android apps', ios: 'iOS apps' }

function unrestricted({ clientRestriction: client }: KeyFacts): string {
  const what = 'It is a standard key without API restriction, and the Gemini API is enabled in its project'
  if (client === 'none') return what
  return `${what} (its restriction to ${CLIENTS[client]} does not count: this is the strict reading, since Google does not say whether that suffices)`
}

const REACH: Readonly<Record<ApiRestriction, string>> = {
  none: 'has no API restriction',
  'gemini-only': 'is restricted to that API',
  'gemini-and-others': 'is restricted to that API among others',
  'others-only': 'is restricted to other APIs',
}
