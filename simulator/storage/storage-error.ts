import type { Answer } from '../wire/call.js'
import { Refusal } from '../wire/call.js'

const HTTP_STATUS = {
  invalid: 400,
  required: 401,
  forbidden: 403,
  retentionPolicyNotMet: 403,
  notFound: 404,
  conflict: 409,
  conditionNotMet: 412,
  requestedRangeNotSatisfiable: 416,
} as const
export type Reason = keyof typeof HTTP_STATUS

/**
 * A refusal in Cloud Storage's own form, which has `errors` and no `details`; plain text where content was
 * asked for. @see https://cloud.google.com/storage/docs/json_api/v1/status-codes
 */
export class StorageError extends Refusal {
  constructor(
    readonly reason: Reason,
    message: string,
    readonly asText = false,
  ) {
    super(message)
  }

  override answer(): Answer {
    const { reason, message } = this
    const code = HTTP_STATUS[reason]
    if (this.asText)
      return { status: code, headers: { 'content-type': 'text/html; charset=UTF-8' }, body: message }
    return {
      status: code,
      body: { error: { code, message, errors: [{ message, domain: 'global', reason }] } },
    }
  }
}
