/**
 * Bytes of one answer, unpacked: of a page while the next one is on its way, both as text and as objects, which
 * fits into the 184 MiB of heap that `cloudbuild.yaml` gives the function.
 */
export const LARGEST_ANSWER = 16 * 2 ** 20

/**
 * Bytes of an answer of a call that goes to many projects at once. A larger one is asked for again, and then it is
 * the only large one under way: sixteen of them would not fit.
 */
export const USUAL_ANSWER = 2 ** 20

/** Elements that are asked for in one page of each listing: as many as Google gives. */
export const PAGE_SIZES = {
  /** @see https://cloud.google.com/asset-inventory/docs/reference/rest/v1/assets/list */
  assets: 1000,
  /** @see https://cloud.google.com/asset-inventory/docs/reference/rest/v1/TopLevel/searchAllResources */
  results: 500,
  /** @see https://cloud.google.com/asset-inventory/docs/reference/rest/v1/TopLevel/searchAllIamPolicies */
  policies: 500,
  /** @see https://cloud.google.com/asset-inventory/docs/reference/rest/v1/TopLevel/analyzeOrgPolicyGovernedContainers */
  containers: 200,
  /** @see https://cloud.google.com/api-keys/docs/reference/rest/v2/projects.locations.keys/list */
  keys: 300,
  /** @see https://cloud.google.com/resource-manager/reference/rest/v3/projects/list */
  projects: 300,
  folders: 300,
  /** No maximum is published; the others' is taken. */
  organizations: 300,
  /** @see https://cloud.google.com/storage/docs/json_api/v1/objects/list */
  objects: 1000,
  /** Points, not time series. @see https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.timeSeries/list */
  points: 100_000,
  /** @see https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.sinks/list */
  sinks: 1000,
  /** @see https://cloud.google.com/security-command-center/docs/reference/rest/v2/organizations.sources.findings/list */
  findings: 1000,
  buckets: 1000,
} as const
