import { createHash } from 'node:crypto'
import { momentOf } from './moments.js'
import type { WorldFile } from './schema.js'
import type { Settled } from './settle-project.js'
import type { Binding, Key, Project, ServiceAccount } from './world.js'

const USER_MANAGED = /@(.+)\.iam\.gserviceaccount\.com$/
const COMPUTE = /^(\d+)-compute@developer\.gserviceaccount\.com$/
const APP_ENGINE = /^(.+)@appspot\.gserviceaccount\.com$/
const MINUTE = 60_000

/** The ID or number of the project that an address names; undefined for one that names none. */
function projectNamedIn(email: string): string | undefined {
  return [USER_MANAGED, COMPUTE, APP_ENGINE].map((pattern) => pattern.exec(email)?.[1]).find(Boolean)
}

/** An account of which nothing is said but its address. */
export function accountOf(email: string, createTime?: string): ServiceAccount {
  const hex = createHash('sha256').update(email).digest('hex')
  return {
    email,
    uniqueId: `1${BigInt(`0x${hex.slice(0, 16)}`)
      .toString()
      .padStart(20, '0')
      .slice(0, 20)}`,
    isDisabled: false,
    ...(createTime && { createTime }),
  }
}

/** The account of a key, made a minute before it. */
export function accountOfKey({ serviceAccountEmail, createTime }: Key): ServiceAccount | undefined {
  const email = serviceAccountEmail?.trim()
  if (!email) return undefined
  return accountOf(email, new Date(Date.parse(createTime) - MINUTE).toISOString().replace('.000Z', 'Z'))
}

/**
 * The service accounts of a world file by the number of their project: those that it names, and those to which its keys
 * are bound, which need not be named. An address of a project that is not here is another organization's; one that names
 * no project lies where its key does.
 */
export function settledAccounts(
  file: WorldFile,
  settled: readonly Settled[],
  projectNamed: (name: string) => Project | undefined,
  now: Date,
): ReadonlyMap<string, readonly ServiceAccount[]> {
  const byProject = new Map<string, ServiceAccount[]>()
  const named = new Set(file.serviceAccounts.map(({ email }) => email))
  const add = (account: ServiceAccount, home: Project | undefined) => {
    const at = projectNamedIn(account.email)
    const project = at === undefined ? home : projectNamed(at)
    if (project === undefined) return
    byProject.set(project.number, [...(byProject.get(project.number) ?? []), account])
  }
  for (const { email, state, created } of file.serviceAccounts) {
    const createTime = created === undefined ? undefined : momentOf(created, now)
    if (state !== 'missing')
      add({ ...accountOf(email, createTime), isDisabled: state === 'disabled' }, undefined)
  }
  for (const { project, keys } of settled) {
    for (const key of keys) {
      const account = accountOfKey(key)
      if (account === undefined || named.has(account.email)) continue
      named.add(account.email)
      add(account, project)
    }
  }
  return byProject
}

/** The bindings of a world file by the place in which their resource lies: `projects/N`, `folders/N`, `organizations/N`. */
export function settledBindings(
  file: WorldFile,
  placeOf: (entry: { project?: string | undefined; folder?: string | undefined }) => string,
): ReadonlyMap<string, readonly Binding[]> {
  const entries = file.bindings.map(({ role, members, condition, resource, ...at }) => {
    const place = placeOf(at)
    const binding: Binding = { role, members, on: resource ?? place, ...(condition && { condition }) }
    return { place, binding }
  })
  const byPlace = new Map<string, Binding[]>()
  for (const { place, binding } of entries) byPlace.set(place, [...(byPlace.get(place) ?? []), binding])
  return byPlace
}
