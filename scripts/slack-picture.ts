import { type Content, type Markup, markup } from '../src/report/html/markup.js'

/** What is read of Slack's blocks; whatever else stands in them is not drawn. */
export interface Block {
  readonly type: string
  readonly text?: string | Block
  readonly fields?: readonly Block[]
  readonly elements?: readonly Block[]
  readonly rows?: readonly (readonly Block[])[]
  readonly style?: string | { readonly bold?: boolean; readonly code?: boolean }
  readonly url?: string
}

/** A message as Slack would show it, in HTML of its own. */
export function slackPicture(blocks: readonly Block[]): Markup {
  return markup`<main class="slack"><div class="avatar">G</div><div>
<p class="from"><b>Gemini key audit</b> <span class="app">APP</span> <span class="quiet">7:00 AM</span></p>
${blocks.map(drawn)}</div></main>`
}

function drawn(block: Block): Content {
  switch (block.type) {
    case 'header':
      return markup`<h1>${textOf(block)}</h1>`
    case 'section':
      return markup`<div class="fields">${(block.fields ?? []).map((field) => markup`<p>${mrkdwn(textOf(field))}</p>`)}</div>`
    case 'rich_text':
      return (block.elements ?? []).map(rich)
    case 'table':
      return markup`<table>${(block.rows ?? []).map((cells) => markup`<tr>${cells.map((cell) => markup`<td>${marked(cellText(cell))}</td>`)}</tr>`)}</table>`
    case 'context':
      return markup`<p class="quiet">${(block.elements ?? []).map(textOf).join(' ')}</p>`
    case 'actions':
      return markup`<p class="buttons">${(block.elements ?? []).map((button) => markup`<span>${textOf(button)}</span>`)}</p>`
    default:
      return ''
  }
}

function rich(element: Block): Content {
  const parts = element.elements ?? []
  if (element.type !== 'rich_text_list') return markup`<p>${parts.map(inline)}</p>`
  return markup`<ul>${parts.map((item) => markup`<li>${(item.elements ?? []).map(inline)}</li>`)}</ul>`
}

function inline(part: Block): Content {
  const style = typeof part.style === 'object' ? part.style : {}
  const text = marked(textOf(part) || (part.url ?? ''))
  if (style.bold) return markup`<b>${text}</b>`
  return style.code ? markup`<code>${text}</code>` : text
}

function cellText(cell: Block): string {
  return textOf(cell) || (cell.elements ?? []).map(cellText).join('')
}

function textOf({ text }: Block): string {
  if (text === undefined) return ''
  return typeof text === 'string' ? text : textOf(text)
}

/** Slack's mark-up as far as tiles have it: a label, and a number in bold. */
function mrkdwn(text: string): Content {
  return text.split('*').map((part, index) => (index % 2 === 1 ? markup`<b>${part}</b>` : part))
}

/** Coloured circles as drawings: a machine may have no font for them. */
const CIRCLES: Readonly<Record<string, string>> = {
  '🔴': 'red',
  '🟠': 'orange',
  '🟡': 'yellow',
  '🔵': 'blue',
  '⚪': 'white',
}

function marked(text: string): Content {
  return [...text].map((character) => {
    const circle = CIRCLES[character]
    return circle === undefined ? character : markup`<i class="circle ${circle}"></i>`
  })
}
