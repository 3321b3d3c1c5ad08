import type { SlackChannel } from '../world/world.js'
import { type Arguments, flagOf, textOf } from './arguments.js'
import { wireMessage } from './messages.js'
import { SlackError } from './slack-error.js'
import type { Message, Workspace } from './workspace.js'

/** @see https://docs.slack.dev/reference/methods/conversations.history */
const PAGE = { usual: 100, most: 999 }

/** `conversations.info`: works without being a member of a public channel. */
export function channelInfo(workspace: Workspace, args: Arguments) {
  return { channel: channelForm(workspace.visible(args['channel'])) }
}

/** `conversations.join`: the world stays as it is, so this only says whether it would work. */
export function joinChannel(workspace: Workspace, args: Arguments) {
  const channel = workspace.visible(args['channel'])
  if (channel.isArchived) throw new SlackError('is_archived')
  if (channel.isPrivate) throw new SlackError('method_not_supported_for_channel_type')
  workspace.join(channel.id)
  return { channel: channelForm({ ...channel, isMember: true }) }
}

/** `conversations.history`: top-level messages, newest first. */
export function channelHistory(workspace: Workspace, args: Arguments) {
  const channel = workspace.channel(args['channel'], true)
  return page(within(workspace.history(channel.id), args), args)
}

/** `conversations.replies`: a message and its replies, oldest first. */
export function threadReplies(workspace: Workspace, args: Arguments) {
  const channel = workspace.channel(args['channel'], true)
  return page(within(workspace.thread(channel.id, textOf(args, 'ts') ?? ''), args), args)
}

function within(messages: readonly Message[], args: Arguments): readonly Message[] {
  const oldest = Number(textOf(args, 'oldest') ?? 0)
  const latest = Number(textOf(args, 'latest') ?? Number.POSITIVE_INFINITY)
  const inclusive = flagOf(args, 'inclusive')
  return messages.filter(({ ts }) => {
    const at = Number(ts)
    return (at > oldest && at < latest) || (inclusive && (at === oldest || at === latest))
  })
}

function page(messages: readonly Message[], args: Arguments) {
  const size = Math.min(Number(args['limit'] ?? PAGE.usual), PAGE.most)
  if (!(size > 0)) throw new SlackError('invalid_limit')
  const from = startOf(textOf(args, 'cursor'))
  const more = messages.length > from + size
  const next = more ? Buffer.from(`next:${from + size}`).toString('base64') : ''
  return {
    messages: messages
      .slice(from, from + size)
      .map((message) => wireMessage(message, flagOf(args, 'include_all_metadata'))),
    has_more: more,
    response_metadata: { next_cursor: next },
  }
}

function startOf(cursor: string | undefined): number {
  if (!cursor) return 0
  const [, from] = /^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString('utf8')) ?? []
  if (from === undefined) throw new SlackError('invalid_cursor')
  return Number(from)
}

function channelForm(channel: SlackChannel) {
  return {
    id: channel.id,
    name: channel.name,
    is_channel: !channel.isPrivate,
    is_private: channel.isPrivate,
    is_archived: channel.isArchived,
    is_member: channel.isMember,
  }
}
