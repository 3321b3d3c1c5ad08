/** Which callers a key is restricted to: the only place that reads and cuts lists of allowed clients. */
import type { AndroidApplication, ClientRestriction, Restrictions } from '../model.js'

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

/** The restrictions without the entries that let everybody in; undefined where nothing else is on their lists. */
export function withoutOpenEntries(restrictions: Restrictions): Restrictions | undefined {
  const allowedReferrers = restrictions.allowedReferrers.filter((each) => !isAnyReferrer(each))
  const allowedIps = restrictions.allowedIps.filter((each) => !isAnyAddress(each))
  const narrowed = { ...restrictions, allowedReferrers, allowedIps }
  return allowedClientsOf(narrowed).kind === 'none' ? undefined : narrowed
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

/** Characters of the clients of one key that are kept: some hundred names. Google takes 1,200 of any length. */
const MOST_CHARACTERS = 8 * 2 ** 10

/**
 * The restrictions with lists of clients that fit into memory, however many keys have such lists. What lets everybody
 * in stays, and a list that was not empty is not empty afterwards.
 */
export function withFittingClients(restrictions: Restrictions): Restrictions {
  const { allowedReferrers, allowedIps, allowedApplications, allowedBundleIds } = restrictions
  const applications = allowedApplications.map(
    ({ packageName, sha1Fingerprint }) => packageName + sha1Fingerprint,
  )
  const lists = [allowedReferrers, allowedIps, allowedBundleIds, applications]
  const characters = lists.flat().reduce((sum, client) => sum + client.length, 0)
  if (characters <= MOST_CHARACTERS) return restrictions
  return {
    apiTargets: restrictions.apiTargets,
    allowedReferrers: cutTexts(allowedReferrers, isAnyReferrer),
    allowedIps: cutTexts(allowedIps, isAnyAddress),
    allowedApplications: allowedApplications.slice(0, fitting(applications)).map(cutApplication),
    allowedBundleIds: cutTexts(allowedBundleIds, () => false),
    clientCount: lists.reduce((sum, list) => sum + list.length, 0),
  }
}

/** What lets everybody in comes first. */
function cutTexts(clients: readonly string[], isOpen: (client: string) => boolean): readonly string[] {
  const open = clients.find(isOpen)
  const ordered = open === undefined ? clients : [open, ...clients.filter((client) => client !== open)]
  return ordered.slice(0, fitting(ordered)).map((client) => client.slice(0, MOST_CHARACTERS))
}

function cutApplication({ packageName, sha1Fingerprint }: AndroidApplication): AndroidApplication {
  return {
    packageName: packageName.slice(0, MOST_CHARACTERS),
    sha1Fingerprint: sha1Fingerprint.slice(0, MOST_CHARACTERS),
  }
}

/** How many of the texts fit, at least one. */
function fitting(texts: readonly string[]): number {
  let room = MOST_CHARACTERS
  const end = texts.findIndex((text) => {
    room -= text.length
    return room < 0
  })
  return end < 0 ? texts.length : Math.max(1, end)
}
