import { DeliveryError } from '../delivery.js'
import type { Failure } from './failure-notice.js'

interface Explanation {
  readonly why: string
  readonly todo: string
  readonly retry: boolean
}

const NEW_TOKEN = 'put a valid bot token (xoxb-…) into SLACK_BOT_TOKEN'
const REPORT = 'this is a fault of the program, please report it'

const RESTRICTED: Explanation = {
  why: 'the workspace lets only some people post there',
  todo: 'ask an administrator of the workspace to let the app post in the channel, or set another SLACK_CHANNEL',
  retry: false,
}

/**
 * Slack's answers that people can do something about, and what.
 * @see https://docs.slack.dev/reference/methods/chat.postMessage#errors
 */
export const REFUSALS: ReadonlyMap<string, Explanation> = new Map(
  Object.entries({
    channel_not_found: {
      why: 'there is no such channel, or it is private and the app is not in it',
      todo: 'check SLACK_CHANNEL, which is an ID such as C0123ABCD, and invite the app into the channel',
      retry: false,
    },
    not_in_channel: {
      why: 'the app is not in the channel',
      todo: 'invite it with /invite in the channel',
      retry: false,
    },
    is_archived: {
      why: 'the channel is archived',
      todo: 'unarchive it or set another SLACK_CHANNEL',
      retry: false,
    },
    invalid_auth: { why: 'Slack does not accept the token', todo: NEW_TOKEN, retry: false },
    not_authed: { why: 'Slack got no token', todo: NEW_TOKEN, retry: false },
    token_revoked: { why: 'the token was revoked', todo: NEW_TOKEN, retry: false },
    token_expired: { why: 'the token has expired', todo: NEW_TOKEN, retry: false },
    account_inactive: {
      why: 'the token belongs to an app or user that was removed',
      todo: `install the app again and ${NEW_TOKEN}`,
      retry: false,
    },
    restricted_action: RESTRICTED,
    restricted_action_read_only_channel: RESTRICTED,
    restricted_action_thread_only_channel: {
      why: 'the channel takes replies in threads only',
      todo: 'set another SLACK_CHANNEL, or let the app post there',
      retry: false,
    },
    restricted_action_non_threadable_channel: {
      why: 'the channel takes no replies in threads',
      todo: 'set another SLACK_CHANNEL: what to do for each key stands in the thread',
      retry: false,
    },
    restricted_action_thread_locked: {
      why: 'the thread is locked',
      todo: 'unlock it, or take the rest from the CSV of the run',
      retry: false,
    },
    no_text: { why: 'the message was empty', todo: REPORT, retry: false },
    msg_too_long: { why: 'the message was too long', todo: REPORT, retry: false },
    msg_blocks_too_long: { why: 'the message was too long', todo: REPORT, retry: false },
    invalid_blocks: { why: 'Slack refuses the form of the message', todo: REPORT, retry: false },
  }),
)

/** What failed with Slack, as one sentence with what to do. `doing`: `posting the digest`. */
export function slackError(failure: Failure, to: string, doing: string): DeliveryError {
  const { why, todo, retry } = explanationOf(failure)
  const isUnclear = failure.kind === 'unclear'
  const explanation = { code: codeOf(failure), cause: why, advice: { say: todo } }
  return new DeliveryError(to, retry, `${doing} to ${to} failed: ${why}; ${todo}.`, explanation, isUnclear)
}

/** Slack's own code, or one of ours where Slack gave none. */
function codeOf(failure: Failure): string {
  switch (failure.kind) {
    case 'refused':
      return failure.code
    case 'limited':
      return 'ratelimited'
    case 'unsent':
      return 'UNSENT'
    case 'lost':
      return 'REPLY_LOST'
    case 'unclear':
      return 'UNCLEAR'
  }
}

function explanationOf(failure: Failure): Explanation {
  switch (failure.kind) {
    case 'refused':
      return refusalOf(failure.code, failure.needed)
    case 'limited':
      return {
        why: `Slack asks to wait ${failure.seconds} seconds (ratelimited)`,
        todo: 'try again later',
        retry: true,
      }
    case 'unsent':
      return { why: `Slack did not take it (${failure.code})`, todo: 'try again later', retry: true }
    case 'lost':
      return {
        why: 'Slack’s answer does not name the thread, so the reply was lost; it is not sent again',
        todo: 'see whether the digest was deleted in the channel, and take the rest from the CSV of the run',
        retry: false,
      }
    case 'unclear':
      return {
        why: `it is unclear whether Slack took it (${failure.code})`,
        todo: 'look into the channel; with the scope channels:history (groups:history for a private channel) the audit looks by itself',
        retry: true,
      }
  }
}

function refusalOf(code: string, needed: string | undefined): Explanation {
  if (code === 'missing_scope') {
    return {
      why: `the token lacks the scope ${needed ?? 'that this needs'} (missing_scope)`,
      todo: 'add the scope to the app and install it again',
      retry: false,
    }
  }
  const refusal = REFUSALS.get(code)
  if (refusal !== undefined) return { ...refusal, why: `${refusal.why} (${code})` }
  return {
    why: `Slack answered ${code}`,
    todo: 'see https://docs.slack.dev/reference/methods/chat.postMessage#errors',
    retry: false,
  }
}
