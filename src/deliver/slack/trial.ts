import type { WebClient } from '@slack/web-api'
import type { DeliveryError } from '../delivery.js'
import { slackClient } from './client.js'
import { slackError } from './error.js'
import { failureOf } from './failure.js'

/**
 * Every method of Slack that is called, and the scopes of which the token needs one: the first for public channels,
 * the second for private ones. `deploy/slack-app.yaml` asks for these and no others.
 * @see https://docs.slack.dev/reference/methods
 */
export const SLACK_METHODS = {
  'auth.test': [],
  'chat.postMessage': ['chat:write'],
  'conversations.history': ['channels:history', 'groups:history'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.replies': ['channels:history', 'groups:history'],
  'files.completeUploadExternal': ['files:write'],
  'files.getUploadURLExternal': ['files:write'],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** Who a token is, and what it may do. */
export interface Bot {
  readonly name: string
  readonly team: string
  readonly scopes: readonly string[]
}

interface SlackTrialOptions {
  readonly token: string
  readonly channel: string
  /** Ends with `/api/`. */
  readonly url: string
  /** Milliseconds for a request. */
  readonly timeout?: number
}

/** Tries what a digest needs of Slack, without posting anything. */
export class SlackTrial {
  readonly channel: string
  readonly #client: WebClient

  constructor({ token, channel, url, timeout = 20_000 }: SlackTrialOptions) {
    this.channel = channel
    this.#client = slackClient({ token, url, timeout })
  }

  /** Throws a `DeliveryError`. @see https://docs.slack.dev/reference/methods/auth.test */
  async who(): Promise<Bot> {
    try {
      const { user, team, response_metadata } = await this.#client.auth.test()
      return { name: user ?? 'a bot', team: team ?? 'a workspace', scopes: response_metadata?.scopes ?? [] }
    } catch (error) {
      throw slackError(failureOf(error), `slack:${this.channel}`, 'Asking whose token it is, for posting')
    }
  }

  /**
   * Why nothing could be posted to a channel; undefined where nothing stands in the way, `unseen` where the token
   * may not look.
   */
  async obstacle(channel: string, scopes: readonly string[]): Promise<DeliveryError | undefined | 'unseen'> {
    const to = `slack:${channel}`
    try {
      if (scopes.some((scope) => INFO.includes(scope))) {
        const { channel: found } = await this.#client.conversations.info({ channel })
        if (found?.is_member === undefined) return 'unseen'
        const code = obstacleIn(found)
        return code === undefined ? undefined : slackError({ kind: 'refused', code }, to, 'Posting')
      }
      if (!scopes.some((scope) => HISTORY.includes(scope))) return 'unseen'
      await this.#client.conversations.history({ channel, limit: 1 })
      return undefined
    } catch (error) {
      const failure = failureOf(error)
      // a scope for public channels shows no private one, and the other way round
      if (failure.kind === 'refused' && failure.code === 'missing_scope') return 'unseen'
      return slackError(failure, to, 'Posting')
    }
  }
}

const INFO: readonly string[] = SLACK_METHODS['conversations.info']
const HISTORY: readonly string[] = SLACK_METHODS['conversations.history']

interface ShownChannel {
  readonly is_archived?: boolean
  readonly is_member?: boolean
}

/** Slack's own code for what would keep a bot from posting. */
function obstacleIn({ is_archived, is_member }: ShownChannel): string | undefined {
  if (is_archived === true) return 'is_archived'
  return is_member === false ? 'not_in_channel' : undefined
}
