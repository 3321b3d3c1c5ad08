import * as z from 'zod'
import { CLOCK_SKEW, parseInstant, secondsBetween } from '../calendar.js'
import type { Instant } from '../model.js'
import type { ArchiveStore, StoredObject } from './archive-store.js'

/** Seconds after which no attempt at an execution is made any more: Cloud Run ends a task after 7 days. */
const LONGEST = 7 * 24 * 60 * 60

const began = z.object({ began: z.string() })

/**
 * When the first attempt at an execution of a Cloud Run job began, which names the run of every attempt at it: the
 * first one leaves its start at `AUDIT/executions/EXECUTION.json`, and the others find it there. What stands there and
 * cannot be such a start is passed over. Throws `ArchiveError`.
 */
export async function beginningOf(
  store: ArchiveStore,
  {
    audit,
    execution,
    started,
  }: { readonly audit: string; readonly execution: string; readonly started: Instant },
): Promise<Instant> {
  const path = `${audit}/executions/${execution}.json`
  if (await store.create(path, Buffer.from(`${JSON.stringify({ began: started })}\n`))) return started
  const first = beganIn(await store.read(path))
  const age = first === undefined ? Number.NaN : secondsBetween(first, started)
  return first !== undefined && age >= -CLOCK_SKEW && age <= LONGEST ? first : started
}

function beganIn(content: Buffer | undefined): Instant | undefined {
  try {
    return parseInstant(began.parse(JSON.parse(content?.toString('utf8') ?? '')).began)
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined
    throw error
  }
}

/** Bytes of a beginning. */
const LARGEST = 1024

/** Whether an object of an audit is the beginning of an execution. Throws `ArchiveError`. */
export async function isBeginning(
  store: ArchiveStore,
  audit: string,
  object: StoredObject,
): Promise<boolean> {
  const isNamed = /^executions\/[a-z][a-z0-9-]{0,62}\.json$/.test(object.path)
  return (
    isNamed && object.size <= LARGEST && beganIn(await store.read(`${audit}/${object.path}`)) !== undefined
  )
}
