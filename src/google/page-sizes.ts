/** Elements that are asked for in one page of each listing: as many as Google gives. */
export const PAGE_SIZES = {
  /** @see https://cloud.google.com/asset-inventory/docs/reference/rest/v1/assets/list */
  assets: 1000,
  /** @see https://cloud.google.com/asset-inventory/docs/reference/rest/v1/TopLevel/searchAllResources */
  results: 500,
  /** @see https://cloud.google.com/api-keys/docs/reference/rest/v2/projects.locations.keys/list */
  keys: 300,
  /** @see https://cloud.google.com/resource-manager/reference/rest/v3/projects/list */
  projects: 300,
  folders: 300,
  /** No maximum is published; the others' is taken. */
  organizations: 300,
} as const
