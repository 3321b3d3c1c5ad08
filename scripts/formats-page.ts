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

## What the HTML page carries

The page needs no other file and asks nothing of any server. The records behind it stand in its
\`<script type="application/gzip" class="data">\` elements, which no browser executes: each holds lines, compressed
with gzip and written in Base64. The first line of all is the run record, the others are the records of the keys in
the table, each in canonical form (RFC 8785) and ended by LF. The last data element,
\`<script type="application/json" id="digests">\`, holds two SHA-256 digests in hexadecimal digits:

${markdownTable(
  ['name', 'digest of'],
  [
    ['`run`', 'the run record in canonical form: the same as in the archive and, shortened, in Slack'],
    ['`data`', 'all lines of the data elements, in their order'],
  ],
)}

So the second one can be checked without this program:

\`\`\`sh
mkdir -p out
npx gemini-key-audit audit --scope organizations/123456789012 --report out/report.html
grep -o 'class="data">[^<]*' out/report.html | cut -d '>' -f 2 |
  while read -r part; do echo "$part" | base64 -d | gunzip; done | sha256sum
\`\`\`

## Columns of CSV

In this order; columns are only ever added. Cells that a spreadsheet would take for a formula begin with an
apostrophe. Several values in a cell are apart by a blank, commands by a line break. What does not apply is empty.

${markdownTable(['column', 'field of the key record'], rows)}
`
}
