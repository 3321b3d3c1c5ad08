import type { Answer } from '../wire/call.js'
import { Refusal } from '../wire/call.js'

/** A refusal in Slack's way: HTTP 200 with `ok: false`, but for rate limits. */
export class SlackError extends Refusal {
  constructor(
    readonly code: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    readonly retryAfter?: number,
  ) {
    super(code)
  }

  override answer(): Answer {
    return {
      status: this.retryAfter === undefined ? 200 : 429,
      headers: this.retryAfter === undefined ? {} : { 'retry-after': String(this.retryAfter) },
      body: { ok: false, error: this.code, ...this.details },
    }
  }
}

/** `invalid_blocks` with Slack's list of what is wrong where. */
export function invalidBlocks(problems: readonly string[]): SlackError {
  return new SlackError('invalid_blocks', {
    errors: problems,
    response_metadata: { messages: problems.map((problem) => `[ERROR] ${problem}`) },
  })
}
