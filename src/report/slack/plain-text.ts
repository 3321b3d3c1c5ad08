import { type List, type MessageBlock, moreLine, type Step, type Table } from './message-blocks.js'

/** The part as lines of text: what terminals show, and Slack's plain form is made of. */
export function linesOf(part: MessageBlock): readonly string[] {
  switch (part.kind) {
    case 'headline':
    case 'small':
    case 'paragraph':
      return [part.text]
    case 'list':
      return listLines(part)
    case 'table':
      return tableLines(part)
    case 'step':
      return stepLines(part)
    case 'tiles':
      return part.tiles.map(({ label, value }) => `${label}: ${value}`)
    case 'links':
      return part.links.map(({ label, url }) => `${label}: ${url}`)
  }
}

/** A message as text, its parts apart by a blank line. */
export function asText(parts: readonly MessageBlock[]): string {
  return `${parts.map((part) => linesOf(part).join('\n')).join('\n\n')}\n`
}

function listLines(part: List): readonly string[] {
  return [part.title, ...[...part.lines, ...moreLine(part)].map((line) => `• ${line}`)]
}

/** Each row as a sentence of cells, since columns need a fixed width that Slack does not have. */
function tableLines(part: Table): readonly string[] {
  const rows = part.rows.map((row) => `• ${row.filter((cell) => cell !== '').join(' · ')}`)
  return [part.title, ...rows, ...moreLine(part)]
}

function stepLines({ say, command, url }: Step): readonly string[] {
  return [say, ...(command === undefined ? [] : [command]), ...(url === undefined ? [] : [url])]
}
