import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { grpcStatus } from '../grpc-status.js'
import { CALLS } from './calls.js'
import type { GoogleClient } from './client.js'
import { cloudasset } from './cloudasset.js'
import { ApiError } from './errors.js'
import { cleaned } from './failure.js'

/** What is exported, and where the files go. */
export interface ExportRequest {
  /** `organizations/N`, `folders/N`, `projects/ID`. */
  readonly scope: string
  readonly assetTypes: readonly string[]
  /**
   * `gs://BUCKET/PREFIX` for an attempt, from 1 on. Each needs its own: where an answer was lost, the export
   * may be under way, and Google refuses a second one to the same place.
   */
  readonly prefixFor: (attempt: number) => string
}

/** An export that has begun. */
export interface RunningExport {
  readonly scope: string
  /** `organizations/N/operations/ExportAssets/RESOURCE/ID`. */
  readonly operation: string
  /** `gs://BUCKET/PREFIX`: the files are `PREFIX/ASSET_TYPE/NUMBER`. */
  readonly prefix: string
}

/** An export whose files are all written. */
export interface FinishedExport {
  /** The files, as `gs://BUCKET/OBJECT`, where Google names them. */
  readonly uris: readonly string[] | undefined
  /** The moment that the files show, as Google writes it. */
  readonly readTime: string | undefined
}

/** Milliseconds between two looks at an operation: the first, and the most. */
export interface Pauses {
  readonly first: number
  readonly longest: number
}

/** Google recommends at least two seconds, growing. */
export const EXPORT_PAUSES: Pauses = { first: 2_000, longest: 30_000 }

const NAME = /^(organizations|folders|projects)\/[^/]+\/operations\/.+$/

const operation = z.object({
  name: z.string().regex(NAME),
  done: z.boolean().nullish(),
  error: z.object({ code: z.number().nullish(), message: z.string().nullish() }).nullish(),
  response: z
    .object({
      readTime: z.string().nullish(),
      outputResult: z
        .object({ gcsResult: z.object({ uris: z.array(z.string()).nullish() }).nullish() })
        .nullish(),
    })
    .nullish(),
})

type Operation = z.infer<typeof operation>

/** Wrapped, since a failed operation has an `error` under status 200, which in any other answer is damage. */
const looked = z.object({ operation })

/**
 * Has all assets of some types in a scope written to Cloud Storage, with their resources; does not wait.
 * Throws `ApiError`.
 * @see https://cloud.google.com/asset-inventory/docs/reference/rest/v1/TopLevel/exportAssets
 */
export async function startExport(client: GoogleClient, request: ExportRequest): Promise<RunningExport> {
  const { v1 } = await cloudasset(client)
  const { scope, assetTypes, prefixFor } = request
  let attempt = 0
  let prefix = ''
  const { name } = await client.ask({
    call: CALLS.exportAssets,
    subject: scope,
    send: (options) => {
      attempt += 1
      prefix = prefixFor(attempt)
      const outputConfig = { gcsDestination: { uriPrefix: prefix } }
      const requestBody = { assetTypes: [...assetTypes], contentType: 'RESOURCE', outputConfig }
      return v1.exportAssets({ parent: scope, requestBody }, options)
    },
    schema: operation,
  })
  return { scope, operation: name, prefix }
}

/**
 * Waits until an export is done, looking at it in growing pauses. Throws `ApiError`: of `exportAssets` where the
 * export itself has failed, and with `OUT_OF_TIME` when the client's time, which `signal` ends, is up.
 */
export async function finishExport(
  client: GoogleClient,
  { scope, operation: name }: RunningExport,
  pauses: Pauses,
  signal: AbortSignal,
): Promise<FinishedExport> {
  const { operations } = await cloudasset(client)
  for (let pause = pauses.first; ; pause = Math.min(pauses.longest, pause * 1.5)) {
    await sleep(pause, undefined, { signal }).catch(() => undefined) // the question says that time is up
    const { operation: state } = await client.ask({
      call: CALLS.getOperation,
      subject: scope,
      send: async (options) => {
        const { data } = await operations.get({ name }, options)
        return { data: { operation: data } }
      },
      schema: looked,
    })
    if (state.done) return outcomeOf(scope, state)
  }
}

function outcomeOf(scope: string, { error, response }: Operation): FinishedExport {
  if (error) throw failed(scope, error)
  if (!response) {
    throw new ApiError(CALLS.exportAssets, scope, {
      reason: 'MALFORMED',
      detail: 'the operation is done, and has neither a result nor an error',
    })
  }
  return {
    uris: response.outputResult?.gcsResult?.uris ?? undefined,
    readTime: response.readTime ?? undefined,
  }
}

function failed(scope: string, { code, message }: NonNullable<Operation['error']>): ApiError {
  const reason = grpcStatus(code) ?? 'EXPORT_FAILED'
  const detail = message ? cleaned(message) : 'the export failed, and Google does not say why'
  return new ApiError(CALLS.exportAssets, scope, {
    reason,
    detail,
    ...(reason === 'PERMISSION_DENIED' && { status: 403 }),
  })
}
