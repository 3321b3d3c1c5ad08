import { OPTIONS, type Option } from '../src/config/options.js'
import { CALLS, type Call } from '../src/google/calls.js'
import { QUOTAS } from '../src/google/quotas.js'
import { VERDICTS, type Verdict } from '../src/model.js'
import { GOOGLE_DEADLINES } from '../src/policy/deadlines.js'
import { RULE_TABLE, RULES } from '../src/policy/rules.js'
import { comparisonPage } from './comparison-page.js'
import { doctorPage } from './doctor-page.js'
import { formatsPage } from './formats-page.js'
import { licensesPage } from './licenses-page.js'
import { markdownTable } from './markdown.js'
import { operatePage } from './operate-page.js'
import { recordSchemas } from './record-schemas.js'
import { recordsPage } from './records-page.js'
import { reliabilityPage } from './reliability-page.js'
import { scalePage } from './scale-page.js'
import { trafficPage } from './traffic-page.js'

function optionRow(option: Option<unknown>): string[] {
  const flag = option.flag === undefined ? '–' : `\`${option.flag} ${option.argument}\``
  const fallback = option.required
    ? 'required'
    : option.default === undefined
      ? option.absent
      : `\`${option.default}\``
  return [
    `\`${option.variable}\``,
    flag,
    fallback ?? 'none',
    `${option.description}${option.secret ? ' Secret.' : ''}`,
  ]
}

function configurationPage(): string {
  const rows = Object.values(OPTIONS).map((option) => optionRow(option))
  return `# Configuration

Made from the table in \`src/config/options.ts\` by \`npm run docs\`.

A flag wins over its variable; an empty variable counts as absent. Wrong values stop a run before anything is read,
with one message that lists every problem: the command exits with 2, the function answers 500 and stays up.

${markdownTable(['variable', 'flag', 'default', 'meaning'], rows)}

Credentials are Google's Application Default Credentials: the service account of the function, or
\`gcloud auth application-default login\` on a workstation. With \`GOOGLE_API_URL\` none are looked for, and the
records go to the project \`simulator\` unless \`LOG_PROJECT\` names another.
`
}

const MEANING: Readonly<Record<Verdict, string>> = {
  overdue: 'A rule applies, its deadline has come, and no exemption holds.',
  due: 'A rule applies, its deadline is ahead, and no exemption holds.',
  unknown: 'The type of the key, or whether the Gemini API is enabled in its project, could not be read.',
  exempt: 'Rules apply, and the policy exempts the key from all of them or has switched them off.',
  latent:
    'The key could call the Gemini API, but that is not enabled in its project; if somebody enables it, the rules apply from that day.',
  compliant:
    'An auth key: it meets the announced requirements of the Gemini API, and nothing more is said of it.',
  'not-affected': 'The API restriction of the key leaves the Gemini API out, whatever its type.',
  deleted: 'The key was deleted and can still be restored; it is in no other count.',
}

function verdictsPage(): string {
  const rules = RULES.map((rule) => {
    const { date, precision, status, source, checked, note } = GOOGLE_DEADLINES[rule]
    return `### \`${rule}\`: ${RULE_TABLE[rule].title}

${RULE_TABLE[rule].says}

Deadline ${date}${precision === 'month' ? ' (the month alone is known)' : ''}, ${status}. ${note}
Source: <${source}>, last checked on ${checked}.`
  })
  return `# Verdicts and rules

Made from \`src/policy/rules.ts\`, \`src/policy/deadlines.ts\` and \`src/model.ts\` by \`npm run docs\`.

Every key gets exactly one verdict: the first that fits, in the order deleted, not-affected, compliant, latent,
unknown, overdue, due, exempt.

${markdownTable(
  ['verdict', 'meaning'],
  VERDICTS.map((verdict) => [`\`${verdict}\``, MEANING[verdict]]),
)}

A key whose own fields are not what Google documents is \`unknown\`, with a gap that names it. Keys of projects that
are not active are not judged but counted; keys of excluded projects are judged as far as the listing allows, and
counted apart.

A finding is \`due\` while days are left, and \`overdue\` from the deadline day on, in the time zone of the audit.

## Rules

${rules.join('\n\n')}
`
}

function rightsPage(): string {
  const rows = Object.values(CALLS).map((call: Call) => {
    const { perMinute, source } = QUOTAS[call.quota]
    return [
      `${call.service}: \`${call.operation}\``,
      `\`${call.permission}\``,
      `\`${call.role}\``,
      `[${perMinute}](${source})`,
    ]
  })
  return `# Rights

Made from \`src/google/calls.ts\` and \`src/google/quotas.ts\` by \`npm run docs\`.

Every request that a run makes to read or to remember, the permission that Google checks, a role that carries it,
and how many requests a minute Google allows. A run takes \`AUDIT_PACE\` percent of that. Organization-wide reading
needs the permissions on the organization. Two requests write: \`objects.insert\`, for an archive in a bucket, which
never overwrites, and \`exportAssets\`, which has the files of an export written below \`AUDIT_EXPORT\`; only those are
deleted again by \`objects.delete\`. Without \`AUDIT_INVENTORY=export\` the last two and \`operations.get\` are not
needed. Nothing here can change anything else, or show the string of a key. The custom roles in \`deploy/roles\` hold
exactly these permissions; \`deploy/organization.sh\` and \`deploy/setup.sh\` make and bind them
([deploy.md](deploy.md#what-each-identity-may-do)).

${markdownTable(['request', 'permission', 'role', 'quota a minute'], rows)}

Telling needs \`logging.logEntries.create\` on the project of the records (\`roles/logging.logWriter\`), and for
Slack a bot token with \`chat:write\` and \`files:write\`, whose bot is a member of the channel; with
\`channels:history\` (\`groups:history\` in a private channel) it can look whether a message whose answer was lost
has arrived. The calling project needs the Cloud Asset, API Keys, Service Usage, Cloud Resource Manager, Cloud
Monitoring, Organization Policy and Cloud Logging APIs enabled, and \`serviceusage.services.use\`.

Without \`timeSeries.list\` the audit judges as before, but nobody learns which keys are in use; without
\`policies.getEffectivePolicy\` it cannot say where a policy may keep auth keys from being made. Both become gaps.
Google publishes no number for these two quotas: 6,000 is what its refusals named, 240 is caution.
`
}

/** Every generated page: its path in the repository and its text. */
export function pages(): Readonly<Record<string, string>> {
  const schemas = recordSchemas({ isOpen: true })
  return {
    'docs/records.md': recordsPage(schemas),
    ...Object.fromEntries(
      Object.entries(schemas).map(([name, schema]) => [
        `schema/${name}.json`,
        `${JSON.stringify(schema, null, 2)}\n`,
      ]),
    ),
    'docs/configuration.md': configurationPage(),
    'docs/verdicts.md': verdictsPage(),
    'docs/traffic.md': trafficPage(),
    'docs/formats.md': formatsPage(),
    'docs/rights.md': rightsPage(),
    'docs/doctor.md': doctorPage(),
    'docs/reliability.md': reliabilityPage(),
    'docs/scale.md': scalePage(),
    'docs/licenses.md': licensesPage(),
    'docs/comparison.md': comparisonPage(),
    'docs/operate.md': operatePage(),
  }
}
