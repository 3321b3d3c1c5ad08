import * as z from 'zod'
import { type Advice, adviceText, redactedWords } from '../errors.js'
import { grpcStatus } from '../grpc-status.js'
import { cut, withVisibleControls } from '../records/visible-text.js'
import { DeliveryError } from './delivery.js'

const googleError = z.object({
  code: z.number().optional(),
  message: z.string(),
  reason: z.string().optional(),
  errorInfoMetadata: z.record(z.string(), z.string()).optional(),
})
type GoogleError = z.infer<typeof googleError>

/** Whether Google's client has an error because a quota is used up: HTTP 429. */
export function isQuotaUsedUp(error: unknown): boolean {
  return grpcStatus(googleError.safeParse(error).data?.code) === 'RESOURCE_EXHAUSTED'
}

/** What went wrong with Cloud Logging, as one sentence with what to do. */
export function loggingError(error: unknown, to: string): DeliveryError {
  const answer: GoogleError = googleError.safeParse(error).data ?? { message: String(error) }
  const { code, name, retry, advice } = kindOf(answer, to)
  const why = [name, answer.reason && withVisibleControls(redactedWords(answer.reason)).slice(0, 63)]
    .filter((part) => part !== undefined)
    .join(' ')
  const said = cut(withVisibleControls(redactedWords(answer.message)).replace(/\.$/, ''), 300)
  const cause = `${why} (${said})`
  const todo = `${adviceText(advice)}${advice.command === undefined ? '.' : ''}`
  const explanation = { code: answer.reason ?? code, cause, advice }
  return new DeliveryError(to, retry, `Writing records to ${to} failed: ${cause}. ${todo}`, explanation)
}

interface ErrorKind {
  readonly code: string
  /** What stands in the sentence for the code. */
  readonly name: string
  readonly retry: boolean
  readonly advice: Advice
}

function kindOf({ code, reason, errorInfoMetadata }: GoogleError, to: string): ErrorKind {
  const project = to.split('/')[1] ?? ''
  const status = grpcStatus(code)
  switch (status) {
    case 'INVALID_ARGUMENT':
      return final(status, { say: 'This is a fault of the program: please report it' })
    case 'NOT_FOUND':
      return final(status, { say: `Check whether LOG_PROJECT (--log-project) is meant to be ${project}` })
    case 'PERMISSION_DENIED':
      return final(status, permission(project, reason, errorInfoMetadata))
    case 'UNAUTHENTICATED':
      return final(status, { say: 'Check the credentials that the audit runs with' })
    case 'RESOURCE_EXHAUSTED': {
      const say = `The write quota of ${project} stayed used up: try again later, or ask for a higher one`
      return passing(status, status, { say })
    }
    case 'DEADLINE_EXCEEDED':
      return passing(status, `${status}: Cloud Logging did not answer in time`)
    case 'UNAVAILABLE':
      return passing(status, `${status}: Cloud Logging could not be reached`)
    case 'INTERNAL':
      return passing(status, status)
    case 'FAILED_PRECONDITION':
    case undefined:
      return passing('GIVEN_UP', 'the client gave up')
  }
}

function final(code: string, advice: Advice): ErrorKind {
  return { code, name: code, retry: false, advice }
}

/** What passes by itself. @see https://grpc.io/docs/guides/status-codes/ */
function passing(code: string, name: string, advice: Advice = { say: 'Try again' }): ErrorKind {
  return { code, name, retry: true, advice }
}

/** A project as Google names who is charged: it is put into a command. */
const CONSUMER = /^(?:projects\/)?((?:[a-z0-9.-]+:)?[a-z0-9][a-z0-9-]{0,62})$/

function permission(project: string, reason?: string, metadata?: Readonly<Record<string, string>>): Advice {
  if (reason === 'SERVICE_DISABLED') {
    const [, consumer = project] = CONSUMER.exec(metadata?.['consumer'] ?? '') ?? []
    return {
      say: 'Switch it on',
      command: `gcloud services enable logging.googleapis.com --project=${consumer}`,
    }
  }
  return {
    say: 'Grant logging.logEntries.create to the account that the audit runs as',
    command: `gcloud projects add-iam-policy-binding ${project} --member=serviceAccount:SERVICE_ACCOUNT_EMAIL --role=roles/logging.logWriter`,
  }
}
