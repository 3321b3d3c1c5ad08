import { readFileSync } from 'node:fs'
import type { Comparison, Results, Row } from '../bench/peers/results.js'
import { markdownTable } from './markdown.js'

/** What was measured last; `npm run bench:peers -- --write bench/peers/measured.json` measures anew. */
const MEASURED = 'bench/peers/measured.json'

/** What people do today beside what this program does, measured in one run on the same organizations. */
export function comparisonPage(): string {
  const results: Results = JSON.parse(readFileSync(MEASURED, 'utf8'))
  const versions = Object.entries(results.versions).map(([name, version]) => `${name} ${version}`)
  return `# Comparison

Made from \`${MEASURED}\` by \`npm run docs\`. Measured on ${results.measured} on ${results.machine} with
${versions.join(', ')}, against the simulator, which answers without quotas and without delay. Only ratios within one
run mean anything; absolute times are those of that machine and whatever else it did. Again:

\`\`\`sh
npm run build && npm run bench:peers -- --write bench/peers/measured.json && npm run docs
\`\`\`

Two ways without this program are measured, both with \`gcloud\`: \`gcloud projects list\` and then \`gcloud services
api-keys list\` for each project, one after the other, as scripts do; and one \`gcloud asset list\` for the organization.
In each organization every fifth project has the Gemini API, and two of those do not let their keys be listed.

${results.comparisons.map(section).join('\n')}
## What the columns mean

- **Type told**: whether the key is a standard or an auth key, which everything else depends on. \`keys.list\` shows it.
  The asset inventory shows it only where the account was captured: a key without one there may be either. This program
  asks \`keys.list\` where the type decides anything, and leaves it open for keys that cannot call the Gemini API.
- **Judged**: whether and when Google rejects the key. Neither listing says whether the Gemini API is enabled in the
  key's project, nor knows a deadline.
- **Unread projects named**: projects whose keys may not be listed. By project, \`gcloud\` ends with an error for each,
  which a script has to keep and to count. The inventory shows these keys as it captured them, without a word about how
  old that is.
- **Keys shown**: deleted keys, which can be restored for 30 days, are among those of the organization; by project
  \`gcloud\` leaves them out.
- **Memory** is that of the largest process.

At Google itself the quota of \`keys.list\`, 240 requests a minute, is the floor of asking project by project;
[scale.md](scale.md) has the arithmetic for every way.
`
}

function section({ projects, truth, rows }: Comparison): string {
  const ours = rows.at(-1)
  const cells = rows.map((row) => [
    row.way.replace(/^[^,]+/, '`$&`'), // the command alone is code
    seconds(row),
    ours === undefined ? '' : (row.milliseconds / ours.milliseconds).toFixed(2),
    String(row.commands),
    String(row.requests),
    `${row.peakMiB} MiB`,
    of(row.keys, truth.keys),
    String(row.typed),
    String(row.judged),
    String(row.withTraffic),
    String(row.withRemedy),
    of(row.unreadNamed, truth.inaccessible),
  ])
  return `## ${projects.toLocaleString('en')} projects, ${truth.keys.toLocaleString('en')} keys

${markdownTable(HEAD, cells)}
`
}

const HEAD = [
  'way',
  'time',
  'times ours',
  'processes',
  'requests',
  'memory',
  'keys shown',
  'type told',
  'judged',
  'traffic',
  'what to do',
  'unread projects named',
]

function seconds({ milliseconds }: Row): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}

function of(shown: number, all: number): string {
  return `${shown} of ${all}`
}
