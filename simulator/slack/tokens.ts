import { createHash } from 'node:crypto'
import type { Call } from '../wire/call.js'
import type { SlackWorkspace } from '../world/world.js'
import { type Arguments, argumentsOf } from './arguments.js'
import { SlackError } from './slack-error.js'

/** @throws SlackError where the token is missing, wrong, no longer good, or has none of the scopes that do. */
export function authorize(
  workspace: SlackWorkspace,
  call: Call,
  args: Arguments,
  scopes: readonly string[],
): void {
  const token = bearer(call) ?? args['token']
  if (typeof token !== 'string' || token === '') throw new SlackError('not_authed')
  const known = workspace.tokens.find((candidate) => candidate.token === token)
  if (!known) {
    if (workspace.tokens.length > 0 || !token.startsWith('xoxb-')) throw new SlackError('invalid_auth')
    return
  }
  if (known.state !== 'active') throw new SlackError(known.state)
  if (scopes.length > 0 && !scopes.some((scope) => known.scopes.includes(scope))) {
    throw new SlackError('missing_scope', { needed: scopes.join(','), provided: known.scopes.join(',') })
  }
}

/** What a bot of this kind asks for: what a token that the world does not name has. */
const USUAL_SCOPES = [
  'chat:write',
  'files:write',
  'channels:read',
  'groups:read',
  'channels:history',
  'groups:history',
] as const

/** The scopes of the token of a call. Slack names them in a header of every answer. */
export function scopesOf(workspace: SlackWorkspace, call: Call): readonly string[] {
  const token = bearer(call) ?? argumentsOf(call)['token']
  return workspace.tokens.find((candidate) => candidate.token === token)?.scopes ?? USUAL_SCOPES
}

/** Each token is another app's; the first one that the world names is the audit's. */
export function authorOf({ tokens }: SlackWorkspace, call: Call): string {
  const token = bearer(call) ?? String(argumentsOf(call)['token'])
  const usual = tokens[0]?.token ?? 'xoxb-simulated'
  if (token === usual) return USUAL_AUTHOR
  return createHash('sha256').update(token).digest('hex').slice(0, 10).toUpperCase()
}

const USUAL_AUTHOR = '0SIMULATED'

function bearer(call: Call): string | undefined {
  return /^Bearer (.+)$/.exec(call.headers.authorization ?? '')?.[1]
}
