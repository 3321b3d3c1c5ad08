import type { HeldRole, Reach } from '../account.js'

/** What a role lets its holder do beyond the resources that it is about. */
export interface WideRole {
  readonly can: 'give rights' | 'act as others' | 'lift restrictions'
  /** The page that says so. */
  readonly source: string
}

const ACCOUNTS = 'https://docs.cloud.google.com/iam/docs/service-account-permissions'
const INDEX = 'https://docs.cloud.google.com/iam/docs/roles-permissions'
const KEYS = 'https://docs.cloud.google.com/api-keys/docs/overview'

const give = (source: string): WideRole => ({ can: 'give rights', source })
const actAs = (source: string): WideRole => ({ can: 'act as others', source })
const lift = (source: string): WideRole => ({ can: 'lift restrictions', source })

/** Predefined roles with which an account can get at more than the role names, wherever they are held. */
export const WIDE_ROLES: Readonly<Record<string, WideRole>> = {
  'roles/iam.serviceAccountTokenCreator': actAs(ACCOUNTS),
  'roles/iam.serviceAccountOpenIdTokenCreator': actAs(ACCOUNTS),
  'roles/iam.serviceAccountUser': actAs(ACCOUNTS),
  'roles/iam.serviceAccountKeyAdmin': actAs(ACCOUNTS),
  'roles/iam.serviceAccountApiKeyBindingAdmin': actAs(`${INDEX}/iam`),
  'roles/iam.workloadIdentityUser': actAs(ACCOUNTS),
  // keys of other accounts: what they are, and with the strings, using them
  'roles/serviceusage.apiKeysAdmin': actAs(KEYS),
  'roles/serviceusage.apiKeysViewer': actAs(KEYS),
  // these run what they are given as the account of a service, a build or a machine
  'roles/cloudbuild.builds.editor': actAs(
    'https://docs.cloud.google.com/build/docs/cloud-build-service-account',
  ),
  'roles/deploymentmanager.editor': actAs(
    'https://docs.cloud.google.com/deployment-manager/docs/access-control',
  ),
  'roles/container.admin': actAs('https://docs.cloud.google.com/kubernetes-engine/docs/how-to/iam'),
  'roles/container.developer': actAs('https://docs.cloud.google.com/kubernetes-engine/docs/how-to/iam'),
  'roles/dataproc.admin': actAs('https://docs.cloud.google.com/dataproc/docs/concepts/iam/iam'),
  'roles/dataproc.editor': actAs('https://docs.cloud.google.com/dataproc/docs/concepts/iam/iam'),
  'roles/composer.admin': actAs('https://docs.cloud.google.com/composer/docs/how-to/access-control'),
  'roles/iam.serviceAccountAdmin': give(ACCOUNTS),
  'roles/iam.securityAdmin': give(`${INDEX}/iam`),
  'roles/iam.roleAdmin': give(`${INDEX}/iam`),
  'roles/iam.organizationRoleAdmin': give(`${INDEX}/iam`),
  'roles/iam.workloadIdentityPoolAdmin': give(`${INDEX}/iam`),
  'roles/iam.workforcePoolAdmin': give(`${INDEX}/iam`),
  'roles/iam.principalAccessBoundaryAdmin': lift(`${INDEX}/iam`),
  'roles/iam.denyAdmin': lift(`${INDEX}/iam`),
  'roles/resourcemanager.projectIamAdmin': give(`${INDEX}/resourcemanager`),
  'roles/resourcemanager.folderIamAdmin': give(`${INDEX}/resourcemanager`),
  'roles/resourcemanager.folderAdmin': give(`${INDEX}/resourcemanager`),
  'roles/resourcemanager.organizationAdmin': give(`${INDEX}/resourcemanager`),
  'roles/privilegedaccessmanager.admin': give(`${INDEX}/privilegedaccessmanager`),
  'roles/orgpolicy.policyAdmin': lift(`${INDEX}/orgpolicy`),
}

/** Basic roles that may change almost everything in what they are held on. */
const OWNING: ReadonlySet<string> = new Set(['roles/owner', 'roles/editor'])

/**
 * Roles that give nothing but calling an API that is enabled: the Gemini API has no permissions of its own.
 * @see https://docs.cloud.google.com/iam/docs/roles-permissions/generativelanguage
 * @see https://docs.cloud.google.com/service-usage/docs/access-control
 */
const CALLING: ReadonlySet<string> = new Set(['roles/serviceusage.serviceUsageConsumer'])

/** From the widest to the narrowest; what a role permits that is not known may be anything below `broad`, or above. */
const WIDTHS = ['owner', 'broad', 'unknown', 'narrow', 'gemini-only'] as const satisfies readonly Reach[]

/** How far one role reaches: conditions may end it, and are not taken for its end. */
function reachOfRole({ role, on }: HeldRole): Reach {
  if (OWNING.has(role)) return 'owner'
  if (Object.hasOwn(WIDE_ROLES, role) || isAboveProjects(on)) return 'broad'
  if (!role.startsWith('roles/')) return 'unknown' // a custom role, whose permissions are not read
  return CALLING.has(role) ? 'gemini-only' : 'narrow'
}

/**
 * How far an account reaches by its roles. `areAll`: whether these are all the roles that name it; others may hold
 * more, so that without that nothing below `broad` is known.
 */
export function reachOf(roles: readonly HeldRole[], areAll: boolean): Reach {
  const held = new Set<Reach>(roles.map(reachOfRole))
  if (!areAll) held.add('unknown')
  return WIDTHS.find((width) => held.has(width)) ?? 'gemini-only'
}

/** The widest first; roles as wide as each other by their names. */
export function byWidth(one: HeldRole, other: HeldRole): number {
  const rank = (role: HeldRole) => WIDTHS.indexOf(reachOfRole(role))
  const names = ({ role, on }: HeldRole) => `${role} ${on}`
  return rank(one) - rank(other) || (names(one) < names(other) ? -1 : 1)
}

function isAboveProjects(on: string): boolean {
  return on.startsWith('folders/') || on.startsWith('organizations/')
}
