/** Which callers a key is restricted to: the only place that reads lists of allowed clients. */
import type { ClientRestriction, Restrictions } from '../model.js'

interface AllowedClients {
  /** The kind of the list, whatever it lets in. */
  readonly kind: ClientRestriction
  /** Its values as text; an Android application is its package and its certificate's fingerprint. */
  readonly values: readonly string[]
}

/**
 * The clients that a key names. Google allows one kind for a key; should there be more, the one that says most
 * about where the key string lies wins: browser, Android and iOS (it is public), then server.
 */
export function allowedClientsOf(restrictions: Restrictions): AllowedClients {
  const { allowedReferrers, allowedApplications, allowedBundleIds, allowedIps } = restrictions
  if (allowedReferrers.length > 0) return { kind: 'browser', values: allowedReferrers }
  if (allowedApplications.length > 0) {
    const values = allowedApplications.map((each) => `${each.packageName} ${each.sha1Fingerprint}`)
    return { kind: 'android', values }
  }
  if (allowedBundleIds.length > 0) return { kind: 'ios', values: allowedBundleIds }
  return allowedIps.length > 0 ? { kind: 'server', values: allowedIps } : { kind: 'none', values: [] }
}

/** What the list of clients restricts a key to: `none` without a list, and where it lets everybody in. */
export function clientRestrictionOf(restrictions: Restrictions): ClientRestriction {
  return hasOpenClients(restrictions) ? 'none' : allowedClientsOf(restrictions).kind
}

/** Whether a key has a list of clients that lets everybody in. */
export function hasOpenClients(restrictions: Restrictions): boolean {
  return restrictions.allowedReferrers.some(isAnyReferrer) || restrictions.allowedIps.some(isAnyAddress)
}

/** The restrictions without lists of clients that let everybody in: they protect nothing. */
export function withoutOpenClients(restrictions: Restrictions): Restrictions {
  return {
    ...restrictions,
    ...(restrictions.allowedReferrers.some(isAnyReferrer) && { allowedReferrers: [] }),
    ...(restrictions.allowedIps.some(isAnyAddress) && { allowedIps: [] }),
  }
}

// `*`, `*.*`, and either behind a scheme or before an open path: `https://*`, `http://*:*/*`.
const ANY_REFERRER = /^(?:[a-z*][a-z0-9+.*-]*:\/\/)?[.*]*\*[.*]*(?::\*)?(?:\/[/*]*)?$/i

function isAnyReferrer(referrer: string): boolean {
  return ANY_REFERRER.test(referrer.trim())
}

/** A range of length 0: `0.0.0.0/0`, `::/0`. */
function isAnyAddress(range: string): boolean {
  return /\/0+$/.test(range.trim())
}
