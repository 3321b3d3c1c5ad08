import type { Call } from '../wire/call.js'
import { isObject } from '../wire/json-body.js'
import { SlackError } from './slack-error.js'

export type Arguments = Readonly<Record<string, unknown>>

/** The arguments of a Slack call: from the query, and from a body in any form that Slack takes. */
export function argumentsOf(call: Call): Arguments {
  return { ...Object.fromEntries(call.query), ...bodyOf(call) }
}

/** A text argument; undefined where it is absent or empty. */
export function textOf(args: Arguments, name: string): string | undefined {
  const value = args[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Whether a flag is set, as JSON or as text. */
export function flagOf(args: Arguments, name: string): boolean {
  return [true, 'true', '1', 1].some((yes) => args[name] === yes)
}

/** An argument that may come as JSON or as the text of JSON. @throws SlackError where the text is no JSON. */
export function structureOf(args: Arguments, name: string, refusal: string): unknown {
  const value = args[name]
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    throw new SlackError(refusal)
  }
}

function bodyOf(call: Call): Arguments {
  const type = call.headers['content-type'] ?? ''
  const text = call.body.toString('utf8')
  if (text === '') return {}
  if (type.startsWith('application/json')) return json(text)
  if (type.startsWith('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(text))
  throw new SlackError('invalid_post_type')
}

function json(text: string): Arguments {
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
  } catch {
    // refused below, as is JSON that is no object
  }
  throw new SlackError('invalid_json')
}

/** Arguments of each method. @see https://docs.slack.dev/reference/methods */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'chat.postMessage': [
    'as_user',
    'attachments',
    'blocks',
    'channel',
    'icon_emoji',
    'icon_url',
    'link_names',
    'markdown_text',
    'metadata',
    'mrkdwn',
    'parse',
    'reply_broadcast',
    'text',
    'thread_ts',
    'unfurl_links',
    'unfurl_media',
    'username',
  ],
  'conversations.info': ['channel', 'include_locale', 'include_num_members'],
  'conversations.join': ['channel'],
  'conversations.history': [
    'channel',
    'cursor',
    'include_all_metadata',
    'inclusive',
    'latest',
    'limit',
    'oldest',
  ],
  'conversations.replies': [
    'channel',
    'cursor',
    'include_all_metadata',
    'inclusive',
    'latest',
    'limit',
    'oldest',
    'ts',
  ],
  'files.getUploadURLExternal': ['alt_txt', 'filename', 'length', 'snippet_type'],
  'files.completeUploadExternal': [
    'blocks',
    'channel_id',
    'channels',
    'files',
    'initial_comment',
    'thread_ts',
  ],
}

/** @throws SlackError for an argument that the method does not have. */
export function demandKnown(method: string, args: Arguments): void {
  const known = ['token', ...(KNOWN[method] ?? [])]
  const unknown = Object.keys(args).filter((name) => !known.includes(name))
  if (unknown.length === 0) return
  throw new SlackError('invalid_arguments', {
    response_metadata: { messages: unknown.map((name) => `[ERROR] ${method} has no argument ${name}`) },
  })
}
