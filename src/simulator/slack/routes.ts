import type { Answer, Call } from '../wire/call.js'
import { ok } from '../wire/listing.js'
import type { Route } from '../wire/routes.js'
import type { World } from '../world/world.js'
import { type Arguments, argumentsOf } from './arguments.js'
import { postMessage } from './messages.js'
import { SlackError } from './slack-error.js'
import { authorize } from './tokens.js'
import type { Message, Workspace } from './workspace.js'

interface Method {
  readonly name: string
  /** The scope that a token needs for it. */
  readonly scope?: string
  readonly answer: (args: Arguments, call: Call) => Readonly<Record<string, unknown>>
}

/** The methods of Slack's Web API that a bot needs to tell something. */
export function slackRoutes(world: () => World, workspace: Workspace): readonly Route[] {
  const methods: readonly Method[] = [
    { name: 'api.test', answer: () => ({}) },
    { name: 'auth.test', answer: (_args, call) => identity(world(), call) },
    {
      name: 'chat.postMessage',
      scope: 'chat:write',
      answer: (args) => posted(postMessage(workspace, args)),
    },
  ]
  const known = methods.flatMap((method) =>
    both(`slack.${method.name}`, `/api/${method.name}`, (call) => {
      const args = argumentsOf(call)
      if (method.name !== 'api.test') authorize(world().slack, call, args, method.scope)
      return method.answer(args, call)
    }),
  )
  return [
    ...known,
    ...both('slack.unknown', '/api/{method}', () => {
      throw new SlackError('unknown_method')
    }),
  ]
}

/** Slack takes every method by GET and by POST. */
function both(
  operation: string,
  path: string,
  answer: (call: Call) => Readonly<Record<string, unknown>>,
): Route[] {
  const handle = (call: Call): Answer => {
    try {
      return ok({ ok: true, ...answer(call) })
    } catch (error) {
      if (error instanceof SlackError) return error.answer()
      throw error
    }
  }
  return (['POST', 'GET'] as const).map((method) => ({ operation, method, path, dialect: 'slack', handle }))
}

function identity(world: World, call: Call) {
  const { team, botName } = world.slack
  return {
    url: `${call.origin}/`,
    team,
    user: botName,
    team_id: 'T0SIMULATED',
    user_id: 'U0SIMULATED',
    bot_id: 'B0SIMULATED',
  }
}

function posted(message: Message) {
  return { channel: message.channel, ts: message.ts, message: wireMessage(message, false) }
}

/** A message as histories show it; metadata only where asked for. */
export function wireMessage(message: Message, withMetadata: boolean): Readonly<Record<string, unknown>> {
  return {
    type: 'message',
    user: 'U0SIMULATED',
    bot_id: 'B0SIMULATED',
    ts: message.ts,
    text: message.text,
    ...(message.blocks.length > 0 && { blocks: message.blocks }),
    ...(message.threadTs && { thread_ts: message.threadTs }),
    ...(withMetadata && message.metadata !== undefined && { metadata: message.metadata }),
  }
}
