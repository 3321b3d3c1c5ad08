import { settledAccounts, settledBindings } from './accounts.js'
import { durationOf, momentOf } from './moments.js'
import type { WorldFile } from './schema.js'
import { ancestorsOf, type Settled, settleProject } from './settle-project.js'
import type { Denial, Folder, SlackWorkspace, World } from './world.js'

/** A world out of a checked world file, its relative times counted from `now`. */
export function settle(file: WorldFile, now: Date): World {
  const settled = file.projects.map((entry, position) => settleProject(file, entry, position, now))
  const byName = namesOf(settled)
  const accounts = settledAccounts(file, settled, (name) => byName.get(name)?.project, now)
  const bindings = settledBindings(file, placesOf(file, byName))
  return {
    now,
    organization: file.organization,
    caller: callerOf(file, settled, byName),
    inventory: { ...file.inventory, delay: durationOf(file.inventory.delay) },
    folders: foldersOf(file, now),
    projectCount: settled.length,
    projectAt: (position) => at(settled, position).project,
    projectNamed: (name) => byName.get(name)?.project,
    keysOf: (project) => byName.get(project.number)?.keys ?? [],
    accountsOf: ({ number }) => accounts.get(number) ?? [],
    bindingsIn: (place) => bindings.get(place) ?? [],
    ...rulesOf(file, byName),
    slack: slackOf(file),
    log: logOf(file),
    sources: file.sources,
    buckets: file.buckets.map(({ name, retention, locked }) => ({
      name,
      retention: retention ? durationOf(retention) / 1000 : 0,
      isLocked: locked,
    })),
  }
}

type ByName = ReadonlyMap<string, Settled>

/** Projects are asked for by number and by ID. */
function namesOf(settled: readonly Settled[]): ByName {
  return new Map(
    settled.flatMap((one) => [[one.project.number, one] as const, [one.project.id, one] as const]),
  )
}

function at(settled: readonly Settled[], position: number): Settled {
  const one = settled[position]
  if (!one) throw new RangeError(`no project at position ${position} of ${settled.length}`)
  return one
}

/** The first project where the file names none. */
function callerOf(file: WorldFile, settled: readonly Settled[], byName: ByName): World['caller'] {
  const project = (byName.get(file.caller?.project ?? '') ?? settled[0])?.project
  return {
    project: project?.number ?? '1',
    serviceAccount:
      file.caller?.serviceAccount ?? `auditor@${project?.id ?? 'nowhere'}.iam.gserviceaccount.com`,
  }
}

function foldersOf(file: WorldFile, now: Date): readonly Folder[] {
  const organization = `organizations/${file.organization.number}`
  return file.folders.map((entry) => {
    const ancestors = ancestorsOf(file, organization, entry.parent)
    return {
      number: entry.number,
      displayName: entry.name,
      parent: ancestors[0] ?? organization,
      ancestors,
      createTime: momentOf(entry.created, now),
      services: entry.services,
      missingFromSearch: entry.missingFromSearch,
    }
  })
}

interface PlacedEntry {
  readonly project?: string | undefined
  readonly folder?: string | undefined
}

/** The name of what an entry is about: its project, its folder, or the organization. */
function placesOf(file: WorldFile, byName: ByName): (entry: PlacedEntry) => string {
  return ({ project, folder }) => {
    if (project) return `projects/${byName.get(project)?.project.number}`
    return folder ? `folders/${folder}` : `organizations/${file.organization.number}`
  }
}

/** What is denied and what organization policies say, each with the place from which on it holds. */
function rulesOf(file: WorldFile, byName: ByName): Pick<World, 'denied' | 'policies'> {
  const below = placesOf(file, byName)
  return {
    denied: file.denied.map((entry) => ({ ...denialOf(entry), below: below(entry) })),
    policies: file.policies.map(({ constraint, enforce, allowedServices, ...place }) => ({
      constraint: constraint.replace(/^constraints\//, ''),
      enforce,
      allowedServices,
      on: below(place),
    })),
  }
}

function denialOf({ read, permission, service, reason }: WorldFile['denied'][number]): Omit<Denial, 'below'> {
  return {
    reason,
    ...(read && { read }),
    ...(permission && { permission }),
    ...(service && { service }),
  }
}

function logOf({ log: { retentionDays, own, inDefault } }: WorldFile): World['log'] {
  return { retentionDays, ...(own !== null && { own, isInDefault: inDefault }) }
}

function slackOf({ slack }: WorldFile): SlackWorkspace {
  return {
    team: slack.team,
    botName: slack.bot,
    tokens: slack.tokens,
    channels: slack.channels.map((channel) => ({
      id: channel.id,
      name: channel.name,
      isPrivate: channel.private,
      isMember: channel.member,
      isArchived: channel.archived,
      losesReplies: channel.losesReplies,
    })),
  }
}
