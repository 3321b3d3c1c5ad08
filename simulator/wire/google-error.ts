import type { Answer } from './call.js'
import { Refusal } from './call.js'

/** HTTP status of each canonical code that the simulator answers. */
const HTTP_STATUS = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
} as const
export type Status = keyof typeof HTTP_STATUS

/** A refusal in the words of Google's APIs. @see https://cloud.google.com/apis/design/errors */
export class GoogleError extends Refusal {
  constructor(
    readonly status: Status,
    message: string,
    readonly details: readonly Readonly<Record<string, unknown>>[] = [],
  ) {
    super(message)
  }

  /** The answer with Google's error body; empty details are left out. */
  override answer(): Answer {
    const { status, message, details } = this
    const code = HTTP_STATUS[status]
    return {
      status: code,
      body: { error: { code, message, status, ...(details.length > 0 && { details }) } },
    }
  }
}

/** An `ErrorInfo` detail, the one that programs are to look at. */
export function errorInfo(reason: string, domain: string, metadata: Readonly<Record<string, string>>) {
  return { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain, metadata }
}

/** 400 for a value that is not allowed. */
export function invalid(message: string): GoogleError {
  return new GoogleError('INVALID_ARGUMENT', message)
}

/** 400 with the field that is wrong. */
export function badRequest(field: string, description: string): GoogleError {
  return new GoogleError('INVALID_ARGUMENT', `Invalid value at '${field}': ${description}`, [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description }] },
  ])
}

export function notFound(message: string): GoogleError {
  return new GoogleError('NOT_FOUND', message)
}
