import { type Logger, LogLevel, WebClient } from '@slack/web-api'
import { fetchFor } from './fetch.js'

/** The client writes warnings and whole requests to the console; what matters is in errors. */
const QUIET: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  setName() {},
  getLevel: () => LogLevel.ERROR,
}

export interface SlackClientOptions {
  readonly token: string
  /** Ends with `/api/`. */
  readonly url: string
  /** Milliseconds for a request. */
  readonly timeout: number
}

/**
 * Slack's own client without its retries: it would post a message again whose answer was lost, and wait for
 * half an hour. Waiting and trying again are ours.
 */
export function slackClient({ token, url, timeout }: SlackClientOptions): WebClient {
  return new WebClient(token, {
    slackApiUrl: url,
    fetch: fetchFor(url),
    timeout,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: QUIET,
  })
}
