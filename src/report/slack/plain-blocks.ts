import type { KnownBlock } from '@slack/web-api'
import { cut } from '../../records/visible-text.js'
import { escaped } from './escape.js'
import { LIMITS } from './limits.js'
import type { MessageBlock, Paragraph } from './message-blocks.js'
import { linesOf } from './plain-text.js'
import { linksBlock } from './rich-blocks.js'

/** The parts in blocks that Slack has had from the beginning: for workspaces that refuse the richer ones. */
export function plainBlocks(parts: readonly MessageBlock[]): KnownBlock[] {
  return parts.flatMap((part): KnownBlock[] => {
    if (part.kind === 'headline') {
      return [{ type: 'header', text: plain(cut(part.text, LIMITS.header)) }]
    }
    if (part.kind === 'paragraph' && part.mention !== undefined) return [calling(part, part.mention)]
    if (part.kind === 'links') return [linksBlock(part)]
    return sectionsOf(linesOf(part)).map((text) => ({ type: 'section', text: plain(text) }))
  })
}

function plain(text: string): { type: 'plain_text'; text: string; emoji: false } {
  return { type: 'plain_text', text, emoji: false }
}

/** Only mrkdwn can call somebody; the rest of its text is escaped. */
function calling({ text }: Paragraph, id: string): KnownBlock {
  const call = id.startsWith('S') ? `<!subteam^${id}>` : `<@${id}>`
  return {
    type: 'section',
    text: { type: 'mrkdwn', text: `${escaped(text, LIMITS.section - call.length - 1)} ${call}` },
  }
}

/** Lines packed into as few texts as hold them. */
function sectionsOf(lines: readonly string[]): readonly string[] {
  const texts: string[] = []
  for (const line of lines.map((text) => cut(text, LIMITS.section))) {
    const last = texts.at(-1)
    if (last !== undefined && last.length + 1 + line.length <= LIMITS.section) {
      texts[texts.length - 1] = `${last}\n${line}`
    } else texts.push(line)
  }
  return texts
}
