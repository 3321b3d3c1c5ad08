import type { Message } from './workspace.js'

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
