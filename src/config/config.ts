import { createHash } from 'node:crypto'
import { ConfigError, redacted } from '../errors.js'
import { Refusal } from './option-parsers.js'
import { OPTIONS, type Option, type OptionName, type OptionValues } from './options.js'

type Defaulted = 'inventory' | 'records' | 'timeZone' | 'pace' | 'timeBudget' | 'logName' | 'slackApiUrl'

/** A checked configuration: what the table's parsers and the rules between options allow. */
export type Config = OptionValues & Required<Pick<OptionValues, Defaulted | 'scope' | 'name'>>

/** Where options are read from: flags by option name, variables by their own. */
export interface Settings {
  readonly flags: Readonly<Partial<Record<OptionName, string>>>
  readonly env: Readonly<Record<string, string | undefined>>
  /** Why a required option that is absent could not be found out; said instead of its description. */
  readonly absent?: Readonly<Partial<Record<OptionName, string>>>
}

/** What could be read of a configuration, and everything that is wrong with it. */
export interface ReadConfig {
  /** The options that are right by themselves, also when others are wrong. */
  readonly values: OptionValues
  readonly problems: readonly string[]
}

/** How users know an option: its variable, and its flag where it has one. */
export function titleOf(option: Option<unknown>): string {
  return option.flag === undefined ? option.variable : `${option.variable} (${option.flag})`
}

function textOf(name: OptionName, settings: Settings): string | undefined {
  const option: Option<unknown> = OPTIONS[name]
  const given = settings.flags[name] ?? settings.env[option.variable]
  return given === undefined || given.trim() === '' ? option.default : given.trim()
}

function parseOne(name: OptionName, text: string): { value: unknown } | { problem: string } {
  const option: Option<unknown> = OPTIONS[name]
  try {
    return { value: option.parse(text) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const given = option.secret ? '' : `, not ${JSON.stringify(redacted(text))}`
    return { problem: `${titleOf(option)} ${error.message}${given}` }
  }
}

/** `isGiven`: whether an option was set at all; one that is wrong is reported as that, and not as missing. */
function problemsBetween(values: OptionValues, isGiven: (name: OptionName) => boolean): string[] {
  const problems: string[] = []
  if (values.pace === 'off' && !isGiven('googleApiUrl')) {
    problems.push(`${titleOf(OPTIONS.pace)} may be off only together with GOOGLE_API_URL`)
  }
  if (values.slackBotToken !== undefined && !isGiven('slackChannel')) {
    problems.push(`${titleOf(OPTIONS.slackChannel)} is needed with SLACK_BOT_TOKEN: the ID of a channel`)
  }
  return [
    ...problems,
    ...(values.inventory === 'export' ? exportProblems(values, isGiven('export')) : []),
    ...ocsfProblems(values),
  ]
}

function exportProblems({ export: place, archive }: OptionValues, isGiven: boolean): string[] {
  const title = titleOf(OPTIONS.export)
  if (place === undefined && isGiven) return []
  if (place === undefined) return [`${title} is needed with AUDIT_INVENTORY=export: gs://BUCKET/PREFIX`]
  if (!overlap(place, archive)) return []
  return [`${title} must not overlap with ${titleOf(OPTIONS.archive)}: exports are deleted, archives never`]
}

/** Nothing else belongs into an archive, and exports are deleted. */
function ocsfProblems({ ocsf, archive, export: exports }: OptionValues): string[] {
  const title = titleOf(OPTIONS.ocsf)
  return [
    ...(overlap(ocsf, archive)
      ? [`${title} must not overlap with ${titleOf(OPTIONS.archive)}: an archive holds runs alone`]
      : []),
    ...(overlap(ocsf, exports)
      ? [`${title} must not overlap with ${titleOf(OPTIONS.export)}: exports are deleted`]
      : []),
  ]
}

/** Whether one place lies in the other; a directory by its name as it was given. */
function overlap(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false
  const [outer = '', inner = ''] = [one, other].map((place) => `${place.replace(/\/+$/, '')}/`).sort()
  return inner.startsWith(outer)
}

const ALL = Object.keys(OPTIONS) as OptionName[]

/** Reads options from flags, then variables, then defaults; throws nothing, and returns every problem. */
export function readSettings(settings: Settings, names: readonly OptionName[] = ALL): ReadConfig {
  const values: Record<string, unknown> = {}
  const problems: string[] = []
  const isGiven = (name: OptionName) => textOf(name, settings) !== undefined
  for (const name of names) {
    const option: Option<unknown> = OPTIONS[name]
    const text = textOf(name, settings)
    if (text === undefined) {
      if (option.required)
        problems.push(`${titleOf(option)} is required: ${settings.absent?.[name] ?? option.description}`)
      continue
    }
    const parsed = parseOne(name, text)
    if ('problem' in parsed) problems.push(parsed.problem)
    else values[name] = parsed.value
  }
  return { values, problems: [...problems, ...problemsBetween(values, isGiven)] }
}

/** The configuration that the settings make, or a `ConfigError` with every problem. */
export function readConfig(settings: Settings): Config {
  return configOf(readSettings(settings))
}

/** The same of settings that have been read. */
export function configOf({ values, problems }: ReadConfig): Config {
  const { scope } = values
  if (problems.length > 0 || scope === undefined) throw new ConfigError('OPTION_WRONG', problems)
  return { ...(values as Required<Pick<OptionValues, Defaulted>>), ...values, scope, name: auditName(values) }
}

const LONGEST_NAME = 63

/** The audit's name: as configured, or `organizations-9` and its like from the scopes in their order. */
export function auditName(values: OptionValues): string {
  if (values.name !== undefined) return values.name
  const made = (values.scope ?? ['unconfigured']).join('_').replaceAll(/[^a-z0-9._-]/g, '-')
  if (made.length <= LONGEST_NAME) return made
  const digest = createHash('sha256').update(made).digest('hex').slice(0, 12)
  return `${made.slice(0, LONGEST_NAME - 13)}-${digest}`
}
