import type { QuotaName } from './quotas.js'

/** One operation of one Google API, with what it costs and what it takes. */
export interface Call {
  /** The service's name, as `gcloud services enable` takes it. */
  readonly service: string
  /** The method, as Google's reference names it. */
  readonly operation: string
  readonly quota: QuotaName
  /** The IAM permission that Google checks on the subject. */
  readonly permission: string
  /** A role that carries the permission, as `--role` takes it. */
  readonly role: string
  /** Begins the sentence about a failure; the subject follows. */
  readonly doing: string
}

const ASSETS = { service: 'cloudasset.googleapis.com', role: 'roles/cloudasset.viewer' } as const
const RESOURCES = { service: 'cloudresourcemanager.googleapis.com', role: 'roles/browser' } as const

/**
 * Every request that reading makes. `roles/serviceusage.apiKeysViewer` may also show key strings, so keys
 * are listed with a custom role that holds nothing but `apikeys.keys.list`.
 * @see https://cloud.google.com/iam/docs/creating-custom-roles
 */
export const CALLS = {
  listAssets: {
    ...ASSETS,
    operation: 'assets.list',
    quota: 'listAssets',
    permission: 'cloudasset.assets.listResource',
    doing: 'Listing the assets of',
  },
  searchResources: {
    ...ASSETS,
    operation: 'searchAllResources',
    quota: 'searchResources',
    permission: 'cloudasset.assets.searchAllResources',
    doing: 'Searching the enabled services of',
  },
  exportAssets: {
    ...ASSETS,
    operation: 'exportAssets',
    quota: 'exportAssets',
    permission: 'cloudasset.assets.exportResource',
    doing: 'Exporting the assets of',
  },
  getOperation: {
    ...ASSETS,
    operation: 'operations.get',
    quota: 'readOperations',
    permission: 'cloudasset.assets.exportResource',
    doing: 'Waiting for the export of',
  },
  listKeys: {
    service: 'apikeys.googleapis.com',
    operation: 'keys.list',
    quota: 'readApiKeys',
    permission: 'apikeys.keys.list',
    role: 'organizations/ORGANIZATION_ID/roles/geminiKeyAuditor',
    doing: 'Listing the API keys of',
  },
  getService: {
    service: 'serviceusage.googleapis.com',
    operation: 'services.get',
    quota: 'readServices',
    permission: 'serviceusage.services.get',
    role: 'roles/serviceusage.serviceUsageViewer',
    doing: 'Asking whether the Gemini API is enabled in',
  },
  listTimeSeries: {
    service: 'monitoring.googleapis.com',
    operation: 'timeSeries.list',
    quota: 'queryTimeSeries',
    permission: 'monitoring.timeSeries.list',
    role: 'roles/monitoring.viewer',
    doing: 'Reading the traffic of',
  },
  getEffectivePolicy: {
    service: 'orgpolicy.googleapis.com',
    operation: 'policies.getEffectivePolicy',
    quota: 'readPolicies',
    permission: 'orgpolicy.policy.get',
    role: 'roles/orgpolicy.policyViewer',
    doing: 'Reading the organization policy in force in',
  },
  listProjects: {
    ...RESOURCES,
    operation: 'projects.list',
    quota: 'listProjects',
    permission: 'resourcemanager.projects.list',
    doing: 'Listing the projects of',
  },
  listFolders: {
    ...RESOURCES,
    operation: 'folders.list',
    quota: 'listProjects',
    permission: 'resourcemanager.folders.list',
    doing: 'Listing the folders of',
  },
  getProject: {
    ...RESOURCES,
    operation: 'projects.get',
    quota: 'readProjects',
    permission: 'resourcemanager.projects.get',
    doing: 'Reading the project',
  },
  getFolder: {
    ...RESOURCES,
    operation: 'folders.get',
    quota: 'readProjects',
    permission: 'resourcemanager.folders.get',
    doing: 'Reading the folder',
  },
  searchOrganizations: {
    ...RESOURCES,
    operation: 'organizations.search',
    quota: 'readProjects',
    permission: 'resourcemanager.organizations.get',
    doing: 'Looking for the organization of',
  },
  readObject: {
    service: 'storage.googleapis.com',
    operation: 'objects.get',
    quota: 'readObjects',
    permission: 'storage.objects.get',
    role: 'roles/storage.objectViewer',
    doing: 'Reading the object',
  },
  listObjects: {
    service: 'storage.googleapis.com',
    operation: 'objects.list',
    quota: 'readObjects',
    permission: 'storage.objects.list',
    role: 'roles/storage.objectViewer',
    doing: 'Listing the objects of',
  },
  createObject: {
    service: 'storage.googleapis.com',
    operation: 'objects.insert',
    quota: 'writeObjects',
    permission: 'storage.objects.create',
    role: 'roles/storage.objectCreator',
    doing: 'Writing the object',
  },
  deleteObject: {
    service: 'storage.googleapis.com',
    operation: 'objects.delete',
    quota: 'writeObjects',
    permission: 'storage.objects.delete',
    role: 'roles/storage.objectUser',
    doing: 'Deleting the object',
  },
} as const satisfies Record<string, Call>
