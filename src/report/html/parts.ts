import { withVisibleControls } from '../../records/visible-text.js'
import type { MessageBlock } from '../slack/message-blocks.js'
import { type Content, markup } from './markup.js'

/** A paragraph, or nothing where there is nothing to say. */
export function paragraph(text: string | undefined, name = 'quiet'): Content {
  return text === undefined ? '' : markup`<p class="${name}">${withVisibleControls(text)}</p>`
}

/** The lists among the blocks of a digest, with their titles as headings. */
export function lists(blocks: readonly MessageBlock[]): Content {
  return blocks.map((block) =>
    block.kind === 'list'
      ? markup`<h3>${block.title}</h3>
<ul>
${block.lines.map(
  (line) => markup`<li>${withVisibleControls(line)}</li>
`,
)}</ul>
`
      : '',
  )
}
