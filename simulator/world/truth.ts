import { enablingAt, type Key, keyName, type Project, projectsOf, type World } from './world.js'

const DAY = 86_400_000
/** As far back as Cloud Monitoring is sure to remember. */
const MEMORY_DAYS = 42

/** What a key may call by its API restriction. */
type Reach = 'everything' | 'Gemini' | 'Gemini and others' | 'others'

/** Calls in the last 42 days, by what became of them. */
interface Calls {
  readonly answered: number
  readonly forbidden: number
  readonly failed: number
}

/** What the world says of one key, in the world's own words: what tests compare the program with. */
export interface KeyTruth {
  readonly name: string
  readonly uid: string
  readonly projectId: string
  readonly projectIsActive: boolean
  readonly displayName?: string
  /** `gone`: only the asset inventory still shows it. `damaged`: its fields are not what Google documents. */
  readonly state: 'live' | 'deleted' | 'gone' | 'damaged'
  /** The asset inventory shows it. */
  readonly inventoried: boolean
  /** The account that the key is bound to. */
  readonly boundTo?: string
  readonly reach: Reach
  /** Whether the Gemini API is enabled in its project, or above it for all below. */
  readonly geminiEnabled: boolean
  readonly ageDays: number
  readonly gemini: Calls
  /** Services that were called in the last 42 days, whatever the answer. */
  readonly services: readonly string[]
  /** UTC day of the last call of any service within what is remembered. */
  readonly lastCall?: string
  /** Whether the caller may list the project's keys, and read its traffic. */
  readonly keysReadable: boolean
  readonly trafficReadable: boolean
}

/** The truth about every key of a world, one at a time. */
export function* truthOf(world: World): Generator<KeyTruth> {
  for (const project of projectsOf(world)) {
    for (const key of world.keysOf(project)) yield truthOfKey(world, project, key)
  }
}

function truthOfKey(world: World, project: Project, key: Key): KeyTruth {
  const age = world.now.getTime() - Date.parse(key.createTime)
  const bound = key.serviceAccountEmail?.trim()
  return {
    name: keyName(project, key),
    uid: key.uid,
    projectId: project.id,
    projectIsActive: project.state === 'ACTIVE',
    ...(key.displayName !== undefined && { displayName: key.displayName }),
    state: stateOf(key),
    inventoried: project.lag !== 'fresh' && key.lag !== 'fresh' && age >= world.inventory.delay,
    ...(bound && { boundTo: bound }),
    reach: reachOf(key),
    geminiEnabled: [project, ...project.ancestors.map((name) => enablingAt(world, name))].some((place) =>
      place?.services.some(isGemini),
    ),
    ageDays: Math.floor(age / DAY),
    ...trafficOf(world, key),
    keysReadable: !isDenied(world, project, 'keys'),
    trafficReadable: !isDenied(world, project, 'traffic') && !project.partialTraffic,
  }
}

function stateOf(key: Key): KeyTruth['state'] {
  if (key.lag === 'vanished') return 'gone'
  if (Object.keys(key.wire).length > 0) return 'damaged'
  return key.deleteTime === undefined ? 'live' : 'deleted'
}

function reachOf(key: Key): Reach {
  const targets: unknown = key.restrictions?.['apiTargets']
  const named = Array.isArray(targets)
    ? targets.map((target) => String(target.service).trim().toLowerCase())
    : []
  if (named.length === 0 || named.includes('cloudapis.googleapis.com')) return 'everything'
  if (!named.some(isGemini)) return 'others'
  return named.every(isGemini) ? 'Gemini' : 'Gemini and others'
}

function isGemini(service: string): boolean {
  return service.trim().toLowerCase() === 'generativelanguage.googleapis.com'
}

function trafficOf(world: World, key: Key): Pick<KeyTruth, 'gemini' | 'services' | 'lastCall'> {
  const calls = [...callsOf(world, key)]
  const gemini = calls.filter(({ service }) => isGemini(service))
  const sum = (codes: (code: number) => boolean) =>
    gemini.filter(({ code }) => codes(code)).reduce((total, { count }) => total + count, 0)
  const answered = sum((code) => code < 400)
  const forbidden = sum((code) => code === 401 || code === 403)
  const last = calls.reduce((latest, { at }) => Math.max(latest, at), 0)
  return {
    gemini: { answered, forbidden, failed: sum(() => true) - answered - forbidden },
    services: [...new Set(calls.map(({ service }) => service))].sort(),
    ...(last > 0 && { lastCall: new Date(last).toISOString().slice(0, 10) }),
  }
}

/** Every day's calls within what is remembered. */
function* callsOf(world: World, key: Key) {
  const now = world.now.getTime()
  for (const { service, code, firstDay, lastDay, every, calls, secondOfDay } of key.traffic) {
    for (let day = firstDay; day <= lastDay; day += every) {
      const at = day * DAY + secondOfDay * 1000
      if (at > now - MEMORY_DAYS * DAY && at <= now) yield { service, code, at, count: calls }
    }
  }
}

function isDenied(world: World, project: Project, read: 'keys' | 'traffic'): boolean {
  const places = [`projects/${project.number}`, ...project.ancestors]
  return world.denied.some((denial) => denial.read === read && places.includes(denial.below))
}
