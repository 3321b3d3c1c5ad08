import type { DeliveryError } from '../deliver/error.js'

/** Cloud Logging, as far as it can be tried without a trace. */
export interface LogTrial {
  /** `projects/acme`. */
  readonly project: string
  readonly logName: string
  /** Asks Cloud Logging to check a write and not to store it. Throws a `DeliveryError`. */
  rehearse(): Promise<void>
}

/** Who a Slack token is. */
export interface SlackBot {
  readonly name: string
  readonly team: string
  readonly scopes: readonly string[]
}

/** Slack, as far as it can be tried without posting. */
export interface SlackTrial {
  readonly channel: string
  /** Throws a `DeliveryError`. */
  who(): Promise<SlackBot>
  /** Why nothing could be posted to a channel; undefined where nothing stands in the way. */
  obstacle(channel: string, scopes: readonly string[]): Promise<DeliveryError | undefined | 'unseen'>
}
