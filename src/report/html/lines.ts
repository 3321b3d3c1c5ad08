import { withVisibleControls } from '../../records/visible-text.js'
import type { MessageBlock } from '../slack/message-blocks.js'
import { type Content, markup } from './markup.js'

/** The lists of a digest with their titles as headings. */
export function lines(parts: readonly MessageBlock[]): Content {
  return parts.map((part) =>
    part.kind === 'list'
      ? markup`<h2>${part.title}</h2>
<ul>
${part.lines.map(
  (line) => markup`<li>${withVisibleControls(line)}</li>
`,
)}</ul>
`
      : '',
  )
}
