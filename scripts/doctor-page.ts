import { readFileSync } from 'node:fs'
import type { Check } from '../src/doctor/check.js'
import { CHECKS } from '../src/doctor/checks.js'
import { KEPT_DAYS } from '../src/doctor/log-checks.js'
import { LOG_CALLS } from '../src/google/logconfig.js'
import { markdownTable } from './markdown.js'

const ACTORS: Readonly<Record<Check['actor'], string>> = {
  google: 'the credentials',
  slack: 'the bot',
  process: 'this process',
}

/** What `gemini-key-audit doctor` tries, made from its table of checks. */
export function doctorPage(): string {
  const rows = Object.values<Check>(CHECKS).map(({ call, actor, needs, otherwise }) => [
    `\`${call}\``,
    ACTORS[actor],
    needs,
    otherwise,
  ])
  const rights = Object.values(LOG_CALLS).map(({ permission }) => `\`${permission}\``)
  return `# The doctor

Made from \`src/doctor/checks.ts\` by \`npm run docs\`.

\`gemini-key-audit doctor\` takes the options of \`audit\` and tries all that a run of this configuration needs, as the
identity that it runs as: run it where the audit runs, with the same variables. Each line says what was called, under
whose identity, on which resource, and that it works or what is missing, with the command that grants or enables it.
The commands grant the roles of \`deploy/roles\`, which hold what the audit needs and nothing else, and name the
account, the organization and the project themselves, where Google says what they are.

| result | meaning |
| --- | --- |
| \`ok\` | it works |
| \`warning\` | a run would be complete, but somebody should know |
| \`GAPS\` | a run would be incomplete |
| \`FAILS\` | a run would fail, or its records would not be kept for ${KEPT_DAYS} days |
| \`not tried\` | it rests on something that is missing, or there is nothing to try it on |

It exits with 1 if a run would fail, with 2 if the configuration is wrong, and else with 0; \`--json\` prints the same
as JSON: \`run\` (\`would be complete\`, \`would have gaps\`, \`would fail\`), \`counts\` by result, and \`checks\`.

The requests are those of a run, on as little as there is: the first pages of each listing, and for what is asked
project by project one project with a candidate, or two more where that one refuses. A right that is missing in one
project only shows in a run, as a gap: the line says which project was tried, and where there is an archive the gaps of
the newest run are named. It posts nothing, and has Cloud Logging check a record without storing it. It
leaves one small object in the archive, \`doctor.txt\`, which is written once and read again each time, so that it does
no harm in a bucket with a locked retention policy. No key string is read.

To see how long records are kept it needs ${rights.join(' and ')} ([geminiKeyAuditorDoctor](../deploy/roles/geminiKeyAuditorDoctor.yaml))
on the project of the records, which no run needs; without them that check is a warning.

From a workstation, as the account that the audit runs as, which takes \`roles/iam.serviceAccountTokenCreator\` on it:

\`\`\`sh
gcloud auth application-default login --impersonate-service-account=SERVICE_ACCOUNT_EMAIL
npx gemini-key-audit doctor --scope organizations/123456789012 --archive gs://BUCKET/PREFIX
\`\`\`

## What is tried

${markdownTable(['call', 'as', 'what a run needs it for', 'without it'], rows)}

## What it looks like

Where \`apikeys.keys.list\`, the asset inventory and the log are denied:

\`\`\`text
${readFileSync('test/golden/doctor/ill.txt', 'utf8').trim()}
\`\`\`
`
}
