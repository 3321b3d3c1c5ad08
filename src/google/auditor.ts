import type { Advice } from '../errors.js'
import { gsBucketOf } from '../gs-path.js'
import { AUDITOR_PROJECT, CALLS, type Call, ORGANIZATION } from './calls.js'

/** Who asks, as far as that is known. */
export interface Auditor {
  /** As `--member` takes it: `serviceAccount:EMAIL` or `user:EMAIL`. */
  readonly member?: string | undefined
  /** The number of the organization that custom roles lie in. */
  readonly organization?: string | undefined
}

/** What stands in a command for what is not known of the auditor. */
const UNKNOWN = {
  member: 'serviceAccount:SERVICE_ACCOUNT_EMAIL',
  organization: ORGANIZATION,
  project: AUDITOR_PROJECT,
} as const

/** The advice, its command with the account, the organization and the project of the auditor, where these are known. */
export function addressed(advice: Advice, auditor: Auditor): Advice {
  const { command } = advice
  if (command === undefined) return advice
  const { member, organization } = auditor
  const project = projectOf(member)
  const known = [
    [UNKNOWN.member, member],
    [UNKNOWN.organization, organization && `organizations/${organization}`],
    [UNKNOWN.project, project && `projects/${project}`],
  ] as const
  return {
    ...advice,
    command: known.reduce((text, [from, to]) => (to ? text.replaceAll(from, to) : text), command),
  }
}

/** Whether its command speaks of an account, an organization or a project that it does not name. */
export function isAnonymous({ command = '' }: Advice): boolean {
  return Object.values(UNKNOWN).some((unknown) => command.includes(unknown))
}

/** The project in which a service account lies: there `deploy/setup.sh` makes it, with the roles of a project. */
function projectOf(member: string | undefined): string | undefined {
  return /^serviceAccount:[^@]+@([a-z][a-z0-9-]{4,28}[a-z0-9])\.iam\.gserviceaccount\.com$/.exec(
    member ?? '',
  )?.[1]
}

/** The command that binds a role on an organization, a folder, a project or a bucket. */
export function grant(subject: string, role: string): string {
  const binding = 'add-iam-policy-binding'
  const to = `--member=${UNKNOWN.member} --role=${role}`
  const bucket = gsBucketOf(subject)
  if (bucket !== undefined) return `gcloud storage buckets ${binding} ${bucket} ${to}`
  const [kind, id = kind] = subject.split('/')
  const group =
    kind === 'organizations' ? 'organizations' : kind === 'folders' ? 'resource-manager folders' : 'projects'
  return `gcloud ${group} ${binding} ${id} ${to}`
}

/** What a run asks of a project itself. */
const ASKED_OF_PROJECTS: readonly Call[] = [
  CALLS.getProject,
  CALLS.listAssets,
  CALLS.exportAssets,
  CALLS.searchResources,
  CALLS.searchPolicies,
  CALLS.listKeys,
  CALLS.getService,
  CALLS.listTimeSeries,
  CALLS.getEffectivePolicy,
  CALLS.getAccount,
  CALLS.getProjectPolicy,
]

/** A call that was refused. `standalone`: the ID of its project, where that lies in no organization. */
interface Refused {
  readonly call: Call
  readonly subject: string
  readonly standalone?: string | undefined
}

/** Grants what a call needs. A role of an organization cannot be granted in a project that lies in none. */
export function grantFor({ call, subject, standalone }: Refused, say: string): Advice {
  const prefix = `${ORGANIZATION}/roles/`
  if (standalone === undefined || !call.role.startsWith(prefix)) {
    return { say, command: grant(subject, call.role) }
  }
  const name = call.role.slice(prefix.length)
  const permissions = ASKED_OF_PROJECTS.filter(({ role }) => role === call.role).map(
    ({ permission }) => permission,
  )
  const made = `gcloud iam roles create ${name} --project=${standalone} --permissions=${permissions.join()}`
  const granted = grant(`projects/${standalone}`, `projects/${standalone}/roles/${name}`)
  return {
    say: `${say}, made in the project itself, which lies in no organization`,
    command: `${made} && ${granted}`,
  }
}
