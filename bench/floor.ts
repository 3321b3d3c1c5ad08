import { CALLS } from '../src/google/calls.js'
import { allowance, type QuotaName } from '../src/google/quotas.js'
import type { Asked } from './asked.js'

/** The shortest time that anything allows, in milliseconds, and what that is. */
export interface Floor {
  readonly what: string
  readonly requests: number
  readonly milliseconds: number
}

/** Operations of the simulator by the quota that the program counts them under. */
export const QUOTA_OF: Readonly<Record<string, QuotaName>> = {
  'cloudasset.assets.list': CALLS.listAssets.quota,
  'cloudasset.searchAllResources': CALLS.searchResources.quota,
  'cloudasset.searchAllIamPolicies': CALLS.searchPolicies.quota,
  'iam.serviceAccounts.get': CALLS.getAccount.quota,
  'apikeys.keys.list': CALLS.listKeys.quota,
  'serviceusage.services.get': CALLS.getService.quota,
  'monitoring.timeSeries.list': CALLS.listTimeSeries.quota,
  'serviceusage.consumerPolicies.get': CALLS.getConsumerPolicy.quota,
  'cloudasset.analyzeOrgPolicyGovernedContainers': CALLS.analyzePolicies.quota,
  'orgpolicy.policies.getEffectivePolicy': CALLS.getEffectivePolicy.quota,
}

/** Listings whose pages can only come one after the other, since each has the token of the next. */
const LISTING = 'cloudasset.assets.list'

/**
 * By each quota, in a minute of `minute` milliseconds that slides: of n requests the last can start when as many
 * whole minutes have passed as the allowance goes into those before it. By the listings, however fast: one
 * latency for each page.
 */
export function floors({ urls }: Asked, pace: number, minute: number, latency: number): readonly Floor[] {
  const byQuota = Object.entries(urls).flatMap(([operation, { length: requests }]): Floor[] => {
    const quota = QUOTA_OF[operation]
    if (quota === undefined) return []
    const most = allowance(quota, pace)
    const what = `${operation}: ${most} a minute`
    return [{ what, requests, milliseconds: Math.floor((requests - 1) / most) * minute + latency }]
  })
  const pages = urls[LISTING]?.length ?? 0
  const inSeries = {
    what: `pages in series, ${latency} ms each`,
    requests: pages,
    milliseconds: pages * latency,
  }
  return [...byQuota, inSeries].toSorted((a, b) => b.milliseconds - a.milliseconds)
}
