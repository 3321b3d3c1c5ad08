import { OPTIONS, type Option } from '../src/config/options.js'
import { CALLS, type Call } from '../src/google/calls.js'
import { QUOTAS } from '../src/google/quotas.js'
import { SCC_CALLS } from '../src/google/securitycenter.js'
import { CSV_COLUMNS } from '../src/report/csv.js'
import { comparisonTables } from './comparison-tables.js'
import { doctorTables } from './doctor-tables.js'
import { markdownTable } from './markdown.js'
import { operateTables } from './operate-tables.js'
import type { RecordName, RecordSchema } from './record-schemas.js'
import { recordTables } from './record-tables.js'
import { reliabilityTables } from './reliability-tables.js'
import { scaleTables } from './scale-tables.js'
import { terraformTables } from './terraform.js'
import { verdictTables } from './verdict-tables.js'

/** Everything that the documents' markers name: made from the code, by name. */
export function tables(
  schemas: Readonly<Record<RecordName, RecordSchema>>,
): Readonly<Record<string, string>> {
  return {
    ...recordTables(schemas),
    options: markdownTable(
      ['variable', 'flag', 'default', 'meaning'],
      Object.values(OPTIONS).map((option) => optionRow(option)),
    ),
    'csv-columns': csvColumns(),
    requests: markdownTable(['request', 'permission', 'role', 'quota a minute'], requestRows()),
    ...verdictTables(),
    ...doctorTables(),
    ...reliabilityTables(),
    ...scaleTables(),
    ...comparisonTables(),
    ...operateTables(),
    ...terraformTables(),
  }
}

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

/** The columns of CSV with the fields that they come from. */
function csvColumns(): string {
  const rows = CSV_COLUMNS.map(({ name, field = name }) => [
    `\`${name}\``,
    field.replace(/^\S+?(?=,| |$)/, '`$&`'),
  ])
  return markdownTable(['column', 'field of the key record'], rows)
}

function requestRows(): string[][] {
  const rows = Object.values({ ...CALLS, ...SCC_CALLS }).map((call: Call) => {
    const { perMinute, source } = QUOTAS[call.quota]
    return [
      `${call.service}: \`${call.operation}\``,
      `\`${call.permission}\``,
      `\`${call.role}\``,
      `[${perMinute}](${source})`,
    ]
  })
  // the same request may be made for several things
  return [...new Map(rows.map((row) => [row.join(), row])).values()]
}
