import type { KeyAccount } from '../../src/account.js'
import type { HygieneRule } from '../../src/policy/hygiene.js'
import { type Difference, instant, targets, traffic } from './keys.js'

const GEMINI = 'generativelanguage.googleapis.com'
const MAPS = 'maps-backend.googleapis.com'

/** An account with no role, that one key is bound to. */
export function account(difference: Partial<KeyAccount> = {}): KeyAccount {
  return {
    email: 'chat@acme-web.iam.gserviceaccount.com',
    project: 'acme-web',
    state: 'active',
    roles: [],
    reach: 'gemini-only',
    keys: 1,
    ...difference,
  }
}

/** An auth key as it should be. */
export const AUTH = {
  key: {
    displayName: 'Chat (auth)',
    serviceAccountEmail: 'chat@acme-web.iam.gserviceaccount.com',
  },
  restrictions: { apiTargets: targets(GEMINI) },
  account: account(),
} satisfies Difference

/** A key about which something is to be looked at, for a reason of its own. */
export interface HygieneSituation {
  readonly what: string
  readonly id: HygieneRule
  readonly key: Difference
}

const bound = (
  difference: Partial<KeyAccount>,
  restrictions: Difference['restrictions'] = AUTH.restrictions,
) => ({
  ...AUTH,
  restrictions,
  account: account(difference),
})

const ROLES = [
  { role: 'roles/owner', on: 'projects/123' },
  { role: 'roles/iam.serviceAccountTokenCreator', on: 'folders/7' },
  { role: 'organizations/9/roles/deployer', on: 'organizations/9' },
  { role: 'roles/editor', on: 'projects/124', conditional: true },
  { role: 'roles/storage.admin', on: '//storage.googleapis.com/projects/_/buckets/acme' },
  { role: 'roles/viewer', on: 'projects/125' },
] as const

/** Every row, and each kind of key for which its steps differ. */
export const HYGIENE_SITUATIONS: readonly HygieneSituation[] = [
  { what: 'disabled account', id: 'auth-key-account-disabled', key: bound({ state: 'disabled' }) },
  {
    what: 'missing account',
    id: 'auth-key-account-missing',
    key: { ...AUTH, account: withoutProject(account({ state: 'missing', reach: 'unknown' })) },
  },
  {
    what: 'privileged account with many roles',
    id: 'auth-key-account-privileged',
    key: bound({ reach: 'owner', roles: ROLES, moreRoles: 2 }),
  },
  {
    what: 'default account, key for other APIs too',
    id: 'auth-key-account-default',
    key: bound(
      { email: '123-compute@developer.gserviceaccount.com', reach: 'unknown' },
      { apiTargets: [...targets(GEMINI), { service: 'translate.googleapis.com', methods: ['Get*'] }] },
    ),
  },
  {
    what: 'account with another key, restricted to every API',
    id: 'auth-key-account-shared',
    key: bound({ keys: 2 }, { apiTargets: targets('cloudapis.googleapis.com') }),
  },
  { what: 'account with another key', id: 'auth-key-account-shared', key: bound({ keys: 2 }) },
  {
    what: 'account with many keys, for Maps alone',
    id: 'auth-key-account-shared',
    key: bound({ keys: 12 }, { apiTargets: targets(MAPS) }),
  },
  {
    what: 'no API restriction, account of no role',
    id: 'auth-key-unrestricted',
    key: bound({}, { allowedIps: ['192.0.2.1'] }),
  },
  {
    what: 'no API restriction, account of one role',
    id: 'auth-key-unrestricted',
    key: bound({ reach: 'narrow', roles: [{ role: 'roles/bigquery.jobUser', on: 'projects/123' }] }, {}),
  },
  {
    what: 'no API restriction, account of unknown roles',
    id: 'auth-key-unrestricted',
    key: bound({ reach: 'unknown' }, {}),
  },
  {
    what: 'list of addresses that lets everybody in besides others',
    id: 'auth-key-open-clients',
    key: bound({}, { apiTargets: targets(GEMINI), allowedIps: ['0.0.0.0/0', '192.0.2.0/24'] }),
  },
  {
    what: 'list of addresses that lets everybody in',
    id: 'auth-key-open-clients',
    key: bound({}, { apiTargets: targets(GEMINI), allowedIps: ['::/0'] }),
  },
  {
    what: 'standard key that calls Maps',
    id: 'standard-key-unrestricted',
    key: { gemini: 'off', usage: traffic({}, [MAPS]) },
  },
  {
    what: 'standard key that may reach other APIs',
    id: 'standard-key-unrestricted',
    key: {
      gemini: 'off',
      alsoReaches: { services: [MAPS, 'places.googleapis.com'], readAt: instant('2026-11-23T07:00:05Z') },
    },
  },
  {
    what: 'standard key that Firebase made by its name',
    id: 'standard-key-unrestricted',
    key: { gemini: 'off', key: { displayName: 'Gemini Developer API key (auto created by Firebase)' } },
  },
]

function withoutProject({ project: _, ...rest }: KeyAccount): KeyAccount {
  return rest
}
