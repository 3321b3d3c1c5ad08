import { readFileSync } from 'node:fs'
import type { Comparison, Results, Row } from '../bench/peers/results.js'
import { markdownTable } from './markdown.js'

/** What was measured last; `npm run bench:peers -- --write bench/peers/measured.json` measures anew. */
const MEASURED = 'bench/peers/measured.json'

/** What people do today beside what this program does, measured in one run on the same organizations. */
export function comparisonTables(): Readonly<Record<string, string>> {
  const results: Results = JSON.parse(readFileSync(MEASURED, 'utf8'))
  const versions = Object.entries(results.versions).map(([name, version]) => `${name} ${version}`)
  return {
    'comparison-terms': `Measured on ${results.measured} on ${results.machine} with
${versions.join(', ')}, against the simulator, which answers without quotas and without delay. Only ratios within one
run mean anything; absolute times are those of that machine and of what else ran on it.`,
    comparisons: results.comparisons.map(section).join('\n'),
  }
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
  return `### ${projects.toLocaleString('en')} projects, ${truth.keys.toLocaleString('en')} keys

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
  'type shown',
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
