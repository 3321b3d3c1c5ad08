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
  return wireOf(project, key, key.staleRestrictions ?? key.restrictions, showsServiceAccount)
}

function wireOf(
  project: Project,
  key: Key,
  restrictions: Restrictions | undefined,
  showsServiceAccount: boolean,
) {
  const wire = {
    name: keyName(project, key),
    displayName: key.displayName,
    createTime: key.createTime,
    uid: key.uid,
    updateTime: key.updateTime,
    deleteTime: key.deleteTime,
    annotations: key.annotations,
    restrictions,
    etag: etagOf(key),
    serviceAccountEmail: showsServiceAccount ? key.serviceAccountEmail : undefined,
    ...key.wire,
  }
  return Object.fromEntries(Object.entries(wire).filter(([name, value]) => isShown(name, value)))
}

/** Google leaves out what is not set; `restrictions: null` is kept, since a world may say so on purpose. */
function isShown(name: string, value: unknown): boolean {
  return value !== undefined && (value !== null || name === 'restrictions')
}

function etagOf(key: Key): string {
  return `W/"${Buffer.from(`${key.uid.slice(0, 8)}${key.updateTime.slice(5, 19)}`).toString('base64')}"`
}
