import { type Advice, adviceText } from '../errors.js'
import { type Auditor, addressed } from '../google/auditor.js'
import { type ApiError, isOfChargedProject, isOfCredentials } from '../google/errors.js'
import { gsBucketOf } from '../gs-path.js'
import { isRefused } from '../inventory/failures.js'
import { isProject } from '../inventory/scopes.js'
import type { Actor, Plan } from './check.js'
import { CHECKS, type CheckName } from './checks.js'
import { RESULTS, type Result, type Trial, type Trouble } from './trial.js'

/** Everything that was tried, and for which plan. */
interface Tried {
  readonly plan: Plan
  readonly trials: readonly Trial<CheckName>[]
  /** Projects that lie in no organization, by their names: their IDs. */
  readonly standalone: ReadonlyMap<string, string>
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
  // How far an account reaches is no matter of any deadline.
  policiesSearch: () => 'warning',
  serviceAccountsGet: () => 'warning',
  projectsGetIamPolicy: () => 'warning',
  // Where an export fails, its scope is listed.
  exportAssets: () => 'warning',
  exportFiles: () => 'warning',
  // Nobody may look where the records lie: that is no reason to think that they are not kept.
  retention: () => 'warning',
}

/** The result of a check that did not go well. */
function severity({ check, on }: Trial<CheckName>, trouble: Trouble, tried: Tried): Result {
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
function isTheAuditors(error: ApiError | undefined): boolean {
  if (error === undefined) return false
  return isOfCredentials(error) || isOfChargedProject(error, error.subject.replace(/^projects\//, ''))
}

/** One line of what the doctor says. */
export interface Line {
  readonly check: CheckName
  /** What was called. */
  readonly call: string
  /** Whose identity it was called with. */
  readonly as: string
  /** The resource. */
  readonly on: string
  readonly result: Result
  /** What was seen, or why it did not work. */
  readonly says: string
  /** What it means for a run, where something is not as it should be. */
  readonly otherwise?: string
  /** What to do, with the command where there is one. */
  readonly fix?: string
  /** The command alone. */
  readonly command?: string
  /** A page on which it is done, or which says more. */
  readonly url?: string
}

interface Weighed {
  readonly trial: Trial<CheckName>
  readonly result: Result
  /** The same for troubles that one deed ends; undefined for what went well. */
  readonly cause: string | undefined
}

/** A line for each trial. Of troubles with one cause the first is shown, as bad as the worst of them. */
export function linesOf(
  tried: Tried,
  auditor: Auditor,
  as: Readonly<Record<Actor, string>>,
): readonly Line[] {
  const weighed = tried.trials.map((trial) => weighedTrial(trial, tried))
  return weighed.map(({ trial, result, cause }) => {
    const { check, on, outcome } = trial
    const { call, actor } = CHECKS[check]
    const line = { check, call, as: as[actor], on }
    if (outcome.kind !== 'troubled') return { ...line, result, says: outcome.says }
    const alike = cause === undefined ? [] : weighed.filter((each) => each.cause === cause)
    const first = alike[0]?.trial ?? trial
    if (first !== trial)
      return { ...line, result: 'untried', says: `for the same reason as ${sameAs(first, trial)}` }
    const results = [result, ...alike.map((each) => each.result)]
    return {
      ...line,
      result: worst(results),
      ...explained(outcome.trouble, tried, auditor),
      otherwise: otherwiseOf(check, outcome.trouble),
    }
  })
}

function weighedTrial(trial: Trial<CheckName>, tried: Tried): Weighed {
  const { outcome } = trial
  if (outcome.kind !== 'troubled') return { trial, result: outcome.kind, cause: undefined }
  return { trial, result: severity(trial, outcome.trouble, tried), cause: causeOf(outcome.trouble) }
}

function causeOf({ error, code, advice }: Trouble): string | undefined {
  if (code === 'SERVICE_DISABLED') return advice?.command
  if (error === undefined) return undefined
  if (isTheAuditors(error)) return error.reason
  return [error.reason, error.operation, gsBucketOf(error.subject) ?? error.subject].join(' ')
}

function sameAs(first: Trial<CheckName>, trial: Trial<CheckName>): string {
  const { call } = CHECKS[first.check]
  return first.on === trial.on ? call : `${call} on ${first.on}`
}

function worst(results: readonly Result[]): Result {
  return RESULTS.findLast((result) => results.includes(result)) ?? 'untried'
}

function explained(
  trouble: Trouble,
  tried: Tried,
  auditor: Auditor,
): Pick<Line, 'says' | 'fix' | 'command' | 'url'> {
  const { says } = trouble
  const advice = adviceOn(trouble, tried)
  if (advice === undefined) return { says }
  const { say, ...where }: Advice = addressed(advice, auditor)
  return { says, fix: adviceText({ say, ...where }), ...where }
}

/** What to do, such that it can be followed: a project may turn out later to lie in no organization. */
function adviceOn({ advice, error, grantOn }: Trouble, { standalone }: Tried): Advice | undefined {
  const on = grantOn ?? error?.subject ?? ''
  const project = standalone.get(on)
  return project === undefined || error === undefined
    ? advice
    : error.forSubject(on).outsideOrganizations(project).advice
}

/** What it means for a run; without credentials no other way of reading is left. */
function otherwiseOf(check: CheckName, { error }: Trouble): string {
  return error !== undefined && isOfCredentials(error)
    ? 'Nothing can be asked: the run fails.'
    : CHECKS[check].otherwise
}
