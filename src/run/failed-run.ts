import { ConfigError } from '../errors.js'
import { CALLS } from '../google/calls.js'
import { ApiError, isOfCredentials } from '../google/errors.js'
import { mayPass } from '../google/retry.js'
import { ArchiveError } from '../history/archive-store.js'
import type { FailedRun } from '../history/judged-run.js'
import type { Run } from '../model.js'
import { type Failure, failureText, misconfigured, recommendingDoctor } from '../records/recommendation.js'
import { failedRunRecord } from '../records/run-record.js'
import { TOOL } from '../version.js'
import { StoppedReading } from './stopped-reading.js'

/** The run that ended with this error before anything could be judged. */
export function failedRun(run: Run, cause: unknown): FailedRun {
  const { fault, retry, ...explanation } = explained(cause)
  const failure: Failure = {
    problems: [],
    ...explanation,
    ...(isSeenByDoctor(cause) && { next: recommendingDoctor(run.scope) }),
  }
  return {
    kind: 'failed',
    run,
    record: failedRunRecord(run, run.reading, failureText(failure), TOOL),
    failure,
    fault,
    retry,
    cause,
  }
}

/**
 * Whether the doctor finds more than the failure says: a right that is missing, or an API that is off, is seldom
 * the only one, while a wrong configuration names all its problems, and without credentials nothing can be tried.
 */
function isSeenByDoctor(cause: unknown): boolean {
  if (cause instanceof ArchiveError) return isSeenByDoctor(cause.cause)
  if (!(cause instanceof ApiError) || isOfCredentials(cause)) return false
  return cause.status === 403 || cause.status === 404
}

/** What lists a scope. */
const LISTINGS: ReadonlySet<string> = new Set(
  [CALLS.listAssets, CALLS.listProjects, CALLS.listFolders, CALLS.getProject].map(
    ({ operation }) => operation,
  ),
)

/** Whether a scope could not be listed for a reason that may be mended before the next attempt. */
function isUnlisted(error: ApiError): boolean {
  return LISTINGS.has(error.operation) && !isOfCredentials(error)
}

function explained(
  cause: unknown,
): Pick<FailedRun, 'fault' | 'retry'> &
  Omit<Failure, 'problems' | 'next'> &
  Partial<Pick<Failure, 'problems'>> {
  if (cause instanceof ConfigError) {
    return { fault: 'configuration', retry: false, ...misconfigured(cause.problems) }
  }
  if (cause instanceof ApiError)
    return {
      fault: 'platform',
      retry: mayPass(cause) || isUnlisted(cause),
      code: cause.reason,
      reason: `${cause.message}.`,
    }
  if (cause instanceof StoppedReading)
    return { fault: 'platform', retry: true, code: 'STOPPED', reason: cause.message }
  if (cause instanceof ArchiveError)
    return { fault: 'platform', retry: cause.retry, code: cause.explanation.code, reason: cause.message }
  const name = cause instanceof Error ? cause.name : typeof cause
  return {
    fault: 'program',
    retry: true,
    code: 'FAULT',
    reason:
      `The audit stopped through a fault of its own (${name}); its stack is on standard error. ` +
      `Please report it with the version, ${TOOL.version}.`,
  }
}
