import { timestampOf } from '../wire/timestamp.js'
import type { Size } from './generated-name.js'
import { happens, pick, type Random, randomOf, uuid } from './random.js'
import type { Key, Restrictions, TrafficLine } from './world.js'

const GEMINI = 'generativelanguage.googleapis.com'
const OTHERS = ['maps-backend.googleapis.com', 'translate.googleapis.com', 'storage.googleapis.com'] as const
const NAMES = ['Web', 'Backend', 'Batch', 'Widget', 'Prototype', 'Pipeline', 'API key'] as const
const DAY = 86_400_000

/** What matters about the project of a key. */
export interface KeyPosition {
  /** Its ID. */
  readonly project: string
  readonly gemini: boolean
  readonly stray: boolean
}

/** Targets of a key; none for an unrestricted one. */
type Targets = readonly string[]

/** The key with this number; `index` is its place within its project. */
export function generatedKey(size: Size, number: number, index: number, place: KeyPosition, now: Date): Key {
  const random = randomOf(size.seed, 2, number)
  const uid = uuid(random)
  const targets = targetsOf(size, index, place, random)
  const created = now.getTime() - Math.floor(random() * 1000 * DAY) - DAY
  const deleted = happens(random, size.deleted)
  const auth = targets.includes(GEMINI) && happens(random, size.auth)
  const restrictions = restrictionsOf(targets, random)
  const createTime = timestampOf(new Date(created))
  return {
    id: uid,
    uid,
    createTime,
    updateTime: createTime,
    lag: 'none',
    isTruncated: false,
    wire: {},
    traffic: trafficOf(targets, place, random, now),
    ...(!happens(random, 1) && { displayName: `${pick(random, NAMES)} ${number}` }),
    ...(restrictions && { restrictions }),
    ...(auth && { serviceAccountEmail: `key-${number}@${place.project}.iam.gserviceaccount.com` }),
    ...(deleted && { deleteTime: timestampOf(new Date(now.getTime() - Math.floor(random() * 29 * DAY))) }),
  }
}

/** Keys for the Gemini API lie where it is enabled; a stray project has one all the same, its first. */
function targetsOf(size: Size, index: number, place: KeyPosition, random: Random): Targets {
  if (place.stray && index === 0) return [GEMINI]
  if (happens(random, size.unrestricted)) return []
  const other = pick(random, OTHERS)
  if (!place.gemini || happens(random, 50)) return [other]
  return happens(random, 70) ? [GEMINI] : [GEMINI, other]
}

function restrictionsOf(targets: Targets, random: Random): Restrictions | undefined {
  const client = happens(random, 20)
    ? { browserKeyRestrictions: { allowedReferrers: ['https://app.generated.example/*'] } }
    : {}
  const api = targets.length > 0 ? { apiTargets: targets.map((service) => ({ service })) } : {}
  const both = { ...api, ...client }
  return Object.keys(both).length > 0 ? both : undefined
}

/** Half of the keys that can call the Gemini API do, some are refused, the rest call others or nobody. */
function trafficOf(targets: Targets, place: KeyPosition, random: Random, now: Date): readonly TrafficLine[] {
  const reaches = place.gemini && (targets.length === 0 || targets.includes(GEMINI))
  const other = targets.find((target) => target !== GEMINI) ?? OTHERS[0]
  const chance = random()
  if (chance < 0.3) return []
  if (!reaches || chance < 0.5) return [line(other, 200, random, now)]
  return chance < 0.9 ? [line(GEMINI, 200, random, now)] : [line(GEMINI, 403, random, now)]
}

function line(service: string, code: number, random: Random, now: Date): TrafficLine {
  const today = Math.floor(now.getTime() / DAY)
  return {
    service,
    method: `${service.split('.', 1)[0]}.Call`,
    code,
    firstDay: today - 70,
    lastDay: today - Math.floor(random() * 10),
    every: 1 + Math.floor(random() * 3),
    calls: 1 + Math.floor(random() * 500),
    secondOfDay: 1800,
  }
}
