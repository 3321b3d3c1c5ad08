/** The gcloud commands about the service account of an auth key, with every string from the cloud quoted. */
import type { HeldRole, KeyAccount } from '../../account.js'
import { commandLine } from '../shell.js'

/** An account with what names it; its project is left out where it is not known, which gcloud finds by the address. */
export type NamedAccount = Pick<KeyAccount, 'email' | 'project'>

/** Whether a text is an address as Google gives it to accounts: no other stands in a command. */
export function isAccountAddress(email: string): boolean {
  return /^[a-z0-9][a-z0-9.-]*@[a-z0-9.-]+$/i.test(email)
}

/** Names of roles, and of what they are held on, that can stand in a command as they are. */
const PLAIN_NAME = /^[a-z0-9][\w.:/-]*$/i

const ACCOUNTS = ['gcloud', 'iam', 'service-accounts'] as const

export function enableAccount(account: NamedAccount): string {
  return commandLine(...ACCOUNTS, 'enable', account.email, ...inProject(account))
}

export function disableAccount(account: NamedAccount): string {
  return commandLine(...ACCOUNTS, 'disable', account.email, ...inProject(account))
}

export function deleteAccount(account: NamedAccount): string {
  return commandLine(...ACCOUNTS, 'delete', account.email, ...inProject(account))
}

/**
 * Shows the unique ID of a deleted account, which nothing but the log of its deletion still has.
 * @see https://docs.cloud.google.com/iam/docs/service-accounts-delete-undelete
 */
export function findDeletedAccount(account: NamedAccount): string {
  const filter = [
    'protoPayload.methodName="google.iam.admin.v1.DeleteServiceAccount"',
    `resource.labels.email_id=${JSON.stringify(account.email)}`,
  ].join(' ')
  const shown = ['--freshness=30d', '--format=value(resource.labels.unique_id)']
  return commandLine('gcloud', 'logging', 'read', filter, ...inProject(account), ...shown)
}

/** Brings a deleted account back by the ID that its log shows. */
export function undeleteAccount(account: NamedAccount): string {
  const id = { shell: `"$(${findDeletedAccount(account)} --limit=1)"` }
  return commandLine(...ACCOUNTS, 'undelete', id, ...inProject(account))
}

/** Shows when the accounts of a project last did something; undefined where the project is not known. */
export function showActivity({ email, project }: NamedAccount): string | undefined {
  if (project === undefined) return undefined
  const activity = ['--activity-type=serviceAccountLastAuthentication', `--project=${project}`]
  const filter = `--query-filter=activities.full_resource_name="//iam.googleapis.com/projects/${project}/serviceAccounts/${email}"`
  return commandLine('gcloud', 'policy-intelligence', 'query-activity', ...activity, filter)
}

/**
 * Takes a role from an account, or gives it back; undefined where gcloud cannot do that in one command: under a
 * condition, or on something that is no project, folder or organization.
 */
export function changeRole(
  change: 'add' | 'remove',
  { role, on, conditional }: HeldRole,
  { email }: NamedAccount,
): string | undefined {
  const [kind = '', name = '', ...rest] = on.split('/')
  const group = GROUPS.get(kind)
  if (group === undefined || rest.length > 0 || conditional) return undefined
  if (!PLAIN_NAME.test(name) || !PLAIN_NAME.test(role)) return undefined
  const binding = [`--member=serviceAccount:${email}`, `--role=${role}`, '--condition=None']
  return commandLine('gcloud', ...group, `${change}-iam-policy-binding`, name, ...binding)
}

const GROUPS: ReadonlyMap<string, readonly string[]> = new Map([
  ['projects', ['projects']],
  ['folders', ['resource-manager', 'folders']],
  ['organizations', ['organizations']],
])

function inProject({ project }: NamedAccount): readonly string[] {
  return project === undefined ? [] : [`--project=${project}`]
}
