import { z } from 'zod'
import { parseInstant } from '../calendar.js'
import type { Instant, Key, Restrictions } from '../model.js'

const KEY_NAME = /^projects\/([^/]+)\/locations\/global\/keys\/[^/]+$/
const ASSET_PREFIX = '//apikeys.googleapis.com/'

/** An RFC 3339 text as a moment in UTC. */
export const instant = z.string().transform((text, context): Instant => {
  const parsed = parseInstant(text)
  if (parsed !== undefined) return parsed
  context.addIssue({ code: 'custom', message: 'not a timestamp' })
  return z.NEVER
})

const texts = z.array(z.string()).nullish()

/** Google leaves out what is empty; null says the same. */
const wireRestrictions = z.object({
  apiTargets: z.array(z.object({ service: z.string().regex(/\S/), methods: texts })).nullish(),
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
  uid: z.string().min(1),
  displayName: z.string().nullish(),
  createTime: instant.nullish(),
  updateTime: instant.nullish(),
  deleteTime: instant.nullish(),
  serviceAccountEmail: z.string().nullish(),
  restrictions: wireRestrictions.nullish(),
})

const keyAsset = z.object({
  name: z.string().optional().catch(undefined),
  ancestors: z.array(z.string()).optional().catch(undefined),
  resource: z.object({ data: z.unknown().optional() }).optional().catch(undefined),
})

const named = z.object({ name: z.string().regex(KEY_NAME) })

/** What can be saved of a key that is not as Google documents it. */
const remains = z.object({
  uid: z.string().catch(''),
  displayName: z.string().catch(''),
  serviceAccountEmail: z.string().optional().catch(undefined),
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

/** Reads one element of an asset listing; undefined when it has no name by which it could be reported. */
export function keyOfAsset(element: unknown): KeyAsset | undefined {
  const asset = keyAsset.safeParse(element).data
  const data = asset?.resource?.data
  const name = nameOf(data) ?? nameOf({ name: asset?.name?.replace(ASSET_PREFIX, '') })
  if (name === undefined) return undefined
  const ancestors = asset?.ancestors ?? []
  const projectNumber = [projectOf(name), ancestors[0]?.replace('projects/', '')].find(isNumber)
  return projectNumber === undefined ? undefined : { key: keyOf(data, name, projectNumber), ancestors }
}

/** Reads one element of a project's `keys.list`; undefined when it has no usable name. */
export function keyOfList(element: unknown, projectNumber: string): Key | undefined {
  const name = nameOf(element)
  return name === undefined ? undefined : keyOf(element, name, projectNumber)
}

function nameOf(data: unknown): string | undefined {
  return named.safeParse(data).data?.name
}

function projectOf(name: string): string | undefined {
  return KEY_NAME.exec(name)?.[1]
}

function isNumber(text: string | undefined): boolean {
  return text !== undefined && /^\d+$/.test(text)
}

function keyOf(data: unknown, name: string, projectNumber: string): Key {
  const parsed = wireKey.safeParse(data)
  if (!parsed.success) return flawed(data, name, projectNumber, parsed.error)
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
  return {
    apiTargets: (wire.apiTargets ?? []).map(({ service, methods }) => ({ service, methods: methods ?? [] })),
    allowedReferrers: wire.browserKeyRestrictions?.allowedReferrers ?? [],
    allowedIps: wire.serverKeyRestrictions?.allowedIps ?? [],
    allowedApplications: (wire.androidKeyRestrictions?.allowedApplications ?? []).map((application) => ({
      sha1Fingerprint: application.sha1Fingerprint ?? '',
      packageName: application.packageName ?? '',
    })),
    allowedBundleIds: wire.iosKeyRestrictions?.allowedBundleIds ?? [],
  }
}

function flawed(data: unknown, name: string, projectNumber: string, error: z.ZodError): Key {
  const { uid, displayName, serviceAccountEmail } = remains.safeParse(data).data ?? {
    uid: '',
    displayName: '',
  }
  const field = error.issues[0]?.path.join('.') || 'the resource'
  return {
    name,
    uid,
    projectNumber,
    displayName,
    ...(serviceAccountEmail && { serviceAccountEmail }),
    restrictions: NO_RESTRICTIONS,
    flaw: `${field} is not as Google documents it`,
  }
}
