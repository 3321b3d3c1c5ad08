import { z } from 'zod'
import type { AccountState, HeldRole } from '../account.js'

export const ACCOUNT_ASSET = 'iam.googleapis.com/ServiceAccount'

/** The fields of a search result that `foundAccount` reads. */
export const ACCOUNT_FIELDS = 'name,state,createTime,additionalAttributes,versionedResources'

/** A service account as Google shows it, wherever that is. */
export interface ShownAccount {
  readonly email: string
  readonly state: AccountState
  /** Milliseconds since 1970; NaN where it is not shown. */
  readonly made: number
}

/** Google leaves out what is false. */
const account = z.looseObject({ email: z.string(), disabled: z.boolean().nullish() })
const listed = z.looseObject({ resource: z.looseObject({ data: account }) })
const found = z.looseObject({
  name: z.string(),
  state: z.string().nullish(),
  createTime: z.string().nullish(),
  additionalAttributes: z.looseObject({ email: z.string().optional().catch(undefined) }).nullish(),
  versionedResources: z
    .array(z.looseObject({ resource: z.looseObject({}).nullish() }))
    .nullish()
    .catch(undefined),
})

/** An account as the IAM API shows it; undefined where it cannot be read. */
export function readAccount(element: unknown): ShownAccount | undefined {
  const { email, disabled } = account.safeParse(element).data ?? {}
  if (email === undefined) return undefined
  return { email, state: disabled ? 'disabled' : 'active', made: Number.NaN }
}

/** An account of the asset inventory's listing; undefined where it cannot be read. */
export function listedAccount(element: unknown): ShownAccount | undefined {
  return readAccount(listed.safeParse(element).data?.resource.data)
}

/**
 * An account of the asset inventory's search; undefined where it cannot be read. The whole resource says whether it is
 * disabled, and so does the state of the result, where only that is given.
 */
export function foundAccount(element: unknown): ShownAccount | undefined {
  const result = found.safeParse(element).data
  if (result === undefined) return undefined
  const whole = result.versionedResources?.map(({ resource }) => readAccount(resource)).find(Boolean)
  const email = whole?.email ?? result.additionalAttributes?.email ?? addressIn(result.name)
  if (email === undefined) return undefined
  return { email, state: whole?.state ?? stateIn(result.state), made: Date.parse(result.createTime ?? '') }
}

function addressIn(name: string): string | undefined {
  return /\/serviceAccounts\/([^/]+@[^/]+)$/.exec(name)?.[1]
}

function stateIn(state: string | null | undefined): AccountState {
  if (state === 'ENABLED' || state === 'ACTIVE') return 'active'
  return state === 'DISABLED' ? 'disabled' : 'unknown'
}

const bindings = z
  .array(
    z.looseObject({
      role: z.string(),
      members: z.array(z.string()).nullish(),
      condition: z.looseObject({}).nullish(),
    }),
  )
  .nullish()
const policy = z.looseObject({ bindings })
const policyFound = z.looseObject({
  resource: z.string(),
  project: z.string().nullish(),
  folders: z.array(z.string()).nullish(),
  organization: z.string().nullish(),
  policy: policy.nullish(),
})

/** A role and the service account that holds it. */
export interface Grant {
  readonly email: string
  readonly held: HeldRole
}

/** The roles of a policy, and what its resource lies in. */
export interface ShownPolicy {
  readonly grants: readonly Grant[]
  readonly within: readonly string[]
}

const MANAGER = '//cloudresourcemanager.googleapis.com/'

/** A result of the search for policies; undefined where it cannot be read, since any account may be in it. */
export function foundPolicy(element: unknown): ShownPolicy | undefined {
  const result = policyFound.safeParse(element).data
  if (result === undefined) return undefined
  const { resource, project, folders, organization } = result
  const place = resource.startsWith(MANAGER) ? resource.slice(MANAGER.length) : resource
  const on = place.startsWith('projects/') ? (project ?? place) : place
  const within = [project, ...(folders ?? []), organization].filter((name) => name != null)
  return { grants: grantsIn(result.policy?.bindings ?? [], on), within }
}

/** Who holds which role by the policy of a project (`projects/123`); undefined where it cannot be read. */
export function grantsOf(element: unknown, project: string): readonly Grant[] | undefined {
  const read = policy.safeParse(element).data
  return read && grantsIn(read.bindings ?? [], project)
}

/** Service accounts alone: groups and domains are not resolved, and of a deleted account only the number is left. */
function grantsIn(all: NonNullable<z.infer<typeof bindings>>, on: string): readonly Grant[] {
  return all.flatMap(({ role, members, condition }) => {
    const held: HeldRole = { role, on, ...(condition && { conditional: true as const }) }
    return (members ?? []).flatMap((member) => {
      const email = /^serviceAccount:([^?]+)$/.exec(member)?.[1]
      return email === undefined ? [] : [{ email, held }]
    })
  })
}
