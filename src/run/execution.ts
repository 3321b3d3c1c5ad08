import { auditName, type ReadConfig } from '../config/config.js'
import { createGoogle } from '../google/client.js'
import { ArchiveError } from '../history/archive-store.js'
import { beginningOf } from '../history/executions.js'
import type { Instant } from '../model.js'
import { originOf, storeFor } from './archive-stores.js'

type Env = Readonly<Record<string, string | undefined>>

/**
 * The execution of a Cloud Run job that this process is an attempt at; undefined elsewhere.
 * @see https://cloud.google.com/run/docs/container-contract#jobs-env-vars
 */
export function executionIn(env: Env): string | undefined {
  const { CLOUD_RUN_EXECUTION: execution = '', CLOUD_RUN_TASK_ATTEMPT: attempt = '' } = env
  return /^[a-z][a-z0-9-]{0,62}$/.test(execution) && /^\d+$/.test(attempt) ? execution : undefined
}

/**
 * When the first attempt at the execution began, where there is an archive that remembers it. One that cannot be used
 * is met again, and told, when the run is compared.
 */
export async function executionBegan(
  { values, problems }: ReadConfig,
  execution: string | undefined,
  started: Instant,
): Promise<Instant | undefined> {
  const { archive, pace = 90 } = values
  if (execution === undefined || archive === undefined || problems.length > 0) return undefined
  try {
    const store = storeFor(archive, createGoogle({ pace, ...originOf(values) }))
    return await beginningOf(store, { audit: auditName(values), execution, started })
  } catch (error) {
    if (error instanceof ArchiveError) return undefined
    throw error
  }
}
