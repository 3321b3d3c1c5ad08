import { withVisibleControls } from '../../records/visible-text.js'
import type { MessageBlock } from '../slack/message-blocks.js'

/** Text that is markup already; everything else becomes text when it is put into markup. */
export interface Markup {
  readonly markup: string
}

export type Content = string | number | Markup | readonly Content[]

/** Markup from a template: values are escaped, whatever they hold, unless they are markup themselves. */
export function markup(fixed: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return { markup: String.raw({ raw: fixed }, ...values.map(escaped)) }
}

function escaped(content: Content): string {
  if (typeof content === 'string')
    return content.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
  if (typeof content === 'number') return String(content)
  return 'markup' in content ? content.markup : content.map(escaped).join('')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Markup from text that is known to be safe: the bundled script and style, and data that was made safe. */
export function trusted(text: string): Markup {
  return { markup: text }
}

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
