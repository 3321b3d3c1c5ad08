import { z } from 'zod'
import { parseInstant } from '../calendar.js'
import type { Instant, Key, Project, Restrictions } from '../model.js'
import { withFittingClients } from '../policy/clients.js'

/** Blanks and control characters would make a name that no command and no policy can speak of. */
const KEY_NAME = /^projects\/[^/\s\p{C}]+\/locations\/global\/keys\/[^/\s\p{C}]+$/u
const ASSET_PREFIX = '//apikeys.googleapis.com/'

/** An RFC 3339 text as a moment in UTC. */
export const instant = z.string().transform((text, context): Instant => {
  const parsed = parseInstant(text)
  if (parsed !== undefined) return parsed
  context.addIssue({ code: 'custom', message: 'not a timestamp' })
  return z.NEVER
})

const texts = z.array(z.string()).nullish()

/** Characters of a name, or of all API targets of a key: far more than Google takes, and little enough to hold. */
const LONGEST_TEXT = 16 * 2 ** 10
const text = z.string().max(LONGEST_TEXT)

function fit(
  targets: readonly { readonly service: string; readonly methods?: readonly string[] | null | undefined }[],
): boolean {
  const names = targets.flatMap(({ service, methods }) => [service, ...(methods ?? [])])
  return names.reduce((sum, { length }) => sum + length, 0) <= LONGEST_TEXT
}

/** Google leaves out what is empty; null says the same. */
const wireRestrictions = z.object({
  apiTargets: z
    .array(z.object({ service: z.string().regex(/\S/), methods: texts }))
    .refine(fit)
    .nullish(),
  browserKeyRestrictions: z.object({ allowedReferrers: texts }).nullish(),
  serverKeyRestrictions: z.object({ allowedIps: texts }).nullish(),
  androidKeyRestrictions: z
    .object({
      allowedApplications: z
        .array(z.object({ sha1Fingerprint: z.string().nullish(), packageName: z.string().nullish() }))
        .nullish(),
    })
    .nullish(),
  iosKeyRestrictions: z.object({ allowedBundleIds: texts }).nullish(),
})

const wireKey = z.object({
  uid: text.min(1),
  displayName: text.nullish(),
  createTime: instant.nullish(),
  updateTime: instant.nullish(),
  deleteTime: instant.nullish(),
  serviceAccountEmail: text.nullish(),
  restrictions: wireRestrictions.nullish(),
})

const keyAsset = z.object({
  name: z.string().optional().catch(undefined),
  ancestors: z.array(z.string()).optional().catch(undefined),
  resource: z.object({ data: z.unknown().optional() }).optional().catch(undefined),
  assetExceptions: z.array(z.unknown()).optional().catch(undefined),
  asset_exceptions: z.array(z.unknown()).optional().catch(undefined),
})

/** `TRUNCATION`, by its name or its number; files of an export have the names of the protocol buffers. */
const truncated = z.union([
  z.object({ exceptionType: z.literal(['TRUNCATION', 1]) }),
  z.object({ exception_type: z.literal(['TRUNCATION', 1]) }),
])

/** Whether Google says that it left a part of the asset out. */
function isTruncated({
  assetExceptions = [],
  asset_exceptions = [],
}: Partial<z.infer<typeof keyAsset>>): boolean {
  return [...assetExceptions, ...asset_exceptions].some((exception) => truncated.safeParse(exception).success)
}

/** Characters of a key's name: Google's IDs have at most 63, so that longer ones are none of its names. */
const LONGEST_NAME = 300
const named = z.object({ name: z.string().max(LONGEST_NAME).regex(KEY_NAME) })

/**
 * What can be saved of a key that is not as Google documents it: what says which key it is and since when.
 * Restrictions and a deletion are not, since they could make it look clean.
 */
const remains = z.object({
  uid: text.catch(''),
  displayName: text.catch(''),
  createTime: instant.optional().catch(undefined),
  updateTime: instant.optional().catch(undefined),
  serviceAccountEmail: text.optional().catch(undefined),
})

const NO_RESTRICTIONS: Restrictions = {
  apiTargets: [],
  allowedReferrers: [],
  allowedIps: [],
  allowedApplications: [],
  allowedBundleIds: [],
}

/** A key of the asset inventory, with what it lies in: its project first, as the asset names it. */
export interface KeyAsset {
  readonly key: Key
  /** `projects/123`, `folders/1`, …, `organizations/9`; empty where the asset does not say. */
  readonly ancestors: readonly string[]
}

/**
 * Reads one element of an asset listing; undefined when it has no name by which it could be reported. One that
 * names two keys, or two projects, is reported under the asset's name: it may hide the other. One that is not whole, as
 * Google says, may lack any restriction.
 */
export function keyOfAsset(element: unknown): KeyAsset | undefined {
  const asset = keyAsset.safeParse(element).data
  const data = asset?.resource?.data
  const ancestors = asset?.ancestors ?? []
  const inner = nameOf(data)
  const isSaidTwice = inner !== undefined && asset?.name === `${ASSET_PREFIX}${inner}`
  const outer = isSaidTwice ? inner : nameOf({ name: asset?.name?.replace(ASSET_PREFIX, '') })
  const name = outer ?? inner
  const numbers = new Set(
    [projectOf(inner), projectOf(outer), ancestors[0]?.replace('projects/', '')].filter(isNumber),
  )
  const [projectNumber] = numbers
  if (name === undefined || projectNumber === undefined) return undefined
  if (numbers.size > 1 || (inner !== undefined && lastPart(inner) !== lastPart(name)))
    return { key: flawed(data, name, projectNumber, 'name is not as Google documents it'), ancestors }
  if (isTruncated(asset ?? {}))
    return { key: flawed(data, name, projectNumber, 'Google shows only a part of it'), ancestors }
  return { key: keyOf(data, inner ?? name, projectNumber), ancestors }
}

/**
 * Reads one element of a project's `keys.list`; undefined when it has no usable name, or that of a key of
 * another project.
 */
export function keyOfList(element: unknown, { number, id }: Pick<Project, 'number' | 'id'>): Key | undefined {
  const name = nameOf(element)
  const project = projectOf(name)
  return name !== undefined && (project === number || project === id)
    ? keyOf(element, name, number)
    : undefined
}

function nameOf(data: unknown): string | undefined {
  return named.safeParse(data).data?.name
}

function projectOf(name: string | undefined): string | undefined {
  return name?.split('/')[1]
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}

function isNumber(text: string | undefined): text is string {
  return text !== undefined && /^\d+$/.test(text)
}

function keyOf(data: unknown, name: string, projectNumber: string): Key {
  const parsed = wireKey.safeParse(data)
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join('.') || 'the resource'
    return flawed(data, name, projectNumber, `${field} is not as Google documents it`)
  }
  const { uid, displayName, createTime, updateTime, deleteTime, serviceAccountEmail } = parsed.data
  return {
    name,
    uid,
    projectNumber,
    displayName: displayName ?? '',
    ...(createTime && { createTime }),
    ...(updateTime && { updateTime }),
    ...(deleteTime && { deleteTime }),
    ...(serviceAccountEmail && { serviceAccountEmail }),
    restrictions: restrictionsOf(parsed.data.restrictions),
  }
}

function restrictionsOf(wire: z.infer<typeof wireRestrictions> | null | undefined): Restrictions {
  if (!wire) return NO_RESTRICTIONS
  return withFittingClients({
    apiTargets: (wire.apiTargets ?? []).map(({ service, methods }) => ({ service, methods: methods ?? [] })),
    allowedReferrers: wire.browserKeyRestrictions?.allowedReferrers ?? [],
    allowedIps: wire.serverKeyRestrictions?.allowedIps ?? [],
    allowedApplications: (wire.androidKeyRestrictions?.allowedApplications ?? []).map((application) => ({
      sha1Fingerprint: application.sha1Fingerprint ?? '',
      packageName: application.packageName ?? '',
    })),
    allowedBundleIds: wire.iosKeyRestrictions?.allowedBundleIds ?? [],
  })
}

function flawed(data: unknown, name: string, projectNumber: string, flaw: string): Key {
  const saved = remains.safeParse(data).data
  return {
    name,
    uid: saved?.uid ?? '',
    projectNumber,
    displayName: saved?.displayName ?? '',
    ...(saved?.createTime && { createTime: saved.createTime }),
    ...(saved?.updateTime && { updateTime: saved.updateTime }),
    ...(saved?.serviceAccountEmail && { serviceAccountEmail: saved.serviceAccountEmail }),
    restrictions: NO_RESTRICTIONS,
    flaw,
  }
}
