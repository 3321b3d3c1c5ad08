import { CSV_COLUMNS } from '../src/report/csv.js'
import { markdownTable } from './markdown.js'

/** What the formats hold, and the columns of CSV with the fields that they come from. */
export function formatsPage(): string {
  const rows = CSV_COLUMNS.map(({ name, field = name }) => [
    `\`${name}\``,
    field.replace(/^\S+?(?=,| |$)/, '`$&`'),
  ])
  return `# Formats

Made from \`src/report/csv.ts\` by \`npm run docs\`.

All formats are made from the same records, whose fields have one order: that of the key record, with its most
pressing finding and its verdict in front.

${markdownTable(
  ['format', 'holds'],
  [
    [
      '`--format table`',
      'The affected keys, most urgent first, and what the digest says; for people, not for programs.',
    ],
    [
      '`--format json`',
      'One object, `{"run": …, "keys": […], "gaps": […]}`: the run record, the key records and the gap records.',
    ],
    [
      '`--format ndjson`',
      'Every record on a line of its own, as Cloud Logging gets it, the run record last.',
    ],
    [
      '`--format csv`',
      'Every key on a line, with the columns below; the file in the Slack thread has those of the affected keys.',
    ],
    [
      '`--report FILE`',
      'One HTML page: counts, chart, deadlines, coverage, and a table of affected, exempt and latent keys.',
    ],
  ],
)}

## Columns of CSV

In this order; columns are only ever added. Cells that a spreadsheet would take for a formula begin with an
apostrophe. Several values in a cell are apart by a blank, commands by a line break. What does not apply is empty.

${markdownTable(['column', 'field of the key record'], rows)}
`
}
