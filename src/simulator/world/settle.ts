import { createHash } from 'node:crypto'
import { dayNumberOf, durationOf, momentOf } from './moments.js'
import { restrictionsOf } from './restrictions.js'
import type { KeyEntry, ProjectEntry, TrafficEntry, WorldFile } from './schema.js'
import type { Folder, Key, Project, TrafficLine, World } from './world.js'

/** First number given to a project that names none. */
const FIRST_NUMBER = 710_000_000_001

interface Settled {
  readonly project: Project
  readonly keys: readonly Key[]
}

/** A world out of a checked world file, its relative times counted from `now`. */
export function settle(file: WorldFile, now: Date): World {
  const organization = `organizations/${file.organization.number}`
  const folders = file.folders.map((entry): Folder => {
    const ancestors = ancestorsOf(file, organization, entry.parent)
    const parent = ancestors[0] ?? organization
    return {
      number: entry.number,
      displayName: entry.name,
      parent,
      ancestors,
      createTime: momentOf(entry.created, now),
    }
  })
  const settled = file.projects.map((entry, position) => settleProject(file, entry, position, now))
  const byName = new Map(
    settled.flatMap((one) => [[one.project.number, one] as const, [one.project.id, one] as const]),
  )
  const below = (place: { project?: string | undefined; folder?: string | undefined }): string => {
    if (place.project) return `projects/${byName.get(place.project)?.project.number}`
    return place.folder ? `folders/${place.folder}` : organization
  }
  const callerProject = byName.get(file.caller?.project ?? '')?.project ?? settled[0]?.project
  return {
    now,
    organization: file.organization,
    caller: {
      project: callerProject?.number ?? '1',
      serviceAccount:
        file.caller?.serviceAccount ?? `auditor@${callerProject?.id ?? 'nowhere'}.iam.gserviceaccount.com`,
    },
    inventory: { ...file.inventory, delay: durationOf(file.inventory.delay) },
    folders,
    projectCount: settled.length,
    projectAt: (position) => {
      const one = settled[position]
      if (!one) throw new RangeError(`no project at position ${position} of ${settled.length}`)
      return one.project
    },
    projectNamed: (name) => byName.get(name)?.project,
    keysOf: (project) => byName.get(project.number)?.keys ?? [],
    denied: file.denied.map((entry) => ({ read: entry.read, reason: entry.reason, below: below(entry) })),
    policies: file.policies.map(({ constraint, enforce, allowedServices, ...place }) => ({
      constraint: constraint.replace(/^constraints\//, ''),
      enforce,
      allowedServices,
      on: below(place),
    })),
    slack: {
      team: file.slack.team,
      botName: file.slack.bot,
      tokens: file.slack.tokens,
      channels: file.slack.channels.map((channel) => ({
        id: channel.id,
        name: channel.name,
        isPrivate: channel.private,
        isMember: channel.member,
        isArchived: channel.archived,
      })),
    },
    log: file.log,
    buckets: file.buckets.map(({ name, retention, locked }) => ({
      name,
      retention: retention ? durationOf(retention) / 1000 : 0,
      isLocked: locked,
    })),
  }
}

function settleProject(file: WorldFile, entry: ProjectEntry, position: number, now: Date): Settled {
  const project: Project = {
    number: entry.number ?? String(FIRST_NUMBER + position),
    id: entry.id,
    displayName: entry.name ?? entry.id,
    state: entry.state,
    labels: entry.labels,
    ancestors: ancestorsOf(file, `organizations/${file.organization.number}`, entry.folder),
    createTime: momentOf(entry.created, now),
    services: entry.services,
    lag: entry.lag,
    missingFromSearch: entry.missingFromSearch,
    partialTraffic: entry.partialTraffic,
    wire: entry.wire,
  }
  return { project, keys: entry.keys.map((key, index) => settleKey(project, key, index, now)) }
}

function settleKey(project: Project, entry: KeyEntry, index: number, now: Date): Key {
  const uid = entry.uid ?? uuidOf(`${project.id}/${entry.id ?? index}`)
  const createTime = momentOf(entry.created, now)
  const restrictions = restrictionsOf(entry)
  const stale = entry.stale && restrictionsOf(entry.stale)
  return {
    id: entry.id ?? uid,
    uid,
    createTime,
    updateTime: entry.updated ? momentOf(entry.updated, now) : createTime,
    traffic: entry.traffic.map((line) => settleTraffic(line, now)),
    lag: entry.lag,
    wire: entry.wire,
    ...(entry.name !== undefined && { displayName: entry.name }),
    ...(entry.deleted && { deleteTime: momentOf(entry.deleted, now) }),
    ...(entry.serviceAccountEmail !== undefined && { serviceAccountEmail: entry.serviceAccountEmail }),
    ...(entry.annotations && { annotations: entry.annotations }),
    ...(restrictions !== undefined && { restrictions }),
    ...(entry.stale && { staleRestrictions: stale ?? {} }),
  }
}

function settleTraffic(entry: TrafficEntry, now: Date): TrafficLine {
  const [hours = 0, minutes = 0, seconds = 0] = entry.at.split(':').map(Number)
  return {
    service: entry.service,
    method: entry.method ?? `${entry.service.replace(/\.googleapis\.com$/, '')}.Call`,
    code: entry.code,
    firstDay: dayNumberOf(entry.on ?? entry.from, now),
    lastDay: dayNumberOf(entry.on ?? entry.to, now),
    every: entry.every,
    calls: entry.daily,
    secondOfDay: hours * 3600 + minutes * 60 + seconds,
  }
}

/** Names of the folder, the folders above it and the organization; nearest first. */
function ancestorsOf(file: WorldFile, organization: string, folder: string | undefined): readonly string[] {
  const chain: string[] = []
  for (let at = folder; at !== undefined && !chain.includes(`folders/${at}`); ) {
    chain.push(`folders/${at}`)
    at = file.folders.find((candidate) => candidate.number === at)?.parent
  }
  return [...chain, organization]
}

/** An identifier in the form of a UUID that depends on the text alone. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}
