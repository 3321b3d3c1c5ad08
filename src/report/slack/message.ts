import type { KnownBlock } from '@slack/web-api'
import { cut, withVisibleControls } from '../../records/visible-text.js'
import { LIMITS } from './limits.js'
import type { List, MessageBlock, Paragraph, Step, Table } from './message-blocks.js'
import { linesOf } from './plain-text.js'
import { linksBlock, richBlocks } from './rich-blocks.js'

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
])

/**
 * Text for `text` and `mrkdwn`, where Slack reads `<!channel>` and links: as it stands, with nobody called.
 * At most `length` characters after escaping; never ends within an entity.
 *
 * @see https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
export function escaped(text: string, length: number): string {
  const whole = escapeAll(text)
  if (whole.length <= length) return whole
  let room = length - 1
  let end = 0
  for (const character of text) {
    room -= ENTITIES.get(character)?.length ?? character.length
    if (room < 0) break
    end += character.length
  }
  return `${escapeAll(text.slice(0, end))}…`
}

function escapeAll(text: string): string {
  return text.replace(/[&<>]/g, (character) => ENTITIES.get(character) ?? character)
}

/** One message as Slack takes it. */
export interface SlackMessage {
  /** A whole sentence: all that screen readers and notifications show. Escaped. */
  readonly text: string
  readonly blocks: KnownBlock[]
  /** The same in older blocks, for when Slack refuses `blocks`. */
  readonly plain: KnownBlock[]
  /** What the blocks are made of, as it fits. */
  readonly parts: readonly MessageBlock[]
}

/** Characters that a sentence, a line or a cell may have, so that no single name can fill a message. */
const LONGEST = { sentence: 1_000, line: 600, cell: 120, command: 2_900 } as const

/** Lines of a list, before its message turns out to be too long. */
const MOST_LINES = 40

/** The message, made to fit Slack's limits: lists and tables say how much they leave out. */
export function slackMessage(sentence: string, parts: readonly MessageBlock[]): SlackMessage {
  let fitting = parts.filter(isNotEmpty).map(capped)
  while (!fits(richBlocks(fitting)) || !fits(plainBlocks(fitting))) fitting = withLess(fitting)
  return {
    text: escaped(withVisibleControls(sentence), LIMITS.text),
    blocks: richBlocks(fitting),
    plain: plainBlocks(fitting),
    parts: fitting,
  }
}

function fits(blocks: readonly KnownBlock[]): boolean {
  return blocks.length <= LIMITS.blocks && JSON.stringify(blocks).length <= LIMITS.message
}

/** Slack refuses empty texts. */
function isNotEmpty(part: MessageBlock): boolean {
  switch (part.kind) {
    case 'headline':
    case 'paragraph':
    case 'small':
      return part.text !== ''
    case 'list':
      return part.lines.length > 0
    case 'table':
      return part.rows.length > 0
    case 'step':
      return part.say !== ''
    case 'tiles':
      return part.tiles.length > 0
    case 'links':
      return part.links.some(({ url }) => isLink(url))
  }
}

/** The part with every text as one line that can only be read, and no longer than it needs to be. */
function capped(part: MessageBlock): MessageBlock {
  switch (part.kind) {
    case 'headline':
    case 'paragraph':
    case 'small':
      return { ...part, text: line(part.text, LONGEST.sentence) }
    case 'list':
      return cappedList(part)
    case 'table':
      return cappedTable(part)
    case 'step':
      return cappedStep(part)
    case 'tiles':
      return { ...part, tiles: part.tiles.slice(0, LIMITS.fields) }
    case 'links':
      return { ...part, links: part.links.filter(({ url }) => isLink(url)).slice(0, LIMITS.buttons) }
  }
}

function line(text: string, length: number): string {
  return cut(withVisibleControls(text.slice(0, length + 1)), length)
}

function cappedList(part: List): List {
  const lines = part.lines.filter((text) => text !== '').map((text) => line(text, LONGEST.line))
  const left = Math.max(0, lines.length - MOST_LINES)
  return { ...part, title: titleOf(part), lines: lines.slice(0, MOST_LINES), more: part.more + left }
}

function titleOf({ title }: List | Table): string {
  return line(title, LONGEST.line) || '–'
}

function cappedTable(part: Table): Table {
  const rows = part.rows.slice(0, LIMITS.tableRows - 1)
  return {
    ...part,
    title: titleOf(part),
    head: part.head.slice(0, LIMITS.tableColumns),
    rows: rows.map((row) => row.slice(0, LIMITS.tableColumns).map((cell) => line(cell, LONGEST.cell))),
    more: part.more + part.rows.length - rows.length,
  }
}

/** A command is shown whole or not at all: half of one does something else. */
function cappedStep({ kind, say, command, url }: Step): Step {
  const tooLong = command !== undefined && command.length > LONGEST.command
  return {
    kind,
    say: line(
      tooLong ? `${say} (The command is too long for Slack: see the key's record.)` : say,
      LONGEST.sentence,
    ),
    ...(command === undefined || command === '' || tooLong
      ? {}
      : { command: command.split('\n').map(withVisibleControls).join('\n') }),
    ...(url === undefined || !isLink(url) ? {} : { url }),
  }
}

function isLink(url: string): boolean {
  return url.startsWith('https://') && url.length <= LONGEST.command && URL.canParse(url)
}

/** The parts with a little less of the largest one. */
function withLess(parts: readonly MessageBlock[]): MessageBlock[] {
  const sizes = parts.map((part) =>
    part.kind === 'headline' || part.kind === 'tiles' ? 0 : JSON.stringify(part).length,
  )
  const largest = sizes.indexOf(Math.max(...sizes))
  return parts.flatMap((part, index) => (index === largest ? less(part) : [part]))
}

function less(part: MessageBlock): readonly MessageBlock[] {
  switch (part.kind) {
    case 'list':
      return part.lines.length <= 1 ? [] : [{ ...part, lines: part.lines.slice(0, -1), more: part.more + 1 }]
    case 'table':
      return part.rows.length <= 1 ? [] : [{ ...part, rows: part.rows.slice(0, -1), more: part.more + 1 }]
    case 'step':
      return part.command === undefined && part.url === undefined
        ? []
        : [{ kind: 'step', say: `${part.say} (Too long for Slack: see the key's record.)` }]
    case 'paragraph':
    case 'small':
      return part.text.length < 80 ? [] : [{ ...part, text: cut(part.text, Math.ceil(part.text.length / 2)) }]
    case 'links':
      return part.links.length <= 1 ? [] : [{ ...part, links: part.links.slice(0, -1) }]
    case 'headline':
    case 'tiles':
      return []
  }
}

/** The parts in blocks that Slack has had from the beginning: for workspaces that refuse the richer ones. */
function plainBlocks(parts: readonly MessageBlock[]): KnownBlock[] {
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

/** Only mrkdwn can mention a person; the rest of its text is escaped. */
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
