import { createHash } from 'node:crypto'
import { dayNumberOf, momentOf } from './moments.js'
import type { KeyEntry, ProjectEntry, RestrictionEntry, TrafficEntry, WorldFile } from './schema.js'
import type { Key, Project, Restrictions, TrafficLine } from './world.js'

/** First number given to a project that names none. */
const FIRST_NUMBER = 710_000_000_001

export interface Settled {
  readonly project: Project
  readonly keys: readonly Key[]
}

/** The project at this position of a world file, with its keys. */
export function settleProject(file: WorldFile, entry: ProjectEntry, position: number, now: Date): Settled {
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
    isTruncated: entry.truncated,
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

/** Names of the folder, the folders above it and the organization; nearest first. */
export function ancestorsOf(
  file: WorldFile,
  organization: string,
  folder: string | undefined,
): readonly string[] {
  const chain: string[] = []
  for (let at = folder; at !== undefined && !chain.includes(`folders/${at}`); ) {
    chain.push(`folders/${at}`)
    at = file.folders.find((candidate) => candidate.number === at)?.parent
  }
  return [...chain, organization]
}

/**
 * The wire form of what a world file says about a key's restrictions; undefined where it says nothing, as
 * Google leaves the field out then.
 */
function restrictionsOf(entry: RestrictionEntry): Restrictions | undefined {
  if (entry.restrictions !== undefined) return entry.restrictions
  const wire = { ...apiTargets(entry), ...clientRestrictions(entry) }
  return Object.keys(wire).length === 0 ? undefined : wire
}

function apiTargets({ targets }: RestrictionEntry): Record<string, unknown> {
  if (!targets) return {}
  return { apiTargets: targets.map((target) => (typeof target === 'string' ? { service: target } : target)) }
}

function clientRestrictions({ referrers, ips, android, ios }: RestrictionEntry): Record<string, unknown> {
  return {
    ...(referrers && { browserKeyRestrictions: { allowedReferrers: referrers } }),
    ...(ips && { serverKeyRestrictions: { allowedIps: ips } }),
    ...(android && {
      androidKeyRestrictions: {
        allowedApplications: android.map((app) => ({ packageName: app.package, sha1Fingerprint: app.sha1 })),
      },
    }),
    ...(ios && { iosKeyRestrictions: { allowedBundleIds: ios } }),
  }
}
