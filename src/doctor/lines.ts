import { type Advice, adviceText } from '../errors.js'
import { type Auditor, addressed } from '../google/error-kinds.js'
import { isOfCredentials } from '../google/errors.js'
import { gsBucketOf } from '../gs-path.js'
import type { Actor } from './check.js'
import { CHECKS, type CheckName } from './checks.js'
import { isTheAuditors, severity, type Tried } from './severity.js'
import { RESULTS, type Result, type Trial, type Trouble } from './trial.js'

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

/** A line for each trial. Of troubles with one cause the first is told, as bad as the worst of them. */
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
      ...told(outcome.trouble, auditor),
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

function told({ says, advice }: Trouble, auditor: Auditor): Pick<Line, 'says' | 'fix' | 'command' | 'url'> {
  if (advice === undefined) return { says }
  const { say, ...where }: Advice = addressed(advice, auditor)
  return { says, fix: adviceText({ say, ...where }), ...where }
}

/** What it means for a run; without credentials no other way of reading is left. */
function otherwiseOf(check: CheckName, { error }: Trouble): string {
  return error !== undefined && isOfCredentials(error)
    ? 'Nothing can be asked: the run fails.'
    : CHECKS[check].otherwise
}
