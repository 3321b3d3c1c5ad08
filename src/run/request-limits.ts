import type { RecordLogLimits } from '../deliver/logging.js'
import type { SlackOptions } from '../deliver/slack/channel.js'
import type { GoogleOptions } from '../google/client.js'

/** For a question that a person waits for: asked again once, and given up soon. */
export const INTERACTIVE_RETRY_POLICY = { retries: 1, first: 500, longest: 2_000, total: 30_000 }
/** Milliseconds for one request of those. */
export const INTERACTIVE_TIME_LIMIT = 20_000

/** How long and how large single requests may get, where the usual limits do not fit. */
export interface RequestLimits {
  readonly google?: Pick<GoogleOptions, 'timeLimit' | 'sizeLimit' | 'retryPolicy'>
  readonly logging?: Partial<RecordLogLimits>
  readonly slack?: Pick<SlackOptions, 'timeout' | 'waitBudget' | 'wait'>
}
