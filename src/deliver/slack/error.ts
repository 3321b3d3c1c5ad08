import { type Advice, type Explanation, explanationText } from '../../errors.js'
import { DeliveryError } from '../delivery.js'
import type { Failure } from './failure.js'

/** Why Slack does not do what was asked, and what to do. */
interface Refusal extends Pick<Explanation, 'cause' | 'advice'> {
  /** Whether it may do it later. */
  readonly retry?: true
}

const VALID_TOKEN = 'put a valid bot token (xoxb-…) into SLACK_BOT_TOKEN'
const NEW_TOKEN: Advice = { say: VALID_TOKEN }
const REPORT: Advice = { say: 'this is a fault of the program, please report it' }
const TRY_AGAIN: Advice = { say: 'try again later' }

const RESTRICTED: Refusal = {
  cause: 'the workspace lets only some people post there',
  advice: {
    say: 'ask an administrator of the workspace to let the app post in the channel, or set another SLACK_CHANNEL',
  },
}

/**
 * Slack's answers that people can do something about, and what.
 * @see https://docs.slack.dev/reference/methods/chat.postMessage#errors
 */
export const REFUSALS: ReadonlyMap<string, Refusal> = new Map(
  Object.entries({
    channel_not_found: {
      cause: 'there is no such channel, or it is private and the app is not in it',
      advice: {
        say: 'check SLACK_CHANNEL, which is an ID such as C0123ABCD, and invite the app into the channel',
      },
    },
    not_in_channel: {
      cause: 'the app is not in the channel',
      advice: { say: 'invite it with /invite in the channel' },
    },
    is_archived: {
      cause: 'the channel is archived',
      advice: { say: 'unarchive it or set another SLACK_CHANNEL' },
    },
    invalid_auth: { cause: 'Slack does not accept the token', advice: NEW_TOKEN },
    not_authed: { cause: 'Slack got no token', advice: NEW_TOKEN },
    token_revoked: { cause: 'the token was revoked', advice: NEW_TOKEN },
    token_expired: { cause: 'the token has expired', advice: NEW_TOKEN },
    account_inactive: {
      cause: 'the token belongs to an app or user that was removed',
      advice: { say: `install the app again and ${VALID_TOKEN}` },
    },
    restricted_action: RESTRICTED,
    restricted_action_read_only_channel: RESTRICTED,
    restricted_action_thread_only_channel: {
      cause: 'the channel takes replies in threads only',
      advice: { say: 'set another SLACK_CHANNEL, or let the app post there' },
    },
    restricted_action_non_threadable_channel: {
      cause: 'the channel takes no replies in threads',
      advice: { say: 'set another SLACK_CHANNEL: what to do for each key stands in the thread' },
    },
    restricted_action_thread_locked: {
      cause: 'the thread is locked',
      advice: { say: 'unlock it, or take the rest from the CSV of the run' },
    },
    no_text: { cause: 'the message was empty', advice: REPORT },
    msg_too_long: { cause: 'the message was too long', advice: REPORT },
    msg_blocks_too_long: { cause: 'the message was too long', advice: REPORT },
    invalid_blocks: { cause: 'Slack refuses the form of the message', advice: REPORT },
  }),
)

/** What failed with Slack, as one sentence with what to do. `doing`: `posting the digest`. */
export function slackError(failure: Failure, to: string, doing: string): DeliveryError {
  const { retry = false, ...why } = refusalOf(failure)
  const explanation = { code: codeOf(failure), ...why }
  const sentence = `${doing} to ${to} failed: ${explanationText(explanation)}`
  return new DeliveryError(to, retry, sentence, explanation, failure.kind === 'unclear')
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

function refusalOf(failure: Failure): Refusal {
  switch (failure.kind) {
    case 'refused':
      return answeredWith(failure.code, failure.needed)
    case 'limited':
      return {
        cause: `Slack asks to wait ${failure.seconds} seconds (ratelimited)`,
        advice: TRY_AGAIN,
        retry: true,
      }
    case 'unsent':
      return { cause: `Slack did not take it (${failure.code})`, advice: TRY_AGAIN, retry: true }
    case 'lost':
      return {
        cause: 'Slack’s answer does not name the thread, so the reply was lost; it is not sent again',
        advice: {
          say: 'see whether the digest was deleted in the channel, and take the rest from the CSV of the run',
        },
      }
    case 'unclear':
      return {
        cause: `it is unclear whether Slack took it (${failure.code})`,
        advice: {
          say: 'look into the channel; with the scope channels:history (groups:history for a private channel) the audit looks by itself',
        },
        retry: true,
      }
  }
}

function answeredWith(code: string, needed: string | undefined): Refusal {
  if (code === 'missing_scope') {
    return {
      cause: `the token lacks the scope ${needed ?? 'that this needs'} (missing_scope)`,
      advice: { say: 'add the scope to the app and install it again' },
    }
  }
  const refusal = REFUSALS.get(code)
  if (refusal !== undefined) return { ...refusal, cause: `${refusal.cause} (${code})` }
  return {
    cause: `Slack answered ${code}`,
    advice: { say: 'look it up', url: 'https://docs.slack.dev/reference/methods/chat.postMessage#errors' },
  }
}
