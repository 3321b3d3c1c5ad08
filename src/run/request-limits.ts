import type { RecordLogLimits } from '../deliver/logging.js'
import type { SlackOptions } from '../deliver/slack/channel.js'
import type { GoogleOptions } from '../google/client.js'

/** How long and how large single requests may get, where the usual limits do not fit. */
export interface RequestLimits {
  readonly google?: Pick<GoogleOptions, 'timeLimit' | 'sizeLimit' | 'patience'>
  readonly logging?: Partial<RecordLogLimits>
  readonly slack?: Pick<SlackOptions, 'timeout' | 'patience' | 'wait'>
}
