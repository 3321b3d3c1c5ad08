import type { apikeys_v2 } from 'googleapis/build/src/apis/apikeys/v2.js'
import { type Key, keyName, type Project, type Restrictions } from '../world/world.js'

/** A key as the API Keys API v2 shows it; never with its string. */
export function keyResource(project: Project, key: Key): Readonly<Record<string, unknown>> {
  return wireOf(project, key, key.restrictions, true)
}

/** A key as the asset inventory's `resource.data` shows it: as it was, and mostly without its service account. */
export function inventoriedKey(
  project: Project,
  key: Key,
  showsServiceAccount: boolean,
): Readonly<Record<string, unknown>> {
  const restrictions = key.isTruncated ? undefined : (key.staleRestrictions ?? key.restrictions)
  return wireOf(project, key, restrictions, showsServiceAccount)
}

function wireOf(
  project: Project,
  key: Key,
  restrictions: Restrictions | undefined,
  showsServiceAccount: boolean,
) {
  const shown: apikeys_v2.Schema$V2Key = {
    name: keyName(project, key),
    ...(key.displayName !== undefined && { displayName: key.displayName }),
    createTime: key.createTime,
    uid: key.uid,
    updateTime: key.updateTime,
    ...(key.deleteTime && { deleteTime: key.deleteTime }),
    ...(key.annotations && { annotations: { ...key.annotations } }),
    etag: etagOf(key),
    ...(showsServiceAccount &&
      key.serviceAccountEmail !== undefined && { serviceAccountEmail: key.serviceAccountEmail }),
  }
  const wire = { ...shown, restrictions, ...key.wire }
  return Object.fromEntries(Object.entries(wire).filter(([name, value]) => isShown(name, value)))
}

/** Google leaves out what is not set; `restrictions: null` is kept, since a world may say so on purpose. */
function isShown(name: string, value: unknown): boolean {
  return value !== undefined && (value !== null || name === 'restrictions')
}

function etagOf(key: Key): string {
  return `W/"${Buffer.from(`${key.uid.slice(0, 8)}${key.updateTime.slice(5, 19)}`).toString('base64')}"`
}
