import * as z from 'zod'
import { type Advice, adviceText, redactedWords } from '../errors.js'
import { cut, withVisibleControls } from '../records/visible-text.js'
import { DeliveryError } from './delivery.js'

/** gRPC's RESOURCE_EXHAUSTED: HTTP 429. */
export const QUOTA_USED_UP = 8

const googleError = z.object({
  code: z.number().optional(),
  message: z.string(),
  reason: z.string().optional(),
  errorInfoMetadata: z.record(z.string(), z.string()).optional(),
})
type GoogleError = z.infer<typeof googleError>

/** The gRPC status of an error from Google's client; undefined when it has none. */
export function statusOf(error: unknown): number | undefined {
  return googleError.safeParse(error).data?.code
}

/** What went wrong with Cloud Logging, as one sentence with what to do. */
export function loggingError(error: unknown, to: string): DeliveryError {
  const answer: GoogleError = googleError.safeParse(error).data ?? { message: String(error) }
  const { code, name = code, retry, advice } = kindOf(answer, to)
  const why = [name, answer.reason && withVisibleControls(redactedWords(answer.reason)).slice(0, 63)]
    .filter((part) => part !== undefined)
    .join(' ')
  const said = cut(withVisibleControls(redactedWords(answer.message)).replace(/\.$/, ''), 300)
  const cause = `${why} (${said})`
  const todo = `${adviceText(advice)}${advice.command === undefined ? '.' : ''}`
  const explanation = { code: answer.reason ?? code, cause, advice }
  return new DeliveryError(to, retry, `Writing records to ${to} failed: ${cause}. ${todo}`, explanation)
}

/** Statuses that pass by themselves. @see https://grpc.io/docs/guides/status-codes/ */
const PASSING: ReadonlyMap<number, Pick<ErrorKind, 'code' | 'name'>> = new Map([
  [4, { code: 'DEADLINE_EXCEEDED', name: 'DEADLINE_EXCEEDED: Cloud Logging did not answer in time' }],
  [13, { code: 'INTERNAL' }],
  [14, { code: 'UNAVAILABLE', name: 'UNAVAILABLE: Cloud Logging could not be reached' }],
])
const GIVEN_UP = { code: 'GIVEN_UP', name: 'the client gave up' }

interface ErrorKind {
  readonly code: string
  /** What stands in the sentence for the code, where that says too little. */
  readonly name?: string
  readonly retry: boolean
  readonly advice: Advice
}

function kindOf({ code, reason, errorInfoMetadata }: GoogleError, to: string): ErrorKind {
  const project = to.split('/')[1] ?? ''
  switch (code) {
    case 3:
      return {
        code: 'INVALID_ARGUMENT',
        retry: false,
        advice: { say: 'This is a fault of the program: please report it' },
      }
    case 5:
      return {
        code: 'NOT_FOUND',
        retry: false,
        advice: { say: `Check whether LOG_PROJECT (--log-project) is meant to be ${project}` },
      }
    case 7:
      return {
        code: 'PERMISSION_DENIED',
        retry: false,
        advice: permission(project, reason, errorInfoMetadata),
      }
    case QUOTA_USED_UP:
      return {
        code: 'RESOURCE_EXHAUSTED',
        retry: true,
        advice: {
          say: `The write quota of ${project} stayed used up: try again later, or ask for a higher one`,
        },
      }
    case 16:
      return {
        code: 'UNAUTHENTICATED',
        retry: false,
        advice: { say: 'Check the credentials that the audit runs with' },
      }
    default:
      return { ...(PASSING.get(code ?? 0) ?? GIVEN_UP), retry: true, advice: { say: 'Try again' } }
  }
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
