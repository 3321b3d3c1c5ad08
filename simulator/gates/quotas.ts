/** What one project may ask of one API in a minute. */
export interface Quota {
  /** Operations that are counted together; `*` stands for any text. */
  readonly operations: readonly string[]
  readonly service: string
  /** As the refusal names it. */
  readonly title: string
  readonly perMinute: number
  /** The page that says so. */
  readonly source: string
}

const ASSETS = {
  service: 'cloudasset.googleapis.com',
  source: 'https://cloud.google.com/asset-inventory/docs/quota',
}
const PROJECTS = {
  service: 'cloudresourcemanager.googleapis.com',
  perMinute: 600,
  source: 'https://cloud.google.com/resource-manager/docs/limits',
}
const OBJECTS = {
  service: 'storage.googleapis.com',
  source: 'https://cloud.google.com/storage/docs/request-rate',
}
const FINDINGS = {
  service: 'securitycenter.googleapis.com',
  perMinute: 1000,
  source: 'https://cloud.google.com/security-command-center/quotas',
}
const LOGGING = { service: 'logging.googleapis.com', source: 'https://cloud.google.com/logging/quotas' }

/** The documented quotas; an operation that no row means is not limited. */
export const QUOTAS: readonly Quota[] = [
  { ...ASSETS, operations: ['cloudasset.assets.list'], title: 'ListAssets Requests', perMinute: 100 },
  {
    ...ASSETS,
    operations: ['cloudasset.searchAllResources'],
    title: 'SearchAllResources Requests',
    perMinute: 400,
  },
  {
    ...ASSETS,
    operations: ['cloudasset.analyzeOrgPolicyGovernedContainers'],
    title: 'AnalyzeOrgPolicyGovernedContainers Requests',
    perMinute: 100,
  },
  {
    ...ASSETS,
    operations: ['cloudasset.searchAllIamPolicies'],
    title: 'SearchAllIamPolicies Requests',
    perMinute: 400,
  },
  {
    operations: ['iam.serviceAccounts.get'],
    service: 'iam.googleapis.com',
    title: 'Read requests',
    perMinute: 6000,
    source: 'https://docs.cloud.google.com/iam/quotas',
  },
  { ...ASSETS, operations: ['cloudasset.exportAssets'], title: 'ExportAssets Requests', perMinute: 60 },
  {
    operations: ['apikeys.*'],
    service: 'apikeys.googleapis.com',
    title: 'Read requests',
    perMinute: 240,
    source: 'https://cloud.google.com/api-keys/docs/quotas',
  },
  {
    operations: ['serviceusage.consumerPolicies.get'],
    service: 'serviceusage.googleapis.com',
    title: 'Consumer policy requests',
    perMinute: 60, // the page names no number for the preview
    source: 'https://cloud.google.com/service-usage/docs/quotas',
  },
  {
    operations: ['serviceusage.services.*'],
    service: 'serviceusage.googleapis.com',
    title: 'Default requests',
    perMinute: 240,
    source: 'https://cloud.google.com/service-usage/docs/quotas',
  },
  {
    operations: ['monitoring.*'],
    service: 'monitoring.googleapis.com',
    title: 'Time series queries',
    perMinute: 6000, // the page names no number; refusals gave this one as the quota's value
    source: 'https://cloud.google.com/monitoring/quotas',
  },
  {
    operations: ['orgpolicy.*'],
    service: 'orgpolicy.googleapis.com',
    title: 'Organization Policy requests',
    perMinute: 240, // no number is published: that of the other APIs which manage resources
    source: 'https://cloud.google.com/organization-policy/quotas',
  },
  {
    ...PROJECTS,
    operations: ['cloudresourcemanager.*.list', 'cloudresourcemanager.*.search'],
    title: 'List requests',
  },
  {
    ...PROJECTS,
    operations: [
      'cloudresourcemanager.*.get',
      'cloudresourcemanager.*.getAncestry',
      'cloudresourcemanager.projects.getIamPolicy',
    ],
    title: 'Read requests',
  },
  {
    ...OBJECTS,
    operations: ['storage.objects.get', 'storage.objects.list', 'storage.buckets.get'],
    title: 'Object reads',
    perMinute: 300_000,
  },
  {
    ...OBJECTS,
    operations: ['storage.objects.insert', 'storage.objects.delete'],
    title: 'Object writes',
    perMinute: 60_000,
  },
  { ...FINDINGS, operations: ['securitycenter.findings.list'], title: 'Reads' },
  {
    ...FINDINGS,
    operations: [
      'securitycenter.findings.create',
      'securitycenter.findings.patch',
      'securitycenter.findings.setMute',
    ],
    title: 'Writes',
  },
  { ...LOGGING, operations: ['logging.entries.write'], title: 'Write requests', perMinute: 120_000 },
  { ...LOGGING, operations: ['logging.entries.list'], title: 'Read requests', perMinute: 60 },
]

/** Whether a name is meant by a pattern, in which `*` stands for any text: `storage.objects.*`. */
export function isMeant(pattern: string, name: string): boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')
  return new RegExp(`^${source}$`, 'is').test(name)
}
