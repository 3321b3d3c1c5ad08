import {
  archiveGaps,
  archiveKeeps,
  archiveLists,
  archiveReads,
  archiveWrites,
  ocsfWrites,
} from './archive-checks.js'
import type { Check } from './check.js'
import { entriesWrite, retention } from './log-checks.js'
import { exportAssets, exportFiles, securityCenter } from './permission-checks.js'
import { clock, configuration, policy } from './process-checks.js'
import {
  foldersGet,
  getEffectivePolicy,
  keysList,
  projectsGet,
  projectsGetIamPolicy,
  serviceAccountsGet,
  servicesGet,
  timeSeriesList,
} from './project-checks.js'
import {
  assetsList,
  consumerPolicies,
  foldersList,
  organizationsSearch,
  policiesList,
  policiesSearch,
  projectsList,
  searchAllResources,
} from './scope-checks.js'
import { size } from './size-check.js'
import { authTest, conversations, slackScopes } from './slack-checks.js'

/** Every check in its order: what one finds, such as a project to try rights on, those after it go by. */
export const CHECKS = {
  configuration,
  clock,
  policy,
  organizationsSearch,
  searchAllResources,
  assetsList,
  projectsList,
  foldersList,
  projectsGet,
  foldersGet,
  keysList,
  servicesGet,
  consumerPolicies,
  timeSeriesList,
  getEffectivePolicy,
  policiesList,
  policiesSearch,
  serviceAccountsGet,
  projectsGetIamPolicy,
  exportAssets,
  exportFiles,
  archiveWrites,
  archiveReads,
  archiveLists,
  archiveKeeps,
  archiveGaps,
  ocsfWrites,
  securityCenter,
  entriesWrite,
  retention,
  authTest,
  slackScopes,
  conversations,
  size,
} as const satisfies Record<string, Check>

export type CheckName = keyof typeof CHECKS
