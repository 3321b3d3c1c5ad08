import * as z from 'zod'
import { accountAsked, noAccount } from '../google/iam.js'
import { type Call, ok, param } from '../wire/call.js'
import { bodyOf } from '../wire/json-body.js'
import type { Route } from '../wire/routes.js'
import type { World } from '../world/world.js'
import { collectionRoutes, nameIn } from './collection.js'
import { type Kept, KeptResources } from './kept.js'
import { type Policies, policyRoutes } from './policies.js'

const ACCOUNT = z.strictObject({
  accountId: z.string().regex(/^[a-z][-a-z0-9]{4,28}[a-z0-9]$/, '6 to 30 of a-z, 0-9 and -'),
  serviceAccount: z.strictObject({ displayName: z.string().optional(), description: z.string().optional() }),
})
const ROLE = z.strictObject({
  name: z.string().optional(),
  title: z.string().max(100).optional(),
  description: z.string().max(300).optional(),
  includedPermissions: z.array(z.string()).optional(),
  stage: z.enum(['ALPHA', 'BETA', 'GA', 'DEPRECATED', 'DISABLED', 'EAP']).optional(),
  etag: z.string().optional(),
  deleted: z.boolean().optional(),
})
/** What creates a role names its ID beside it. */
const SENT_ROLE = z.union([z.strictObject({ roleId: z.string(), role: ROLE }), ROLE])

/** IAM API v1: service accounts and custom roles. @see https://cloud.google.com/iam/docs/reference/rest */
export function identityRoutes(world: () => World, policies: Policies): readonly Route[] {
  const accounts = new KeptResources()
  const roles = new KeptResources()
  const path = '/v1/projects/{project}/serviceAccounts'
  return [
    ...accountRoutes(world, accounts, path),
    ...policyRoutes(policies, 'iam.serviceAccounts', `${path}/{email}`),
    ...['projects', 'organizations'].flatMap((kind) =>
      collectionRoutes({
        operation: `iam.${kind}.roles`,
        path: `/v1/${kind}/{parent}/roles`,
        kept: roles,
        message: SENT_ROLE,
        id: ({ roleId }) => roleId,
        within: 'role',
        form: (name, role) => ({ ...role, name, etag: 'BwXsimulated=' }),
      }),
    ),
  ]
}

function accountRoutes(world: () => World, accounts: KeptResources, path: string): readonly Route[] {
  const route = (verb: string, method: Route['method'], handle: (call: Call) => Kept): Route => ({
    operation: `iam.serviceAccounts.${verb}`,
    method,
    path: verb === 'create' ? path : `${path}/{email}`,
    dialect: 'google',
    query: {},
    handle: (call) => ok(handle(call)),
  })
  return [
    route('create', 'POST', (call) => makeAccount(accounts, call)),
    route('get', 'GET', (call) => {
      const found = accounts.find(accountIn(call)) ?? accountAsked(world(), call)
      if (found === undefined) throw noAccount(world(), call)
      return { ...found }
    }),
    route('delete', 'DELETE', (call) => {
      accounts.remove(accountIn(call))
      return {}
    }),
  ]
}

function makeAccount(accounts: KeptResources, call: Call): Kept {
  const { accountId, serviceAccount } = bodyOf(call, ACCOUNT)
  const projectId = param(call, 'project')
  const email = `${accountId}@${projectId}.iam.gserviceaccount.com`
  const name = `${nameIn(call)}/${email}`
  return accounts.make(name, {
    ...serviceAccount,
    name,
    projectId,
    email,
    uniqueId: String(100_000_000_000_000 + accounts.in(nameIn(call)).length),
    etag: 'MDEwMjE5MjA=',
  })
}

/** An account's name; `projects/-` leaves it to the email to say the project. */
function accountIn(call: Call): string {
  const email = param(call, 'email')
  const [, project = ''] = /@(.+)\.iam\.gserviceaccount\.com$/.exec(email) ?? []
  return `projects/${project}/serviceAccounts/${email}`
}
