import type { KnownBlock, RichTextElement, RichTextSection } from '@slack/web-api'
import { cut } from '../../records/visible-text.js'
import { LIMITS } from './limits.js'
import {
  type Links,
  type List,
  type MessageBlock,
  moreLine,
  type Paragraph,
  type Step,
  type Table,
  type Tiles,
} from './message-blocks.js'

/**
 * The parts as Slack's richer blocks. Names stand in `rich_text` and `raw_text`, which Slack does not parse, so
 * that they need no escaping and call nobody.
 */
export function richBlocks(parts: readonly MessageBlock[]): KnownBlock[] {
  return parts.flatMap(blocksOf)
}

function blocksOf(part: MessageBlock): KnownBlock[] {
  switch (part.kind) {
    case 'headline':
      return [{ type: 'header', text: plain(cut(part.text, LIMITS.header)) }]
    case 'paragraph':
      return [{ type: 'rich_text', elements: [paragraph(part)] }]
    case 'list':
      return [listBlock(part)]
    case 'table':
      return tableBlocks(part)
    case 'step':
      return [stepBlock(part)]
    case 'tiles':
      return [tilesBlock(part)]
    case 'links':
      return [linksBlock(part)]
    case 'small':
      return [{ type: 'context', elements: [plain(part.text)] }]
  }
}

function plain(text: string): { type: 'plain_text'; text: string; emoji: false } {
  return { type: 'plain_text', text, emoji: false }
}

function section(...elements: RichTextElement[]): RichTextSection {
  return { type: 'rich_text_section', elements }
}

function paragraph({ text, bold, mention }: Paragraph): RichTextSection {
  const said: RichTextElement = bold ? boldText(text) : { type: 'text', text }
  return mention === undefined ? section(said) : section(said, { type: 'text', text: ' ' }, called(mention))
}

/** IDs of user groups begin with S, those of users with U or W. */
function called(id: string): RichTextElement {
  return id.startsWith('S') ? { type: 'usergroup', usergroup_id: id } : { type: 'user', user_id: id }
}

function listBlock(part: List): KnownBlock {
  const lines = [...part.lines, ...moreLine(part)]
  return {
    type: 'rich_text',
    elements: [
      section(boldText(part.title)),
      {
        type: 'rich_text_list',
        style: 'bullet',
        elements: lines.map((text) => section({ type: 'text', text })),
      },
    ],
  }
}

function tableBlocks(part: Table): KnownBlock[] {
  const rows = [part.head, ...part.rows].map((row) =>
    row.map((text) => ({ type: 'raw_text' as const, text: text === '' ? '–' : text })),
  )
  return [
    { type: 'rich_text', elements: [section(boldText(part.title))] },
    { type: 'table', rows, column_settings: part.head.map(() => ({ is_wrapped: true })) },
    ...moreLine(part).map((text): KnownBlock => ({ type: 'context', elements: [plain(text)] })),
  ]
}

/** Labels and values are ours, and hold nothing that Slack would read. */
function tilesBlock({ tiles }: Tiles): KnownBlock {
  return {
    type: 'section',
    fields: tiles.map(({ label, value }) => ({ type: 'mrkdwn' as const, text: `${label}\n*${value}*` })),
  }
}

/** Buttons that open pages. */
export function linksBlock({ links }: Links): KnownBlock {
  return {
    type: 'actions',
    elements: links.map(({ label, url }, index) => ({
      type: 'button' as const,
      action_id: `open-${index}`,
      text: plain(label),
      url,
    })),
  }
}

function stepBlock({ say, command, url }: Step): KnownBlock {
  const said: RichTextElement[] = [{ type: 'text', text: say }]
  if (url !== undefined) said.push({ type: 'text', text: ' ' }, { type: 'link', url })
  return {
    type: 'rich_text',
    elements:
      command === undefined
        ? [section(...said)]
        : [section(...said), { type: 'rich_text_preformatted', elements: [{ type: 'text', text: command }] }],
  }
}

function boldText(text: string): RichTextElement {
  return { type: 'text', text, style: { bold: true } }
}
