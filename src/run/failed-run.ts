import { ConfigError } from '../errors.js'
import { ApiError } from '../google/errors.js'
import { mayPass } from '../google/retry.js'
import { ArchiveError } from '../history/error.js'
import type { FailedRun } from '../history/judged-run.js'
import type { Run } from '../model.js'
import { recommending } from '../records/recommendation.js'
import { failedRunRecord } from '../records/run-record.js'
import { TOOL } from '../version.js'
import { StoppedReading } from './stopped-reading.js'

/** The run that ended with this error before anything could be judged. */
export function failedRun(run: Run, cause: unknown): FailedRun {
  const { fault, retry, message } = explained(cause)
  return {
    kind: 'failed',
    run,
    record: failedRunRecord(run, run.reading, recommending([message]), TOOL),
    fault,
    retry,
    cause,
  }
}

function explained(cause: unknown): Pick<FailedRun, 'fault' | 'retry'> & { message: string } {
  if (cause instanceof ConfigError) {
    return { fault: 'configuration', retry: false, message: `The configuration is wrong: ${cause.message}` }
  }
  if (cause instanceof ApiError)
    return { fault: 'platform', retry: mayPass(cause), message: `${cause.message}.` }
  if (cause instanceof StoppedReading) return { fault: 'platform', retry: true, message: cause.message }
  if (cause instanceof ArchiveError) return { fault: 'platform', retry: cause.retry, message: cause.message }
  const name = cause instanceof Error ? cause.name : typeof cause
  return {
    fault: 'program',
    retry: true,
    message:
      `The audit stopped through a fault of its own (${name}); its stack is on standard error. ` +
      `Please report it with the version, ${TOOL.version}.`,
  }
}
