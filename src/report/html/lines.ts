import { shown } from '../../records/visible-text.js'
import type { Part } from '../slack/message-blocks.js'
import { type Content, markup } from './markup.js'

/** The lists of a digest with their titles as headings. */
export function lines(parts: readonly Part[]): Content {
  return parts.map((part) =>
    part.kind === 'list'
      ? markup`<h2>${part.title}</h2>
<ul>
${part.lines.map(
  (line) => markup`<li>${shown(line)}</li>
`,
)}</ul>
`
      : '',
  )
}
