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
  /** A role that carries the permission and little else, as `--role` takes it. */
  readonly role: string
  /** Begins the sentence about a failure; the subject follows. */
  readonly doing: string
}

/** What stands in a role's name for the organization, and for the project of the auditor, that hold custom roles. */
export const ORGANIZATION = 'organizations/ORGANIZATION_ID'
export const AUDITOR_PROJECT = 'projects/AUDITOR_PROJECT_ID'

/**
 * The custom roles of `deploy/roles`. Google's own are wider: `roles/serviceusage.apiKeysViewer`, for one, may also
 * show key strings.
 * @see https://cloud.google.com/iam/docs/creating-custom-roles
 */
const AUDITOR = `${ORGANIZATION}/roles/geminiKeyAuditor`
const EXPORTER = `${ORGANIZATION}/roles/geminiKeyAuditorExport`
const ARCHIVIST = `${AUDITOR_PROJECT}/roles/geminiKeyAuditorArchive`
const FILES_OF_EXPORTS = `${AUDITOR_PROJECT}/roles/geminiKeyAuditorExportFiles`
export const DOCTOR = `${AUDITOR_PROJECT}/roles/geminiKeyAuditorDoctor`

const ASSETS = { service: 'cloudasset.googleapis.com', role: AUDITOR } as const
const RESOURCES = { service: 'cloudresourcemanager.googleapis.com', role: AUDITOR } as const
const STORAGE = { service: 'storage.googleapis.com' } as const

/** Every request that reading makes. */
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
  searchAccounts: {
    ...ASSETS,
    operation: 'searchAllResources',
    quota: 'searchResources',
    permission: 'cloudasset.assets.searchAllResources',
    doing: 'Searching the service accounts of keys in',
  },
  searchPolicies: {
    ...ASSETS,
    operation: 'searchAllIamPolicies',
    quota: 'searchPolicies',
    permission: 'cloudasset.assets.searchAllIamPolicies',
    doing: 'Searching the roles of service accounts in',
  },
  analyzePolicies: {
    ...ASSETS,
    operation: 'analyzeOrgPolicyGovernedContainers',
    quota: 'analyzePolicies',
    permission: 'cloudasset.assets.analyzeOrgPolicy',
    doing: 'Listing the organization policies in force in',
  },
  exportAssets: {
    ...ASSETS,
    role: EXPORTER,
    operation: 'exportAssets',
    quota: 'exportAssets',
    permission: 'cloudasset.assets.exportResource',
    doing: 'Exporting the assets of',
  },
  getOperation: {
    ...ASSETS,
    role: EXPORTER,
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
    role: AUDITOR,
    doing: 'Listing the API keys of',
  },
  getService: {
    service: 'serviceusage.googleapis.com',
    operation: 'services.get',
    quota: 'readServices',
    permission: 'serviceusage.services.get',
    role: AUDITOR,
    doing: 'Asking whether the Gemini API is enabled in',
  },
  getConsumerPolicy: {
    service: 'serviceusage.googleapis.com',
    operation: 'consumerPolicies.get',
    quota: 'readConsumerPolicies',
    permission: 'serviceusage.consumerpolicy.get',
    role: AUDITOR,
    doing: 'Reading what is enabled for everything below',
  },
  listTimeSeries: {
    service: 'monitoring.googleapis.com',
    operation: 'timeSeries.list',
    quota: 'queryTimeSeries',
    permission: 'monitoring.timeSeries.list',
    role: AUDITOR,
    doing: 'Reading the traffic of',
  },
  getEffectivePolicy: {
    service: 'orgpolicy.googleapis.com',
    operation: 'policies.getEffectivePolicy',
    quota: 'readPolicies',
    permission: 'orgpolicy.policy.get',
    role: AUDITOR,
    doing: 'Reading the organization policy in force in',
  },
  getAccount: {
    service: 'iam.googleapis.com',
    operation: 'serviceAccounts.get',
    quota: 'readAccounts',
    permission: 'iam.serviceAccounts.get',
    role: AUDITOR,
    doing: 'Reading a service account of',
  },
  getProjectPolicy: {
    ...RESOURCES,
    operation: 'projects.getIamPolicy',
    quota: 'readProjects',
    permission: 'resourcemanager.projects.getIamPolicy',
    doing: 'Reading the roles that are held on',
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
  readPolicy: {
    ...STORAGE,
    operation: 'objects.get',
    quota: 'readObjects',
    permission: 'storage.objects.get',
    role: 'roles/storage.objectViewer',
    doing: 'Reading the policy',
  },
  readObject: {
    ...STORAGE,
    operation: 'objects.get',
    quota: 'readObjects',
    permission: 'storage.objects.get',
    role: ARCHIVIST,
    doing: 'Reading the object',
  },
  listObjects: {
    ...STORAGE,
    operation: 'objects.list',
    quota: 'readObjects',
    permission: 'storage.objects.list',
    role: ARCHIVIST,
    doing: 'Listing the objects of',
  },
  createObject: {
    ...STORAGE,
    operation: 'objects.insert',
    quota: 'writeObjects',
    permission: 'storage.objects.create',
    role: ARCHIVIST,
    doing: 'Writing the object',
  },
  readExport: {
    ...STORAGE,
    operation: 'objects.get',
    quota: 'readObjects',
    permission: 'storage.objects.get',
    role: FILES_OF_EXPORTS,
    doing: 'Reading the exported file',
  },
  listExport: {
    ...STORAGE,
    operation: 'objects.list',
    quota: 'readObjects',
    permission: 'storage.objects.list',
    role: FILES_OF_EXPORTS,
    doing: 'Listing the exported files of',
  },
  deleteExport: {
    ...STORAGE,
    operation: 'objects.delete',
    quota: 'writeObjects',
    permission: 'storage.objects.delete',
    role: FILES_OF_EXPORTS,
    doing: 'Deleting the exported file',
  },
} as const satisfies Record<string, Call>

/** What the function of single changes asks of one project, by a role of its own. */
export const EVENT_CALLS: readonly Call[] = [
  CALLS.getProject,
  CALLS.getFolder,
  CALLS.listKeys,
  CALLS.getService,
  CALLS.getConsumerPolicy,
  CALLS.listTimeSeries,
  CALLS.getEffectivePolicy,
]

/** How often an operation was asked. */
export interface RequestCount {
  readonly service: string
  readonly operation: string
  /** Attempts that gave a usable answer. */
  readonly answered: number
  /** Attempts that gave none, whatever the reason; most were tried again. */
  readonly failed: number
}

/** Counts every attempt over HTTP by operation, whatever it was made for. */
export class RequestTally {
  readonly #counts = new Map<
    string,
    { service: string; operation: string; answered: number; failed: number }
  >()

  add({ service, operation }: Call, outcome: 'answered' | 'failed'): void {
    const name = `${service} ${operation}`
    const count = this.#counts.get(name) ?? { service, operation, answered: 0, failed: 0 }
    count[outcome] += 1
    this.#counts.set(name, count)
  }

  snapshot(): readonly RequestCount[] {
    return [...this.#counts.values()].map((count) => ({ ...count }))
  }
}
