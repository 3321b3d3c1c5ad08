import type { ApiRestriction, Day, DeadlineStatus, KeyFacts } from '../model.js'
import { hasOpenClients } from './clients.js'
import type { ControlName } from './controls.js'

/** A deadline as Google has published it. The policy file may move it. */
export interface PublishedDeadline {
  /** The first day on which the rule is overdue. */
  readonly date: Day
  /** `month`: no day was given, and `date` is the first of the month. */
  readonly precision: 'day' | 'month'
  readonly status: DeadlineStatus
  /** The page that says so. */
  readonly source: string
  /** When that page was last looked at. */
  readonly checked: Day
  /** What the page says, and what it leaves open. */
  readonly note: string
}

/** A noun for one key, and for every other number of them. */
export interface KeyNoun {
  readonly one: string
  readonly many: string
}

/** What people read of a rule instead of its name. */
export interface RuleWords {
  /** Keys to which the rule applies, after a number: `3 keys without API restriction`. */
  readonly keys: KeyNoun
  /** Keys of which this is the strictest rule, after a number: `9 dormant`, `21 restricted standard keys`. */
  readonly strictest: KeyNoun
  /** Whether a stricter rule has taken keys of the same kind: `23 more without API restriction`. */
  readonly isMore?: true
  /** In place of `strictest` where keys without API restriction are among them, since a stricter rule was waived. */
  readonly mixed?: KeyNoun
  /** What is wrong with one key: `no API restriction`. */
  readonly matter: string
  /** The same of a key with an API restriction, where that is said otherwise. */
  readonly restrictedMatter?: string
  /** One word, where there is little room. */
  readonly short: string
  /** Keys to which the rule applies, as Google speaks of them. */
  readonly google: string
  /** Follows them in a sentence to the owner of one such key. */
  readonly like: string
  /** What Google does to them from the deadline on: `blocks`, `has blocked`, `blocked`. */
  readonly enforcement: { readonly now: string; readonly since: string; readonly done: string }
}

/** How a rule looks in the report and the chart. */
export interface RuleStyle {
  /** On white, on black, and on paper: hexadecimal, as CSS and SVG have it. */
  readonly color: { readonly light: string; readonly dark: string; readonly print: string }
  /** Dashes and gaps of its line in the chart; a whole line where absent. */
  readonly dashes?: string
  /** The line beside its section in the report. */
  readonly border: 'solid' | 'dashed' | 'dotted'
}

/** One rule: which keys it concerns, since when, and all its words. It never sees today's date. */
export interface RuleRow {
  /** A few words, for headings. */
  readonly title: string
  /** What the rule says, for the documentation. */
  readonly says: string
  /** Asked only of standard keys that reach the Gemini API: all others are judged before any rule is asked. */
  readonly appliesTo: (facts: KeyFacts) => boolean
  /** One sentence: which facts make the rule apply to a key to which it applies. */
  readonly because: (facts: KeyFacts) => string
  readonly deadline: PublishedDeadline
  readonly words: RuleWords
  /** Controls whose text fits the rule; none where none does. */
  readonly controls: readonly ControlName[]
  readonly style: RuleStyle
}

const PAGE = 'https://ai.google.dev/gemini-api/docs/api-key'
const CHECKED = '2026-09-25' as Day

/**
 * The rows, the strictest rule first: a key counts under the first that applies to it. Parameters have their
 * types, since what makes the schema of the records out of the names reads these functions as well.
 */
const ROWS = {
  'dormant-key': {
    title: 'Dormant, no API restriction',
    says: 'A standard key without API restriction that can call the Gemini API, and that nothing has called for the policy’s dormant-days, is possibly blocked: Google blocks dormant keys and has not published after how long.',
    appliesTo: (facts: KeyFacts) => isUnrestricted(facts) && facts.dormant === true,
    because: (facts: KeyFacts) =>
      `${unrestricted(facts)}; no request was recorded for it in the policy’s dormant-days, so Google may have blocked it (it has not published its own period).`,
    deadline: {
      date: '2026-05-07' as Day,
      precision: 'day',
      status: 'in-force',
      source: PAGE,
      checked: CHECKED,
      note: 'Since May 7, 2026 Google blocks keys without API restriction that were dormant for an extended period. Google has not published how long that is, and no API shows the block.',
    },
    words: {
      keys: { one: 'dormant key', many: 'dormant keys' },
      strictest: { one: 'dormant', many: 'dormant' },
      matter: 'dormant, no API restriction',
      short: 'dormant',
      google: 'dormant keys without API restriction',
      // Google has not published when a key is dormant for it.
      like: ', possibly this one,',
      enforcement: { now: 'blocks', since: 'has blocked', done: 'blocked' },
    },
    controls: ['CIS 1.12', 'CIS 1.14', 'ISO A.8.3', 'SOC CC6.3'],
    style: {
      color: { light: '#6a3fb5', dark: '#c3a6ff', print: '#53309a' },
      dashes: '2 4',
      border: 'dotted',
    },
  },
  'unrestricted-key': {
    title: 'No API restriction',
    says: 'A standard key without API restriction that can call the Gemini API is rejected by it. A client restriction (websites, IP addresses, apps) does not count as an API restriction: that is the strict reading of what Google says.',
    appliesTo: (facts: KeyFacts) => isUnrestricted(facts),
    because: (facts: KeyFacts) => `${unrestricted(facts)}.`,
    deadline: {
      date: '2026-06-19' as Day,
      precision: 'day',
      status: 'in-force',
      source: PAGE,
      checked: CHECKED,
      note: 'Google says that the Gemini API rejects standard keys without API restriction since June 19, 2026, and that restricted ones go on working. It does not say whether a client restriction alone is enough, so it does not count here.',
    },
    words: {
      keys: { one: 'key without API restriction', many: 'keys without API restriction' },
      strictest: { one: 'without API restriction', many: 'without API restriction' },
      isMore: true,
      matter: 'no API restriction',
      short: 'unrestricted',
      google: 'keys without API restriction',
      like: ', such as this one,',
      enforcement: { now: 'rejects', since: 'has rejected', done: 'rejected' },
    },
    controls: ['CIS 1.14', 'ISO A.8.3', 'SOC CC6.3'],
    style: {
      color: { light: '#b3261e', dark: '#ff8f85', print: '#8f1d16' },
      border: 'solid',
    },
  },
  'standard-key': {
    title: 'Standard key',
    says: 'A standard key that can call the Gemini API, restricted or not, has to be replaced by an auth key: Google has announced that the Gemini API will stop accepting standard keys.',
    appliesTo: (facts: KeyFacts) => reachesGemini(facts),
    because: ({ apiRestriction }: KeyFacts) =>
      `It is a standard key, the Gemini API is enabled in its project, and the key ${REACH[apiRestriction]}.`,
    deadline: {
      date: '2026-09-01' as Day,
      precision: 'month',
      status: 'announced',
      source: PAGE,
      checked: CHECKED,
      note: 'Google announced that in September 2026 the Gemini API would stop accepting standard keys, and gave no day. The sentence was on the page on 2026-09-23 and is missing since 2026-09-25; no new date was found. Whether standard keys are refused is shown by their traffic, not by this date.',
    },
    words: {
      keys: { one: 'standard key', many: 'standard keys' },
      strictest: { one: 'restricted standard key', many: 'restricted standard keys' },
      mixed: { one: 'standard key', many: 'standard keys' },
      matter: 'standard key',
      restrictedMatter: 'restricted standard key',
      short: 'standard',
      google: 'standard keys',
      like: ', such as this one,',
      enforcement: { now: 'rejects', since: 'has rejected', done: 'rejected' },
    },
    controls: ['ISO A.8.5', 'SOC CC6.1'],
    style: {
      color: { light: '#0b5cad', dark: '#82b7f5', print: '#0b4a8a' },
      dashes: '9 4',
      border: 'dashed',
    },
  },
} as const satisfies Readonly<Record<string, RuleRow>>

export type Rule = keyof typeof ROWS

/** The rules of the Gemini API's move to auth keys. Adding one is a row above, its test, and `npm run docs`. */
export const RULE_TABLE: Readonly<Record<Rule, RuleRow>> = ROWS

/** The rules, the strictest first: the order in which they are applied, counted and reported. */
export const RULES: readonly Rule[] = Object.keys(ROWS).filter(isRule)

function isRule(name: string): name is Rule {
  return Object.hasOwn(ROWS, name)
}

/** A value for each rule, in their order. */
export function byRule<Value>(make: (rule: Rule, row: RuleRow) => Value): Record<Rule, Value> {
  const values = Object.fromEntries(RULES.map((rule) => [rule, make(rule, RULE_TABLE[rule])]))
  // Each rule is among them, which the compiler does not see.
  return values as Record<Rule, Value>
}

/** The rules that apply to a key, in their order. */
export function rulesFor(facts: KeyFacts): readonly Rule[] {
  return RULES.filter((rule) => RULE_TABLE[rule].appliesTo(facts))
}

function reachesGemini(facts: KeyFacts): boolean {
  return facts.type === 'standard' && facts.geminiAccess === 'yes'
}

function isUnrestricted(facts: KeyFacts): boolean {
  return reachesGemini(facts) && facts.apiRestriction === 'none'
}

function unrestricted(facts: KeyFacts): string {
  return [
    'It is a standard key without API restriction, and the Gemini API is enabled in its project',
    ...clientsOf(facts),
  ].join('; ')
}

const CLIENTS = { browser: 'websites', server: 'IP addresses', android: 'Android apps', ios: 'iOS apps' }

function clientsOf({ clientRestriction: client, key }: KeyFacts): readonly string[] {
  if (hasOpenClients(key.restrictions)) return ['its list of clients lets everybody in']
  if (client === 'none') return []
  return [
    `its restriction to ${CLIENTS[client]} does not count, which is the strict reading, since Google does not say whether that is enough`,
  ]
}

const REACH: Readonly<Record<ApiRestriction, string>> = {
  none: 'has no API restriction',
  'gemini-only': 'is restricted to that API',
  'gemini-and-others': 'is restricted to that API among others',
  'others-only': 'is restricted to other APIs',
}
