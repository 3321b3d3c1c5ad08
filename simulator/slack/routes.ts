import { type Call, ok, param } from '../wire/call.js'
import type { Route } from '../wire/routes.js'
import type { World } from '../world/world.js'
import { type Arguments, argumentsOf, demandKnown } from './arguments.js'
import { channelHistory, channelInfo, joinChannel, threadReplies } from './conversations.js'
import { Uploads, uploadedContent } from './files.js'
import { identityOf, postMessage, wireMessage } from './messages.js'
import { SlackError } from './slack-error.js'
import type { Message, Workspace } from './workspace.js'
import { authorize, authorOf, scopesOf } from './workspace.js'

type Body = Readonly<Record<string, unknown>>

interface Method {
  readonly name: string
  /** Scopes of which a token needs one. */
  readonly scopes: readonly string[]
  readonly answer: (args: Arguments, call: Call) => Body
}

/**
 * The methods of Slack's Web API that a bot needs to post. Slack drops arguments that a method does not
 * have; a strict one refuses them.
 */
export function slackRoutes(world: () => World, workspace: Workspace, isStrict = false): readonly Route[] {
  const uploads = new Uploads(workspace)
  const method = (name: string, scopes: readonly string[], answer: Method['answer']) => ({
    name,
    scopes,
    answer,
  })
  const methods: readonly Method[] = [
    method('auth.test', [], (_args, call) => identity(world(), call)),
    method('chat.postMessage', ['chat:write'], (args, call) =>
      posted(postMessage(workspace, args, authorOf(world().slack, call))),
    ),
    method('conversations.info', ['channels:read', 'groups:read'], (args) => channelInfo(workspace, args)),
    method('conversations.join', ['channels:join'], (args) => joinChannel(workspace, args)),
    method('conversations.history', ['channels:history', 'groups:history'], (args) =>
      channelHistory(workspace, args),
    ),
    method('conversations.replies', ['channels:history', 'groups:history'], (args) =>
      threadReplies(workspace, args),
    ),
    method('files.getUploadURLExternal', ['files:write'], (args, call) => uploads.begin(args, call.origin)),
    method('files.completeUploadExternal', ['files:write'], (args, call) =>
      uploads.complete(args, authorOf(world().slack, call)),
    ),
  ]
  return [
    ...methods.flatMap((one) => {
      const granted = (call: Call) => ({ 'x-oauth-scopes': scopesOf(world().slack, call).join(',') })
      return byGetAndPost(one.name, (call) => authorized(world(), one, call, isStrict), granted)
    }),
    ...byGetAndPost('api.test', () => ({})),
    ...byGetAndPost('{method}', () => {
      throw new SlackError('unknown_method')
    }),
    uploadRoute(uploads),
  ]
}

function authorized(world: World, { name, scopes, answer }: Method, call: Call, isStrict: boolean): Body {
  const args = argumentsOf(call)
  authorize(world.slack, call, args, scopes)
  if (isStrict) demandKnown(name, args)
  return answer(args, call)
}

function byGetAndPost(
  name: string,
  answer: (call: Call) => Body,
  headersOf: (call: Call) => Readonly<Record<string, string>> = () => ({}),
): Route[] {
  return (['POST', 'GET'] as const).map((method) => ({
    operation: name.startsWith('{') ? 'slack.unknown' : `slack.${name}`,
    method,
    path: `/api/${name}`,
    dialect: 'own',
    handle: (call) => ({ ...ok({ ok: true, ...answer(call) }), headers: headersOf(call) }),
  }))
}

/** The address of an upload is its own permission, as at Slack. */
function uploadRoute(uploads: Uploads): Route {
  return {
    operation: 'slack.upload',
    method: 'POST',
    path: '/slack-upload/v1/{file}',
    dialect: 'own',
    handle: async (call) => {
      const content = await uploadedContent(call)
      const taken = uploads.take(param(call, 'file'), content)
      return taken ? { status: 200, body: `OK - ${content.length}` } : { status: 400, body: 'no such upload' }
    },
  }
}

function identity(world: World, call: Call): Body {
  const { team, botName } = world.slack
  return { url: `${call.origin}/`, team, user: botName, ...identityOf(authorOf(world.slack, call)) }
}

function posted(message: Message): Body {
  return { channel: message.channel, ts: message.ts, message: wireMessage(message, false) }
}
