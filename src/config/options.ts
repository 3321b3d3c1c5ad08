import {
  anyText,
  archivePlace,
  calendarDay,
  duration,
  exportPlace,
  loopbackOrigin,
  matching,
  type OptionParser,
  oneOf,
  pace,
  scopes,
  shortTime,
  slackApiUrl,
  slackBotToken,
  timeZone,
} from './option-parsers.js'

/** One option: described here once; parsing, help and docs/configuration.md are made from it. */
export interface Option<Value> {
  readonly variable: string
  /** Without one the option is set by its variable alone: secrets, and where the simulator is. */
  readonly flag?: string
  /** What stands for the value in the help. */
  readonly argument?: string
  /** Taken as if it had been written by the user. */
  readonly default?: string
  /** What an absent option without a default means, for the docs. */
  readonly absent?: string
  readonly required?: true
  readonly secret?: true
  readonly parse: OptionParser<Value>
  readonly description: string
}

/** Defaults that hold as well where an option is wrong, and something has to be done all the same. */
export const DEFAULTS = {
  /** Percent of a quota. */
  pace: 90,
  /** Milliseconds. */
  eventWindow: 10_000,
  logName: 'gemini-key-audit',
} as const

const option = <Value>(row: Option<Value>): Option<Value> => row

export const OPTIONS = {
  scope: option({
    variable: 'AUDIT_SCOPE',
    flag: '--scope',
    argument: 'SCOPE',
    required: true,
    absent: 'required; on the command line, the organization that the credentials see, where it is just one',
    parse: scopes,
    description: 'What is audited: organizations/N, folders/N or projects/ID, comma-separated for several.',
  }),
  name: option({
    variable: 'AUDIT_NAME',
    flag: '--name',
    argument: 'NAME',
    absent: 'made from the scope',
    parse: matching(
      /^[a-z0-9][a-z0-9._-]{0,62}$/,
      'at most 63 lower-case letters, digits, dots, hyphens and underscores, a letter or digit first',
    ),
    description: 'Which audit this is; runs are compared, chained and kept apart by it.',
  }),
  policy: option({
    variable: 'AUDIT_POLICY',
    flag: '--policy',
    argument: 'FILE',
    absent: 'the built-in policy',
    parse: anyText,
    description: 'A YAML policy file, or gs://BUCKET/OBJECT, read at each run.',
  }),
  archive: option({
    variable: 'AUDIT_ARCHIVE',
    flag: '--archive',
    argument: 'PLACE',
    absent: 'none',
    parse: archivePlace,
    description: 'Where runs are remembered: a directory, or gs://BUCKET/PREFIX.',
  }),
  inventory: option({
    variable: 'AUDIT_INVENTORY',
    flag: '--inventory',
    argument: 'WAY',
    default: 'auto',
    parse: oneOf('auto', 'assets', 'projects', 'export'),
    description:
      'assets (Cloud Asset Inventory), projects (project by project), or auto: the first, and where it is ' +
      'denied or off the second, part by part, and the run says so. export: as auto, but the assets are exported ' +
      'to AUDIT_EXPORT by one request, and listed only where that fails: for very large organizations.',
  }),
  export: option({
    variable: 'AUDIT_EXPORT',
    flag: '--export',
    argument: 'PLACE',
    absent: 'none; needed with AUDIT_INVENTORY=export',
    parse: exportPlace,
    description:
      'Where exports go: gs://BUCKET/PREFIX, in a bucket without a retention policy. Each run writes to a ' +
      'folder of its own, and deletes it.',
  }),
  ocsf: option({
    variable: 'AUDIT_OCSF',
    flag: '--ocsf',
    argument: 'PLACE',
    absent: 'none',
    parse: archivePlace,
    description:
      'Where the findings of each run are written as OCSF, an object a run, for other systems to fetch: a ' +
      'directory, or gs://BUCKET/PREFIX, outside of the archive.',
  }),
  scc: option({
    variable: 'AUDIT_SCC',
    flag: '--scc',
    argument: 'SOURCE',
    absent: 'none',
    parse: matching(/^organizations\/\d+\/sources\/\d+$/, 'organizations/NUMBER/sources/NUMBER'),
    description:
      'The source of Security Command Center that findings are written to, organizations/N/sources/M. The only ' +
      "write outside of the auditor's own project.",
  }),
  records: option({
    variable: 'AUDIT_RECORDS',
    flag: '--records',
    argument: 'WHICH',
    default: 'all',
    parse: oneOf('all', 'relevant'),
    description:
      'all: a record for every key; relevant: not for compliant and not-affected keys of which nothing is to be looked at.',
  }),
  asOf: option({
    variable: 'AUDIT_AS_OF',
    flag: '--as-of',
    argument: 'DAY',
    absent: "the run's day",
    parse: calendarDay,
    description:
      "Judge by this calendar day, YYYY-MM-DD, on today's facts. Such a run is no baseline for later ones.",
  }),
  timeZone: option({
    variable: 'AUDIT_TIME_ZONE',
    flag: '--time-zone',
    argument: 'ZONE',
    default: 'UTC',
    parse: timeZone,
    description: "The IANA time zone of the run's day.",
  }),
  pace: option({
    variable: 'AUDIT_PACE',
    flag: '--pace',
    argument: 'PERCENT',
    default: String(DEFAULTS.pace),
    parse: pace,
    description:
      'Percent of each documented quota that a run may use; off only together with GOOGLE_API_URL.',
  }),
  timeBudget: option({
    variable: 'AUDIT_TIME_BUDGET',
    flag: '--time-budget',
    argument: 'TIME',
    default: '25m',
    parse: duration,
    description: 'After this the run stops reading, reports what it has and names the rest as gaps.',
  }),
  eventWindow: option({
    variable: 'AUDIT_EVENT_WINDOW',
    default: `${DEFAULTS.eventWindow / 1000}s`,
    parse: shortTime,
    description:
      'For how long the function keyChanged gathers changes after the first one, to post them as one message.',
  }),
  logProject: option({
    variable: 'LOG_PROJECT',
    flag: '--log-project',
    argument: 'PROJECT',
    absent: 'the project of the credentials',
    parse: matching(/^(none|\d+|([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9])$/, 'a project ID, or none'),
    description: 'Project whose Cloud Logging receives the records; none writes none.',
  }),
  logName: option({
    variable: 'LOG_NAME',
    flag: '--log-name',
    argument: 'NAME',
    default: DEFAULTS.logName,
    parse: matching(/^[A-Za-z0-9._/-]{1,200}$/, 'letters, digits, dots, hyphens, underscores and slashes'),
    description: 'The log that the records are written to.',
  }),
  slackBotToken: option({
    variable: 'SLACK_BOT_TOKEN',
    secret: true,
    absent: 'no message is sent, and the run says so',
    parse: slackBotToken,
    description: "Slack's bot token, a secret and so never a flag.",
  }),
  slackChannel: option({
    variable: 'SLACK_CHANNEL',
    flag: '--slack-channel',
    argument: 'ID',
    absent: 'none; needed with SLACK_BOT_TOKEN',
    parse: matching(/^[CGD][A-Z0-9]{2,}$/, "a channel ID such as C0123ABCD, not the channel's name"),
    description: 'The channel that the digest is posted to.',
  }),
  slackApiUrl: option({
    variable: 'SLACK_API_URL',
    default: 'https://slack.com/api/',
    parse: slackApiUrl,
    description:
      "Base URL of Slack's API, ends with /api/: Slack's own hosts, or loopback for the simulator.",
  }),
  googleApiUrl: option({
    variable: 'GOOGLE_API_URL',
    absent: "Google's",
    parse: loopbackOrigin,
    description:
      'One loopback origin that serves every Google API: the simulator. It never gets a real token.',
  }),
} as const

export type OptionName = keyof typeof OPTIONS

type ValueOf<Name extends OptionName> = (typeof OPTIONS)[Name] extends Option<infer Value> ? Value : never

/** Every option that has a value, by its name in the table. */
export type OptionValues = { readonly [Name in OptionName]?: ValueOf<Name> }
