import { type ApiError, isOfChargedProject, isOfCredentials } from '../google/errors.js'
import { isRefused } from '../inventory/failures.js'
import { isProject } from '../inventory/scopes.js'
import type { Plan } from './check.js'
import type { CheckName } from './checks.js'
import type { Result, Trial, Trouble } from './trial.js'

/** Everything that was tried, and for which plan. */
export interface Tried {
  readonly plan: Plan
  readonly trials: readonly Trial<CheckName>[]
}

/** What a trouble means for a run, by what else works. */
type Weighing = (on: string, trouble: Trouble, tried: Tried) => Result

/**
 * What it means for a run that a check has failed: the ways that a reading goes, and what it does without.
 * A check that is not named here fails the run.
 */
const WEIGHING: Readonly<Partial<Record<CheckName, Weighing>>> = {
  searchAllResources: (_on, _trouble, tried) =>
    tried.plan.mode === 'auto' && hasWorked(tried, 'servicesGet') ? 'warning' : 'gaps',
  assetsList: (on, { error }, tried) => {
    if (tried.plan.mode !== 'auto' || !isFallenBackFrom(error)) return unread(on, tried)
    const isListed = hasWorked(tried, 'projectsList', on)
    return isListed || (isProject(on) && hasWorked(tried, 'projectsGet', on)) ? 'warning' : unread(on, tried)
  },
  projectsList: byManager,
  foldersList: byManager,
  projectsGet: (on, _trouble, tried) =>
    tried.plan.scopes.includes(on) && needsManager(on, tried) ? unread(on, tried) : 'warning',
  foldersGet: () => 'warning',
  keysList: (_on, { error }, tried) =>
    isTheAuditors(error) || tried.plan.scopes.every((scope) => needsManager(scope, tried)) ? 'fails' : 'gaps',
  servicesGet: () => 'gaps',
  consumerPolicies: () => 'warning',
  timeSeriesList: () => 'gaps',
  getEffectivePolicy: () => 'gaps',
  policiesList: () => 'warning',
  // Where an export fails, its scope is listed.
  exportAssets: () => 'warning',
  exportFiles: () => 'warning',
  // Nobody may look where the records lie: that is no reason to think that they are not kept.
  retention: () => 'warning',
}

/** The result of a check that did not go well. */
export function severity({ check, on }: Trial<CheckName>, trouble: Trouble, tried: Tried): Result {
  if (trouble.result !== undefined) return trouble.result
  if (trouble.error !== undefined && isOfCredentials(trouble.error)) return 'fails'
  return WEIGHING[check]?.(on, trouble, tried) ?? 'fails'
}

/** Resource Manager is asked where there is no asset inventory; without the folders the walk goes on, not without projects. */
function byManager(on: string, _trouble: Trouble, tried: Tried): Result {
  if (!needsManager(on, tried)) return 'warning'
  return hasWorked(tried, 'projectsList', on) ? 'gaps' : unread(on, tried)
}

/** A scope that cannot be read at all fails the run when there is no other. */
function unread(on: string, { plan }: Tried): Result {
  return plan.scopes.some((scope) => scope !== on) && plan.scopes.includes(on) ? 'gaps' : 'fails'
}

/** Whether a scope is read by Resource Manager, project by project. */
function needsManager(scope: string, tried: Tried): boolean {
  const { mode } = tried.plan
  return mode === 'projects' || (mode === 'auto' && !hasWorked(tried, 'assetsList', scope))
}

function hasWorked({ trials }: Tried, check: string, on?: string): boolean {
  return trials.some(
    (trial) =>
      trial.check === check && (on === undefined || trial.on === on) && trial.outcome.kind === 'works',
  )
}

/** An outage is no refusal: there is no other way then. */
function isFallenBackFrom(error: ApiError | undefined): boolean {
  return error !== undefined && isRefused(error)
}

/** Whether the trouble lies with the credentials or with the project that is charged, and meets every project alike. */
export function isTheAuditors(error: ApiError | undefined): boolean {
  if (error === undefined) return false
  return isOfCredentials(error) || isOfChargedProject(error, error.subject.replace(/^projects\//, ''))
}
