import type { Call } from './calls.js'

/** What a failure is about: all that a sentence about it may name. */
export interface Circumstances {
  readonly call: Call
  /** `organizations/1`, `folders/1`, `projects/1`. */
  readonly subject: string
  /** The project that the request was charged to, where Google named it: its number, or its ID. */
  readonly consumer: string | undefined
  /** Google's words, where no sentence of ours fits; cleaned of anything that looks like a credential. */
  readonly detail: string | undefined
}

/** Why a request failed, without its subject, and what to do about it. No final full stop. */
export interface Advice {
  readonly because: (about: Circumstances) => string
  readonly fix: (about: Circumstances) => string
}

/** Who asks, as far as that is known. */
export interface Auditor {
  /** As `--member` takes it: `serviceAccount:EMAIL` or `user:EMAIL`. */
  readonly member?: string | undefined
  /** The number of the organization that custom roles lie in. */
  readonly organization?: string | undefined
}

const SOMEBODY = 'serviceAccount:SERVICE_ACCOUNT_EMAIL'
const SOME_ORGANIZATION = 'organizations/ORGANIZATION_ID/'

/** Commands with the account and the organization that they are about, where these are known. */
export function addressed(text: string, { member: who, organization }: Auditor): string {
  const named = who === undefined ? text : text.replaceAll(SOMEBODY, who)
  return organization === undefined
    ? named
    : named.replaceAll(SOME_ORGANIZATION, `organizations/${organization}/`)
}

const member = `--member=${SOMEBODY}`
const charged = ({ consumer }: Circumstances) => consumer ?? 'QUOTA_PROJECT_ID'
const theProject = ({ consumer }: Circumstances) => (consumer ? `project ${consumer}` : 'the calling project')
const tryAgain = () => 'try again later; if it stays, see https://status.cloud.google.com'

/** The command that binds a role on an organization, a folder, a project or a bucket. */
function grant(subject: string, role: string): string {
  const bucket = /^gs:\/\/[^/]+/.exec(subject)?.[0]
  if (bucket) return `gcloud storage buckets add-iam-policy-binding ${bucket} ${member} --role=${role}`
  const [kind, id = kind] = subject.split('/')
  const group =
    kind === 'organizations' ? 'organizations' : kind === 'folders' ? 'resource-manager folders' : 'projects'
  return `gcloud ${group} add-iam-policy-binding ${id} ${member} --role=${role}`
}

const denied: Advice = {
  because: ({ call }) => `the auditor may not do that: it needs ${call.permission}`,
  fix: ({ call, subject }) => `grant a role that holds ${call.permission}: ${grant(subject, call.role)}`,
}

const unidentified: Advice = {
  because: () => 'there are no usable credentials',
  fix: () => 'run as a service account, or for a trial: gcloud auth application-default login',
}

const unreachable: Advice = {
  because: ({ call }) => `${call.service} could not be reached`,
  fix: () => 'check name resolution, proxy and firewall between the auditor and Google',
}

const exhausted: Advice = {
  because: (about) => `the quota of ${about.call.service} for ${theProject(about)} is used up`,
  fix: (about) => `lower AUDIT_PACE, or ask for more: ${quotasOf(about)}`,
}

function quotasOf(about: Circumstances): string {
  return `https://console.cloud.google.com/apis/api/${about.call.service}/quotas?project=${charged(about)}`
}

const unavailable: Advice = {
  because: ({ call }) => `${call.service} failed, and kept failing when it was asked again`,
  fix: tryAgain,
}

/**
 * One row a reason: Google's `ErrorInfo.reason` or status, a network error's code, or one of our own
 * (`CREDENTIALS`, `CREDENTIALS_FILE`, `TIMEOUT`, `DAMAGED_ANSWER`, `INCOMPLETE_ANSWER`, `MALFORMED`, `ANSWER_TOO_LARGE`,
 * `DAMAGED_OBJECT`, `INCOMPLETE_EXPORT`,
 * `REPEATED_PAGE_TOKEN`, `ENDLESS_LISTING`, `OUT_OF_TIME`, `STOPPED`).
 * @see https://cloud.google.com/apis/design/errors
 */
export const ADVICE: ReadonlyMap<string, Advice> = new Map<string, Advice>([
  ['PERMISSION_DENIED', denied],
  ['IAM_PERMISSION_DENIED', denied],
  [
    'SERVICE_DISABLED',
    {
      because: (about) => `${about.call.service} is not enabled in ${theProject(about)}`,
      fix: (about) => `enable it: gcloud services enable ${about.call.service} --project=${charged(about)}`,
    },
  ],
  [
    'USER_PROJECT_DENIED',
    {
      because: (about) => `the auditor may not charge requests to ${theProject(about)}`,
      fix: (about) =>
        `grant it: ${grant(`projects/${charged(about)}`, 'roles/serviceusage.serviceUsageConsumer')}`,
    },
  ],
  [
    'BILLING_DISABLED',
    {
      because: (about) => `billing is off for ${theProject(about)}`,
      fix: (about) =>
        `link a billing account: gcloud billing projects link ${charged(about)} --billing-account=ACCOUNT_ID`,
    },
  ],
  [
    'CONSUMER_SUSPENDED',
    {
      because: (about) => `Google has suspended ${theProject(about)}`,
      fix: (about) =>
        `see the notice: https://console.cloud.google.com/home/dashboard?project=${charged(about)}`,
    },
  ],
  [
    'SECURITY_POLICY_VIOLATED',
    {
      because: () => 'a VPC Service Controls perimeter refuses the auditor',
      fix: ({ call }) =>
        `let its service account in for ${call.service}: gcloud access-context-manager perimeters update PERIMETER --policy=POLICY_ID --set-ingress-policies=FILE`,
    },
  ],
  [
    'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
    {
      because: () => 'the access token lacks the scope https://www.googleapis.com/auth/cloud-platform',
      fix: () =>
        'sign in again: gcloud auth application-default login --scopes=https://www.googleapis.com/auth/cloud-platform',
    },
  ],
  ['UNAUTHENTICATED', unidentified],
  ['CREDENTIALS', unidentified],
  [
    'CREDENTIALS_FILE',
    {
      because: ({ detail }) => detail ?? 'the file of credentials cannot be read',
      fix: () =>
        'correct GOOGLE_APPLICATION_CREDENTIALS, or unset it and run: gcloud auth application-default login',
    },
  ],
  [
    'CREDENTIALS_UNAVAILABLE',
    { because: () => 'the server that issues access tokens failed', fix: tryAgain },
  ],
  [
    'NOT_FOUND',
    {
      because: () => 'it does not exist, or the auditor may not see it',
      fix: ({ call, subject }) =>
        `check the name, or grant the right to see it: ${grant(subject, call.role)}`,
    },
  ],
  ['RATE_LIMIT_EXCEEDED', exhausted],
  ['RESOURCE_EXHAUSTED', exhausted],
  [
    'DAILY_QUOTA_EXCEEDED',
    {
      because: (about) =>
        `the quota of ${about.call.service} for ${theProject(about)} is used up for the day`,
      fix: (about) =>
        `run the audit again after midnight in Pacific Time, when it begins anew, or ask for more: ${quotasOf(about)}`,
    },
  ],
  ['INTERNAL', unavailable],
  ['UNAVAILABLE', unavailable],
  ['DEADLINE_EXCEEDED', unavailable],
  [
    'TIMEOUT',
    { because: ({ call }) => `${call.service} did not answer within the time limit`, fix: tryAgain },
  ],
  ['ECONNRESET', { because: ({ call }) => `${call.service} broke the connection off`, fix: tryAgain }],
  ['ECONNREFUSED', unreachable],
  ['ENOTFOUND', unreachable],
  ['EAI_AGAIN', unreachable],
  ['ETIMEDOUT', unreachable],
  [
    'DAMAGED_ANSWER',
    {
      because: ({ detail }) => `the answer was damaged: ${detail ?? 'not a JSON object'}`,
      fix: () => 'try again; if it stays, look for a proxy that changes answers',
    },
  ],
  [
    'INCOMPLETE_ANSWER',
    { because: ({ call }) => `${call.service} could answer only in part, and said so`, fix: tryAgain },
  ],
  [
    'MALFORMED',
    {
      because: ({ detail }) => detail ?? 'the answer is not as Google documents it',
      fix: () => 'see whether a newer version of this program reads it',
    },
  ],
  [
    'DAMAGED_OBJECT',
    {
      because: () => 'what came is not what Cloud Storage holds: the checksums differ',
      fix: () => 'run the audit again; if it stays, run it with --inventory assets',
    },
  ],
  [
    'INCOMPLETE_EXPORT',
    {
      because: ({ detail }) => detail ?? 'its files are not all there',
      fix: () => 'see that nothing else writes or deletes below AUDIT_EXPORT while a run reads',
    },
  ],
  [
    'ANSWER_TOO_LARGE',
    {
      because: () => 'the answer was larger than any page of this API can be',
      fix: () => 'look for a proxy that changes answers',
    },
  ],
  [
    'REPEATED_PAGE_TOKEN',
    { because: () => 'the listing led back to a page that had been read already', fix: tryAgain },
  ],
  [
    'ENDLESS_LISTING',
    { because: ({ detail }) => detail ?? 'the listing went on without showing anything', fix: tryAgain },
  ],
  [
    'OUT_OF_TIME',
    {
      because: () => 'the time budget was used up',
      fix: () => 'raise AUDIT_TIME_BUDGET, or narrow AUDIT_SCOPE',
    },
  ],
  [
    'STOPPED',
    {
      because: ({ detail }) => `the audit was stopped${detail === undefined ? '' : ` by ${detail}`}`,
      fix: () => 'run the audit again',
    },
  ],
])

/** The advice for a reason that has no row of its own: Google's own words. */
export const OTHERWISE: Advice = {
  because: ({ detail }) => detail ?? 'Google gave no reason that this program knows',
  fix: () => 'see https://cloud.google.com/apis/design/errors',
}
