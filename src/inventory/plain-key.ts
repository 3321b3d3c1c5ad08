/**
 * Reads what nearly all elements of a listing are, by hand: a fifth of the time that the schemas take for the
 * same. Whatever is in any way unusual is left to them, since they decide what it is.
 */
import type { Instant, Key, Restrictions } from '../model.js'
import type { KeyAsset } from './key-asset.js'

const ASSET_PREFIX = '//apikeys.googleapis.com/'
const PLAIN_NAME = /^projects\/(\d+)\/locations\/global\/keys\/[\w-]+$/

/** A day that is in its month in every year, a time, and one of the fractions that Google writes; in UTC. */
const PLAIN_INSTANT = new RegExp(
  [
    /^\d{4}-/,
    /(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)/,
    /T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.(?:\d{3}|\d{6}|\d{9}))?Z$/,
  ]
    .map(({ source }) => source)
    .join(''),
)

type Fields = Readonly<Record<string, unknown>>

/** The key of an asset, where there is nothing to decide about it. */
export function plainKeyOfAsset(element: unknown): KeyAsset | undefined {
  if (!isObject(element) || !isObject(element['resource'])) return undefined
  const { name, ancestors } = element
  const { data } = element['resource']
  if (!isObject(data) || typeof name !== 'string' || !isTexts(ancestors)) return undefined
  const key = plainKey(data)
  if (key === undefined || name !== `${ASSET_PREFIX}${key.name}`) return undefined
  return ancestors[0] === `projects/${key.projectNumber}` ? { key, ancestors } : undefined
}

function plainKey(data: Fields): Key | undefined {
  const { name, uid, displayName = '', createTime, updateTime, deleteTime, serviceAccountEmail = '' } = data
  if (typeof name !== 'string' || typeof uid !== 'string' || uid === '') return undefined
  if (typeof displayName !== 'string' || typeof serviceAccountEmail !== 'string') return undefined
  if (!isPlainInstant(createTime) || !isPlainInstant(updateTime)) return undefined
  if (deleteTime !== undefined && !isPlainInstant(deleteTime)) return undefined
  const projectNumber = PLAIN_NAME.exec(name)?.[1]
  const restrictions = plainRestrictions(data['restrictions'])
  if (projectNumber === undefined || restrictions === undefined) return undefined
  return {
    name,
    uid,
    projectNumber,
    displayName,
    createTime,
    updateTime,
    ...(deleteTime && { deleteTime }),
    ...(serviceAccountEmail && { serviceAccountEmail }),
    restrictions,
  }
}

function isPlainInstant(text: unknown): text is Instant {
  return typeof text === 'string' && PLAIN_INSTANT.test(text)
}

/** None, or those of APIs by their names, and of websites. */
function plainRestrictions(wire: unknown): Restrictions | undefined {
  if (wire === undefined) return NONE
  if (!isObject(wire)) return undefined
  const { apiTargets = [], browserKeyRestrictions = {}, ...others } = wire
  for (const _other in others) return undefined
  if (!Array.isArray(apiTargets) || !isObject(browserKeyRestrictions)) return undefined
  const { allowedReferrers = [] } = browserKeyRestrictions
  const services = apiTargets.map(plainService)
  return isTexts(services) && isTexts(allowedReferrers) ? restricted(services, allowedReferrers) : undefined
}

/** The service of a target that has no methods. */
function plainService(target: unknown): string | undefined {
  if (!isObject(target) || 'methods' in target) return undefined
  const { service } = target
  return typeof service === 'string' && /\S/.test(service) ? service : undefined
}

const NONE = restricted([], [])

function restricted(services: readonly string[], allowedReferrers: readonly string[]): Restrictions {
  return {
    apiTargets: services.map((service) => ({ service, methods: [] })),
    allowedReferrers,
    allowedIps: [],
    allowedApplications: [],
    allowedBundleIds: [],
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string')
}
