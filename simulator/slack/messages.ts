import { type Arguments, structureOf, textOf } from './arguments.js'
import { type Block, blocksOf, lengthOf } from './blocks.js'
import { invalidBlocks, SlackError } from './slack-error.js'
import type { Message, Workspace } from './workspace.js'

const TEAM = 'T0SIMULATED'

/** Who a bot is in a workspace. */
function byline(author: string): { readonly user: string; readonly bot_id: string } {
  return { user: `U${author}`, bot_id: `B${author}` }
}

/** What `auth.test` says of an author. */
export function identityOf(author: string) {
  const { user: user_id, bot_id } = byline(author)
  return { user_id, bot_id, team_id: TEAM }
}

/** A message as Slack shows it; metadata only where asked for. */
export function wireMessage(message: Message, withMetadata: boolean): Readonly<Record<string, unknown>> {
  return {
    type: 'message',
    ...byline(message.author),
    ts: message.ts,
    text: message.text,
    ...(message.blocks.length > 0 && { blocks: message.blocks }),
    ...(message.threadTs && { thread_ts: message.threadTs }),
    ...(message.files.length > 0 && {
      files: message.files.map((file) => ({ id: file.id, name: file.name, title: file.title })),
    }),
    ...(withMetadata && message.metadata !== undefined && { metadata: message.metadata }),
  }
}

/** Longer texts are cut into several posts. @see https://docs.slack.dev/reference/methods/chat.postMessage */
const TEXT = 4000
const TEXT_AT_ALL = 40_000
/** From about here on a message's blocks are refused, whatever each of them may hold. */
const BLOCK_CHARACTERS = 13_000

/** Posts a message, several where its text is too long for one; returns the first. @throws SlackError. */
export function postMessage(workspace: Workspace, args: Arguments, author: string): Message {
  const channel = workspace.channel(args['channel'])
  const blocks = checkedBlocks(args)
  const text = textOf(args, 'text') ?? ''
  if (text.trim() === '' && blocks.length === 0) throw new SlackError('no_text')
  if (text.length > TEXT_AT_ALL) throw new SlackError('msg_too_long')
  const threadTs = textOf(args, 'thread_ts')
  if (threadTs) workspace.thread(channel.id, threadTs)
  const metadata = checkedMetadata(args)
  const parts = blocks.length > 0 ? [text] : pieces(text)
  const isLost = channel.losesReplies === true && threadTs !== undefined
  const posted = parts.map((part) => {
    const draft = {
      channel: channel.id,
      author,
      text: part,
      blocks,
      files: [],
      sent: args,
      ...(threadTs && !isLost && { threadTs }),
      ...(metadata !== undefined && { metadata }),
    }
    return isLost ? workspace.lose(draft) : workspace.post(draft)
  })
  return posted[0] as Message
}

function checkedBlocks(args: Arguments): readonly Block[] {
  const value = structureOf(args, 'blocks', 'invalid_blocks_format') ?? []
  const checked = blocksOf(value)
  if ('problems' in checked) throw invalidBlocks(checked.problems)
  if (lengthOf(checked.blocks) >= BLOCK_CHARACTERS) throw new SlackError('msg_blocks_too_long')
  return checked.blocks
}

function checkedMetadata(args: Arguments): unknown {
  const metadata = structureOf(args, 'metadata', 'invalid_metadata_format')
  if (metadata === undefined) return undefined
  const named =
    typeof metadata === 'object' &&
    metadata !== null &&
    'event_type' in metadata &&
    'event_payload' in metadata
  if (!named) throw new SlackError('invalid_metadata_schema')
  return metadata
}

function pieces(text: string): readonly string[] {
  const count = Math.ceil(text.length / TEXT)
  return Array.from({ length: count }, (_none, index) => text.slice(index * TEXT, (index + 1) * TEXT))
}
