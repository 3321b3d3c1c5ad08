import type { Message } from './workspace.js'

/** Who the bot is in this workspace. */
export const BOT = { user_id: 'U0SIMULATED', bot_id: 'B0SIMULATED', team_id: 'T0SIMULATED' }

/** A message as Slack shows it; metadata only where asked for. */
export function wireMessage(message: Message, withMetadata: boolean): Readonly<Record<string, unknown>> {
  return {
    type: 'message',
    user: BOT.user_id,
    bot_id: BOT.bot_id,
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
