/** Requests that Google allows the caller's project in a minute. */
export interface Quota {
  readonly perMinute: number
  /** The page that says so. */
  readonly source: string
}

/**
 * One quota is one queue. Two operations share a quota only where Google counts them together.
 * Organization-wide quotas (800 ListAssets, 1,500 SearchAllResources) are above the caller's and never bind.
 */
export const QUOTAS = {
  listAssets: { perMinute: 100, source: 'https://cloud.google.com/asset-inventory/docs/quota' },
  searchResources: { perMinute: 400, source: 'https://cloud.google.com/asset-inventory/docs/quota' },
  searchPolicies: { perMinute: 400, source: 'https://cloud.google.com/asset-inventory/docs/quota' },
  // no number is published: as cautious as with the listing of assets
  analyzePolicies: { perMinute: 100, source: 'https://cloud.google.com/asset-inventory/docs/quota' },
  exportAssets: { perMinute: 60, source: 'https://cloud.google.com/asset-inventory/docs/quota' },
  // no number is published: as cautious as with the exports themselves
  readOperations: { perMinute: 60, source: 'https://cloud.google.com/asset-inventory/docs/quota' },
  readApiKeys: { perMinute: 240, source: 'https://cloud.google.com/api-keys/docs/quotas' },
  readServices: { perMinute: 240, source: 'https://cloud.google.com/service-usage/docs/quotas' },
  // no number is published for the preview: few are read, and beside everything else
  readConsumerPolicies: { perMinute: 60, source: 'https://cloud.google.com/service-usage/docs/quotas' },
  // the page names the quota but no number; 6,000 is what Google's refusals gave as its value
  queryTimeSeries: { perMinute: 6000, source: 'https://cloud.google.com/monitoring/quotas' },
  // no number is published: as cautious as with the other APIs that manage resources
  readPolicies: { perMinute: 240, source: 'https://cloud.google.com/organization-policy/quotas' },
  readAccounts: { perMinute: 6000, source: 'https://docs.cloud.google.com/iam/quotas' },
  listProjects: { perMinute: 600, source: 'https://cloud.google.com/resource-manager/docs/limits' },
  // a bucket's initial read rate; there is no quota for the project
  readObjects: { perMinute: 300_000, source: 'https://cloud.google.com/storage/docs/request-rate' },
  // a bucket's initial write rate
  writeObjects: { perMinute: 60_000, source: 'https://cloud.google.com/storage/docs/request-rate' },
  // no number is published for reading the configuration of logs, which is done once
  readLogConfig: { perMinute: 60, source: 'https://cloud.google.com/logging/quotas' },
  readFindings: { perMinute: 1000, source: 'https://cloud.google.com/security-command-center/quotas' },
  writeFindings: { perMinute: 1000, source: 'https://cloud.google.com/security-command-center/quotas' },
  readProjects: { perMinute: 600, source: 'https://cloud.google.com/resource-manager/docs/limits' },
} as const satisfies Record<string, Quota>

export type QuotaName = keyof typeof QUOTAS

/** How many requests a run may start in a minute at `pace` percent of a quota; at least one. */
export function allowance(quota: QuotaName, pace: number): number {
  return Math.max(1, Math.floor((QUOTAS[quota].perMinute * pace) / 100))
}
