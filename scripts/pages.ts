import { OPTIONS, type Option } from '../src/config/options.js'

/** A Markdown table; pipes inside cells are escaped. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
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

/** Every generated page: its path in the repository and its text. */
export function pages(): Readonly<Record<string, string>> {
  return { 'docs/configuration.md': configurationPage() }
}
