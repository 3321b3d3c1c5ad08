import type { Advice } from '../errors.js'
import { grant, grantFor } from './auditor.js'
import { CALLS, type Call } from './calls.js'
import { LARGEST_ANSWER } from './page-sizes.js'

/** What a failure is about: all that a sentence about it may name. */
export interface Circumstances {
  readonly call: Call
  /** `organizations/1`, `folders/1`, `projects/1`. */
  readonly subject: string
  /** The project that the request was charged to, where Google named it: its number, or its ID. */
  readonly consumer: string | undefined
  /** Google's words, where no sentence of ours fits; cleaned of anything that looks like a credential. */
  readonly detail: string | undefined
  /** By which a perimeter's administrator finds the refusal. */
  readonly perimeterId?: string | undefined
  /** The ID of a project that lies in no organization, where that is what it is about. */
  readonly standalone?: string | undefined
}

/** A kind of failure: why a request failed, without its subject, and what to do about it. No final full stop. */
export interface ErrorKind {
  readonly cause: (about: Circumstances) => string
  readonly advice: (about: Circumstances) => Advice
  /**
   * With whom it lies where that is not the subject: with the credentials, so that no request succeeds whatever is
   * asked, or with the project to which requests are charged.
   */
  readonly liesWith?: 'credentials' | 'charged'
  /** Whether asking again at once is of no use, whatever the status. */
  readonly isFinal?: true
  /** Whether it passes by itself, so that asking again later may help. */
  readonly isPassing?: true
}

const charged = ({ consumer }: Circumstances) => consumer ?? 'QUOTA_PROJECT_ID'
const theProject = ({ consumer }: Circumstances) => (consumer ? `project ${consumer}` : 'the calling project')

const tryAgain = (): Advice => ({
  say: 'try again later; if it stays, look at the status of Google Cloud',
  url: 'https://status.cloud.google.com',
})

const denied: ErrorKind = {
  cause: ({ call }) => `the auditor may not do that: it needs ${call.permission}`,
  advice: (about) => grantFor(about, `grant a role that holds ${about.call.permission}`),
}

const unidentified: ErrorKind = {
  cause: () => 'there are no usable credentials',
  advice: () => ({
    say: 'run as a service account, or for a trial',
    command: 'gcloud auth application-default login',
  }),
  liesWith: 'credentials',
}

const unreachable: ErrorKind = {
  isPassing: true,
  cause: ({ call }) => `${call.service} could not be reached`,
  advice: () => ({ say: 'check name resolution, proxy and firewall between the auditor and Google' }),
}

const brokenOff: ErrorKind = {
  cause: ({ call }) => `${call.service} broke the connection off`,
  advice: tryAgain,
  isPassing: true,
}

const exhausted: ErrorKind = {
  cause: (about) => `the quota of ${about.call.service} for ${theProject(about)} is used up`,
  advice: (about) => ({ say: 'lower AUDIT_PACE, or ask for more', url: quotasOf(about) }),
  isPassing: true,
}

function quotasOf(about: Circumstances): string {
  return `https://console.cloud.google.com/apis/api/${about.call.service}/quotas?project=${charged(about)}`
}

const unavailable: ErrorKind = {
  cause: ({ call }) => `${call.service} failed, and kept failing when it was asked again`,
  advice: tryAgain,
  isPassing: true,
}

/** What a run asks for on its own account; the archive's bucket and the log have projects of their own. */
const APIS = [...new Set(Object.values(CALLS).map(({ service }) => service))].filter(
  (service) => service !== CALLS.readObject.service,
)

/** A person's credentials, which charge each request to Google's own project, where nobody can enable anything. */
const uncharged: ErrorKind = {
  cause: () => 'these credentials have no quota project',
  advice: () => ({
    say: 'name a project that requests are charged to (or set GOOGLE_CLOUD_QUOTA_PROJECT), with the APIs of the audit enabled in it',
    command: `gcloud auth application-default set-quota-project PROJECT && gcloud services enable ${APIS.join(' ')} --project=PROJECT`,
  }),
  liesWith: 'credentials',
  isFinal: true,
}

const refusedByPerimeter: ErrorKind = {
  cause: ({ perimeterId }) =>
    `a VPC Service Controls perimeter refuses the auditor${perimeterId === undefined ? '' : ` (identifier ${perimeterId})`}`,
  advice: ({ call, perimeterId }) => ({
    say:
      perimeterId === undefined
        ? `let its service account in for ${call.service}`
        : `give the perimeter’s administrator that identifier, who lets its service account in for ${call.service}`,
    command:
      'gcloud access-context-manager perimeters update PERIMETER --policy=POLICY_ID --set-ingress-policies=FILE',
  }),
}

/** One row a reason: Google's `ErrorInfo.reason` or status, a network error's code, or one of our own. */
const KINDS = {
  PERMISSION_DENIED: denied,
  IAM_PERMISSION_DENIED: denied,
  SERVICE_DISABLED: {
    cause: (about) => `${about.call.service} is not enabled in ${theProject(about)}`,
    advice: (about) => ({
      say: 'enable it',
      command: `gcloud services enable ${about.call.service} --project=${charged(about)}`,
    }),
    liesWith: 'charged',
  },
  NO_QUOTA_PROJECT: uncharged,
  USER_PROJECT_DENIED: {
    cause: (about) => `the auditor may not charge requests to ${theProject(about)}`,
    advice: (about) => ({
      say: 'grant it',
      command: grant(`projects/${charged(about)}`, 'roles/serviceusage.serviceUsageConsumer'),
    }),
    liesWith: 'charged',
  },
  BILLING_DISABLED: {
    cause: (about) => `billing is off for ${theProject(about)}`,
    advice: (about) => ({
      say: 'link a billing account',
      command: `gcloud billing projects link ${charged(about)} --billing-account=ACCOUNT_ID`,
    }),
    liesWith: 'charged',
  },
  CONSUMER_SUSPENDED: {
    cause: (about) => `Google has suspended ${theProject(about)}`,
    advice: (about) => ({
      say: 'see the notice',
      url: `https://console.cloud.google.com/home/dashboard?project=${charged(about)}`,
    }),
    liesWith: 'charged',
  },
  CONSUMER_INVALID: {
    cause: (about) =>
      `${theProject(about)} cannot be found, or has been deleted since the inventory was taken`,
    advice: (about) => ({
      say: 'see whether it is still there (a run passes over it once the inventory shows that it is gone)',
      command: `gcloud projects describe ${charged(about)}`,
    }),
    liesWith: 'charged',
  },
  SECURITY_POLICY_VIOLATED: refusedByPerimeter,
  ACCESS_TOKEN_SCOPE_INSUFFICIENT: {
    cause: () => 'the access token lacks the scope https://www.googleapis.com/auth/cloud-platform',
    advice: () => ({
      say: 'sign in again',
      command:
        'gcloud auth application-default login --scopes=https://www.googleapis.com/auth/cloud-platform',
    }),
    liesWith: 'credentials',
  },
  UNAUTHENTICATED: unidentified,
  CREDENTIALS: { ...unidentified, isFinal: true },
  CREDENTIALS_FILE: {
    cause: ({ detail }) => detail ?? 'the file of credentials cannot be read',
    advice: () => ({
      say: 'correct GOOGLE_APPLICATION_CREDENTIALS, or unset it and run',
      command: 'gcloud auth application-default login',
    }),
    liesWith: 'credentials',
    isFinal: true,
  },
  CREDENTIALS_UNAVAILABLE: {
    cause: () => 'the server that issues access tokens failed',
    advice: tryAgain,
    liesWith: 'credentials',
    isPassing: true,
  },
  NOT_FOUND: {
    cause: () => 'it does not exist, or the auditor may not see it',
    advice: (about) => grantFor(about, 'check the name, or grant the right to see it'),
  },
  RATE_LIMIT_EXCEEDED: exhausted,
  RESOURCE_EXHAUSTED: exhausted,
  DAILY_QUOTA_EXCEEDED: {
    cause: (about) => `the quota of ${about.call.service} for ${theProject(about)} is used up for the day`,
    advice: (about) => ({
      say: 'run the audit again after midnight in Pacific Time, when it begins anew, or ask for more',
      url: quotasOf(about),
    }),
    isFinal: true,
  },
  INTERNAL: unavailable,
  UNAVAILABLE: unavailable,
  DEADLINE_EXCEEDED: unavailable,
  ABORTED: unavailable,
  TIMEOUT: {
    cause: ({ call }) => `${call.service} did not answer within the time limit`,
    advice: tryAgain,
    isPassing: true,
  },
  ECONNRESET: brokenOff,
  NO_ANSWER: brokenOff,
  ECONNREFUSED: unreachable,
  ENOTFOUND: unreachable,
  EAI_AGAIN: unreachable,
  ETIMEDOUT: unreachable,
  DAMAGED_ANSWER: {
    cause: ({ detail }) => `the answer was damaged: ${detail ?? 'not a JSON object'}`,
    advice: () => ({ say: 'try again; if it stays, look for a proxy that changes answers' }),
    isPassing: true,
  },
  INCOMPLETE_ANSWER: {
    cause: ({ call }) => `${call.service} could answer only in part, and said so`,
    advice: tryAgain,
  },
  MALFORMED: {
    cause: ({ detail }) => detail ?? 'the answer is not as Google documents it',
    advice: () => ({ say: 'see whether a newer version of this program reads it' }),
  },
  DAMAGED_OBJECT: {
    cause: () => 'what came is not what Cloud Storage holds: the checksums differ',
    advice: () => ({ say: 'run the audit again; if it stays, run it with --inventory assets' }),
  },
  INCOMPLETE_EXPORT: {
    cause: ({ detail }) => detail ?? 'its files are not all there',
    advice: () => ({ say: 'see that nothing else writes or deletes below AUDIT_EXPORT while a run reads' }),
  },
  ANSWER_TOO_LARGE: {
    cause: () => `the answer was larger than ${LARGEST_ANSWER / 2 ** 20} MiB, however little was asked for`,
    advice: () => ({ say: 'see what makes it so large, or look for a proxy that changes answers' }),
    isFinal: true,
  },
  REPEATED_PAGE_TOKEN: {
    cause: () => 'the listing led back to a page that had been read already',
    advice: tryAgain,
    isFinal: true,
  },
  ENDLESS_LISTING: {
    cause: ({ detail }) => detail ?? 'the listing went on without showing anything',
    advice: tryAgain,
  },
  OUT_OF_TIME: {
    cause: () => 'the time budget was used up',
    advice: () => ({ say: 'raise AUDIT_TIME_BUDGET, or narrow AUDIT_SCOPE' }),
    isFinal: true,
    isPassing: true,
  },
  STOPPED: {
    cause: ({ detail }) => `the audit was stopped${detail === undefined ? '' : ` by ${detail}`}`,
    advice: () => ({ say: 'run the audit again' }),
    isFinal: true,
    isPassing: true,
  },
} as const satisfies Readonly<Record<string, ErrorKind>>

/**
 * The kinds of failure by their codes.
 * @see https://cloud.google.com/apis/design/errors
 */
export const ERROR_KINDS: ReadonlyMap<string, ErrorKind> = new Map(Object.entries(KINDS))

/** A code that has no row of its own: Google's own words. */
export const OTHERWISE: ErrorKind = {
  cause: ({ detail }) => detail ?? 'Google gave no reason that this program knows',
  advice: () => ({ say: 'look it up', url: 'https://cloud.google.com/apis/design/errors' }),
}
