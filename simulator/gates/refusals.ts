import type { Answer, Call } from '../wire/call.js'
import { errorInfo, GoogleError, type Status } from '../wire/google-error.js'
import { exceeded } from './quota.js'
import { QUOTAS } from './quotas.js'

/** What a service refuses with on demand. */
export type RefusalName = 'denied' | 'off' | '429' | '500' | '503' | 'expired-token'

/** Whose form an answer has: Slack and Cloud Storage have their own, all else has that of Google's APIs. */
type Dialect = 'google' | 'storage' | 'slack'

/** The refusal of a call in the words of its service. `consumer` is the caller's project. */
export function refusalOf(name: RefusalName, { operation }: Call, consumer: string): Answer {
  const dialect = dialectOf(operation)
  switch (dialect) {
    case 'google':
      return google(name, operation, consumer)
    case 'storage':
      return storage(name, operation)
    case 'slack':
      return slack(name)
  }
}

function dialectOf(operation: string): Dialect {
  if (operation.startsWith('slack.')) return 'slack'
  return operation.startsWith('storage.') ? 'storage' : 'google'
}

function google(name: RefusalName, operation: string, consumer: string): Answer {
  const service = `${operation.split('.', 1)[0]}.googleapis.com`
  const about = { service, consumer: `projects/${consumer}` }
  switch (name) {
    case 'denied':
      return error('PERMISSION_DENIED', `Permission '${operation}' denied on resource.`, [
        errorInfo('IAM_PERMISSION_DENIED', service, { permission: operation }),
      ])
    case 'off':
      return error(
        'PERMISSION_DENIED',
        `${service} has not been used in project ${consumer} before or it is disabled.`,
        [errorInfo('SERVICE_DISABLED', 'googleapis.com', about)],
      )
    case '429':
      return exceeded({ ...ANY, ...QUOTAS.find((quota) => quota.service === service), service }, consumer)
    case '500':
      return error('INTERNAL', 'Internal error encountered.')
    case '503':
      return error('UNAVAILABLE', 'The service is currently unavailable.')
    case 'expired-token':
      return error('INVALID_ARGUMENT', 'The page token is invalid or has expired.')
  }
}

const ANY = { title: 'Requests', perMinute: 60 }

function error(status: Status, message: string, details: GoogleError['details'] = []): Answer {
  return new GoogleError(status, message, details).answer()
}

/** @see https://cloud.google.com/storage/docs/json_api/v1/status-codes */
const STORAGE: Readonly<Record<RefusalName, readonly [status: number, reason: string, message: string]>> = {
  denied: [403, 'forbidden', 'The caller does not have this access (or the resource may not exist).'],
  off: [
    403,
    'accessNotConfigured',
    'Cloud Storage JSON API has not been used in this project before or it is disabled.',
  ],
  '429': [429, 'rateLimitExceeded', 'The project exceeded the rate limit for operations on objects.'],
  '500': [500, 'backendError', 'We encountered an internal error. Please try again.'],
  '503': [503, 'backendError', 'Service Unavailable'],
  'expired-token': [400, 'invalid', 'Invalid page token.'],
}

function storage(name: RefusalName, operation: string): Answer {
  const [code, reason, message] = STORAGE[name]
  const text = `${message} (${operation})`
  return {
    status: code,
    body: { error: { code, message: text, errors: [{ message: text, domain: 'global', reason }] } },
  }
}

/** @see https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const SLACK: Readonly<Record<RefusalName, readonly [status: number, code: string]>> = {
  denied: [200, 'restricted_action'],
  off: [200, 'account_inactive'],
  '429': [429, 'ratelimited'],
  '500': [500, 'internal_error'],
  '503': [503, 'service_unavailable'],
  'expired-token': [200, 'invalid_cursor'],
}

function slack(name: RefusalName): Answer {
  const [status, code] = SLACK[name]
  return { status, body: { ok: false, error: code } }
}
