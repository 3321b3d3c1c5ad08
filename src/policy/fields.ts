import { parseDay } from '../calendar.js'
import type { Day } from '../model.js'
import { HYGIENE_RULES, type HygieneRule } from './hygiene.js'
import { RULES, type Rule } from './rules.js'

/** A kind of value in the policy file: how it is read, and what is allowed when it cannot be. */
export interface ValueType<Value> {
  /** What is allowed, as the end of a sentence. */
  readonly allowed: string
  /** The names that are allowed, where it is one of some: a misspelt one has a suggestion. */
  readonly names?: readonly string[]
  /** The value, or undefined when it is not of this kind. */
  readonly read: (value: unknown) => Value | undefined
}

/** A text that has one of some forms. */
function textual(allowed: string, ...forms: readonly RegExp[]): ValueType<string> {
  const fits = (text: string) => forms.some((form) => form.test(text))
  return { allowed, read: (value) => (typeof value === 'string' && fits(value) ? value : undefined) }
}

/** Words for people, without blanks around them. */
export function words(allowed: string): ValueType<string> {
  return { allowed, read: (value) => (typeof value === 'string' && value.trim() ? value.trim() : undefined) }
}

export const day: ValueType<Day> = {
  allowed: 'a day of the calendar as YYYY-MM-DD',
  read: (value) => (typeof value === 'string' ? parseDay(value) : undefined),
}

/** Days ahead for which anything may be waived: long enough for a yearly review. */
export const FARTHEST = 366

/** A last day, not later than `latest`. */
export function end(latest: Day): ValueType<Day> {
  const notLater = (value: Day | undefined) => (value !== undefined && value <= latest ? value : undefined)
  return {
    allowed: `${day.allowed}, at most ${FARTHEST} days ahead, which is ${latest}`,
    read: (value) => notLater(day.read(value)),
  }
}

export const dayOrNone: ValueType<Day | 'none'> = {
  allowed: `${day.allowed}, or none to switch the rule off`,
  read: (value) => (value === 'none' ? value : day.read(value)),
}

export function oneOf<const Name extends string>(names: readonly Name[]): ValueType<Name> {
  return {
    allowed: `one of ${names.join(', ')}`,
    names,
    read: (value) => names.find((name) => name === value),
  }
}

const EXEMPTIBLE: readonly (Rule | HygieneRule)[] = [...RULES, ...HYGIENE_RULES]

const rule = oneOf(EXEMPTIBLE)

/** One rule, of deadlines or of hygiene, or a list of them. */
export const rules: ValueType<readonly (Rule | HygieneRule)[]> = {
  allowed: `${rule.allowed}, or a list of them, each once`,
  names: EXEMPTIBLE,
  read: (value) => {
    const named: readonly unknown[] = Array.isArray(value) ? value : [value]
    const known = EXEMPTIBLE.filter((name) => named.includes(name))
    return known.length > 0 && known.length === named.length ? known : undefined
  },
}

/** A whole number from `least` to `most`. */
export function wholeNumber(least: number, most: number): ValueType<number> {
  const fits = (value: unknown): value is number =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
  return {
    allowed: `a whole number from ${least} to ${most}`,
    read: (value) => (fits(value) ? value : undefined),
  }
}

const PROJECT = /^(?:\d+|(?:[a-z0-9.-]+:)?[a-z](?:[a-z0-9-]*[a-z0-9])?)$/

/** A project's ID or number, read as `projects/…`. YAML takes a number without quotes for a number. */
export const project: ValueType<string> = {
  allowed: 'a project’s ID or number, such as acme-web or 123456789',
  read: (value) => {
    const name = Number.isSafeInteger(value) ? String(value) : value
    return typeof name === 'string' && PROJECT.test(name) ? `projects/${name}` : undefined
  },
}

export const folder = textual('a folder as folders/NUMBER', /^folders\/\d+$/)

const KEY = /^projects\/[^/\s]+\/locations\/global\/keys\/[^/\s]+$/
const SCOPE = /^(?:projects\/[^/\s]+|folders\/\d+|organizations\/\d+)$/

export const keyName = textual('a key as projects/PROJECT/locations/global/keys/ID', KEY)

export const gapSubject = textual(
  'projects/ID or projects/NUMBER, folders/NUMBER, organizations/NUMBER, or a key’s full name',
  SCOPE,
  KEY,
)

export const slackMember = textual('a Slack user ID (U… or W…) or group ID (S…)', /^[UWS][A-Z0-9]{2,}$/)
export const slackChannel = textual('a Slack channel ID, such as C0123ABCD', /^[CG][A-Z0-9]{2,}$/)
export const page = textual('an https:// address', /^https:\/\/[^\s/]+\.[^\s]+$/)

/** Whether a value is a mapping of names to values, and no list. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const LONGEST = 80

/** What stands in the file, as the middle of a sentence. */
export function quoted(value: unknown): string {
  if (value === undefined) return 'is missing'
  if (value === null || value === '') return 'is empty'
  if (Array.isArray(value) && !value.every((each) => typeof each === 'string')) return 'is a list'
  if (isMapping(value)) return 'is a mapping'
  const text = JSON.stringify(value)
  return `is ${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}`
}
