import type { RestrictionEntry } from './schema.js'
import type { Restrictions } from './world.js'

/**
 * The wire form of what a world file says about a key's restrictions; undefined where it says nothing, as
 * Google leaves the field out then.
 */
export function restrictionsOf(entry: RestrictionEntry): Restrictions | undefined {
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
