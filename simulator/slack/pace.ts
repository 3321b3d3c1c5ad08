import type { Gate } from '../wire/call.js'
import { argumentsOf } from './arguments.js'
import { SlackError } from './slack-error.js'

/** One message a second and channel. @see https://docs.slack.dev/apis/web-api/rate-limits */
const INTERVAL = 1000

/** Refuses messages that come faster than Slack takes them; `milliseconds` is any clock that only rises. */
export function slackPace(milliseconds: () => number): Gate {
  const last = new Map<string, number>()
  return async (call, answer) => {
    if (call.operation !== 'slack.chat.postMessage') return answer()
    const channel = String(argumentsOf(call)['channel'])
    const now = milliseconds()
    if (now - (last.get(channel) ?? Number.NEGATIVE_INFINITY) < INTERVAL) {
      return new SlackError('ratelimited', {}, 1).answer()
    }
    last.set(channel, now)
    return answer()
  }
}
