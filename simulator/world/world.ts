import type { Shelf } from '../wire/pages.js'

/**
 * The nouns of a simulated organization. Names follow Google's where Google has one.
 */

/** What a denial can concern; one word for each API that the simulator serves. */
export const READS = [
  'assets',
  'search',
  'exports',
  'projects',
  'folders',
  'services',
  'inherited',
  'keys',
  'traffic',
  'policies',
  'accounts',
  'bindings',
  'logs',
  'storage',
  'findings',
] as const
export type Read = (typeof READS)[number]

/**
 * Why Google refuses: no permission, the API is off in the caller's project, VPC Service Controls, billing,
 * a suspended consumer, a token of too narrow a scope, no right to spend the caller project's quota.
 */
export const REFUSALS = [
  'denied',
  'disabled',
  'vpc',
  'billing',
  'suspended',
  'token-scope',
  'user-project',
] as const
export type Refusal = (typeof REFUSALS)[number]

export const PROJECT_STATES = ['ACTIVE', 'DELETE_REQUESTED', 'DELETE_IN_PROGRESS'] as const
type ProjectState = (typeof PROJECT_STATES)[number]

/** How the asset inventory sees something: not yet, still although it is gone, or as it is. */
export const LAGS = ['fresh', 'vanished', 'none'] as const
type Lag = (typeof LAGS)[number]

/** A right that is taken away: all reads of one kind, one permission, or one API. */
export interface Denial {
  readonly read?: Read
  /** Such as `apikeys.keys.list`. */
  readonly permission?: string
  /** Such as `apikeys.googleapis.com`. */
  readonly service?: string
  /** `projects/NUMBER`, `folders/N`, `organizations/N`: this and all below it. */
  readonly below: string
  readonly reason: Refusal
}

/** What a folder or the organization enables for every project below it. */
export interface Enabling {
  /** As Google writes them. */
  readonly services: readonly string[]
  /** Of these, what the search over the organization leaves out. */
  readonly missingFromSearch: readonly string[]
}

export interface Folder extends Enabling {
  /** Decimal digits. */
  readonly number: string
  readonly displayName: string
  /** `folders/N` or `organizations/N`. */
  readonly parent: string
  /** Nearest first, itself left out, the organization last. */
  readonly ancestors: readonly string[]
  readonly createTime: string
}

export interface Project {
  readonly number: string
  readonly id: string
  readonly displayName: string
  readonly state: ProjectState
  readonly labels: Readonly<Record<string, string>>
  /** Nearest first, itself left out, the organization last. */
  readonly ancestors: readonly string[]
  readonly createTime: string
  /** Enabled services, as Google writes them. */
  readonly services: readonly string[]
  /** `fresh`: the asset inventory does not show the project yet. */
  readonly lag: Lag
  /** Enabled services that the search over the organization leaves out. */
  readonly missingFromSearch: readonly string[]
  /** Cloud Monitoring answers for this project with execution errors and only a part. */
  readonly partialTraffic: boolean
  /** Laid over the inventory's `resource.data` last, a null removing a field: for damaged projects. */
  readonly wire: Readonly<Record<string, unknown>>
}

/** Wire form of a key's restrictions, odd shapes included. */
export type Restrictions = Readonly<Record<string, unknown>> | null

/** Calls of one kind: so many on each of the days, all at one time of day. */
export interface TrafficLine {
  readonly service: string
  readonly method: string
  /** HTTP response code. */
  readonly code: number
  /** Days since 1970-01-01 in UTC. */
  readonly firstDay: number
  readonly lastDay: number
  /** A call day every so many days, counted from the first. */
  readonly every: number
  readonly calls: number
  /** Seconds after midnight, UTC. */
  readonly secondOfDay: number
}

export interface Key {
  readonly id: string
  readonly uid: string
  readonly displayName?: string
  readonly createTime: string
  readonly updateTime: string
  readonly deleteTime?: string
  /** Absent: Google shows no `restrictions` at all. */
  readonly restrictions?: Restrictions
  readonly serviceAccountEmail?: string
  readonly annotations?: Readonly<Record<string, string>>
  readonly traffic: readonly TrafficLine[]
  readonly lag: Lag
  /** The asset inventory leaves its restrictions out for their size, and says so. */
  readonly isTruncated: boolean
  /** What the asset inventory still shows as its restrictions. */
  readonly staleRestrictions?: Restrictions
  /** Laid over the wire form last, a null removing a field: for damaged keys. */
  readonly wire: Readonly<Record<string, unknown>>
}

/** A service account as Google shows it. */
export interface ServiceAccount {
  readonly email: string
  /** Decimal digits. */
  readonly uniqueId: string
  readonly isDisabled: boolean
  /** Known to the search of the asset inventory alone. */
  readonly createTime?: string
}

/** A role that some members hold on something. */
export interface Binding {
  readonly role: string
  /** As Google writes them: `serviceAccount:a@acme.iam.gserviceaccount.com`, `group:…`, `allUsers`. */
  readonly members: readonly string[]
  /** `projects/NUMBER`, `folders/N`, `organizations/N`, or the full name of a resource in a project. */
  readonly on: string
  /** The expression of its condition. */
  readonly condition?: string
}

export interface OrgPolicy {
  /** Without `constraints/`. */
  readonly constraint: string
  /** `projects/NUMBER`, `folders/N`, `organizations/N`. */
  readonly on: string
  readonly enforce: boolean
  readonly allowedServices: readonly string[]
}

interface Inventory {
  /** Whether the asset inventory's keys carry `serviceAccountEmail`. */
  readonly showsServiceAccounts: boolean
  /** Milliseconds that the asset inventory is behind. */
  readonly delay: number
}

export interface SlackChannel {
  readonly id: string
  readonly name: string
  readonly isPrivate: boolean
  readonly isMember: boolean
  readonly isArchived: boolean
  /** Whether a reply is answered as a message without thread, and stands nowhere. */
  readonly losesReplies?: boolean
}

export const TOKEN_STATES = ['active', 'account_inactive', 'token_revoked', 'token_expired'] as const
type TokenState = (typeof TOKEN_STATES)[number]

interface SlackToken {
  readonly token: string
  readonly scopes: readonly string[]
  readonly state: TokenState
}

export interface SlackWorkspace {
  readonly team: string
  readonly botName: string
  readonly channels: readonly SlackChannel[]
  /** Empty: any token that begins with `xoxb-` is good and has every scope. */
  readonly tokens: readonly SlackToken[]
}

interface LogBucket {
  readonly retentionDays: number
  /** The log that a sink sends to a bucket of its own; undefined: all of it lies in `_Default`. */
  readonly own?: string
  /** Whether `_Default` takes that log as well. */
  readonly isInDefault?: boolean
}

export interface StorageBucket {
  readonly name: string
  /** Seconds for which an object can neither be replaced nor deleted; 0 for none. */
  readonly retention: number
  readonly isLocked: boolean
}

/**
 * An organization and everything around it that the program can see. Projects and keys are asked for by
 * position, so that a large world can make them when they are needed.
 */
export interface World {
  /** The moment to which relative times refer, and after which nothing has happened yet. */
  readonly now: Date
  readonly organization: Enabling & { readonly number: string; readonly domain: string }
  /** Whose credentials are used: the project is the one that quota and API enablement count for. */
  readonly caller: { readonly project: string; readonly serviceAccount: string }
  readonly inventory: Inventory
  readonly folders: readonly Folder[]
  readonly projectCount: number
  /** `position` from 0 to `projectCount` - 1. */
  projectAt(position: number): Project
  /** By number or ID; undefined where there is none. */
  projectNamed(numberOrId: string): Project | undefined
  /** All keys of a project, whatever the inventory knows of them. */
  keysOf(project: Project): readonly Key[]
  /** The service accounts of a project. */
  accountsOf(project: Project): readonly ServiceAccount[]
  /** Who holds which role on `projects/NUMBER`, `folders/N` or `organizations/N`, and on the resources of a project. */
  bindingsIn(place: string): readonly Binding[]
  readonly denied: readonly Denial[]
  readonly policies: readonly OrgPolicy[]
  readonly slack: SlackWorkspace
  readonly log: LogBucket
  readonly buckets: readonly StorageBucket[]
  /** Sources of Security Command Center that the organization has, by their numbers. */
  readonly sources?: readonly string[]
}

/** Every project of a world, one at a time. */
export function* projectsOf(world: World): Generator<Project> {
  for (let position = 0; position < world.projectCount; position += 1) yield world.projectAt(position)
}

/** A key's full name: `projects/NUMBER/locations/global/keys/ID`. */
export function keyName(project: Project, key: Key): string {
  return `projects/${project.number}/locations/global/keys/${key.id}`
}

/** What a folder or the organization enables, by its name; undefined for what is not there. */
export function enablingAt(world: World, name: string): Enabling | undefined {
  if (name === `organizations/${world.organization.number}`) return world.organization
  return world.folders.find(({ number }) => name === `folders/${number}`)
}

/** The name by which a project's nearest ancestor is known, `folders/N` or `organizations/N`. */
export function parentOf(world: World, project: Project): string {
  return project.ancestors[0] ?? `organizations/${world.organization.number}`
}

const positions = new WeakMap<World, ReadonlyMap<string, readonly number[]>>()

/** The projects directly below `folders/N` or `organizations/N`, made when they are asked for. */
export function childrenOf(world: World, parent: string): Shelf<Project> {
  const children = indexOf(world).get(parent) ?? []
  return {
    length: children.length,
    at: (index) => children.slice(index, index + 1).map((position) => world.projectAt(position)),
  }
}

/** Positions of projects by parent: the one thing that is held for every project of a large world. */
function indexOf(world: World): ReadonlyMap<string, readonly number[]> {
  const known = positions.get(world)
  if (known) return known
  const index = new Map<string, number[]>()
  for (let position = 0; position < world.projectCount; position += 1) {
    const parent = parentOf(world, world.projectAt(position))
    const siblings = index.get(parent)
    if (siblings) siblings.push(position)
    else index.set(parent, [position])
  }
  positions.set(world, index)
  return index
}
