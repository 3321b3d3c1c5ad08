import * as z from 'zod'
import type { Instant, Run } from '../model.js'
import type { Policy } from '../policy/policy.js'
import { canonical, sha256 } from '../records/canonical.js'
import { SCHEMA } from '../records/head.js'
import type { JudgedRunRecord } from '../records/run-record.js'
import type { ChartRun } from '../records/trend.js'
import { ArchiveError } from './error.js'

/** The form of everything that the archive holds. It rises when an older program could not read it. */
export const FORMAT = 1

/** What of the policy deliveries need. */
export type DeliveryPolicy = Pick<Policy, 'contact' | 'owners' | 'routes'>

/** A remembered run in small: written last, so that a run is remembered when it is there. */
export interface Manifest {
  readonly format: typeof FORMAT
  readonly audit: string
  readonly run: Instant
  /** The object with the records: its name, the SHA-256 of its bytes, and how many lines follow its first. */
  readonly records: { readonly name: string; readonly sha256: string; readonly lines: number }
  /** The run record. */
  readonly record: JudgedRunRecord
  readonly policy: DeliveryPolicy
  /** The runs before this one, for the chart of a later one. */
  readonly development?: readonly ChartRun[]
}

/** The manifest as it is written: canonical JSON, with a digest of all the rest. */
export function manifestBytes(manifest: Manifest): Buffer {
  const { owners, ...policy } = manifest.policy
  const written = {
    ...manifest,
    policy: {
      ...policy,
      owners: { labels: owners.labels, folders: [...owners.folders], slack: [...owners.slack] },
    },
  }
  return Buffer.from(`${canonical({ ...written, sha256: sha256(canonical(written)) })}\n`)
}

const pairs = z.array(z.tuple([z.string(), z.string()])).transform((entries) => new Map(entries))

const digest = z.string().regex(/^[0-9a-f]{64}$/)

/** Records are this program's own, and their digests say that they are whole: they are not looked into. */
const runRecord = z.custom<JudgedRunRecord>(
  (value) =>
    z
      .looseObject({ schema: z.literal(SCHEMA), record: z.literal('run'), reading: z.string() })
      .safeParse(value).success,
)

const written = z.object({
  audit: z.string(),
  run: z.custom<Instant>((value) => typeof value === 'string'),
  records: z.object({ name: z.string(), sha256: digest, lines: z.int() }),
  record: runRecord,
  development: z.custom<readonly ChartRun[]>((value) => Array.isArray(value)).optional(),
  policy: z.object({
    contact: z.string().optional(),
    owners: z.object({ labels: z.array(z.string()), folders: pairs, slack: pairs }),
    routes: z.array(
      z.object({ by: z.enum(['owner', 'folder', 'project']), subject: z.string(), channel: z.string() }),
    ),
  }),
})

/** Something in the archive that is not what was written. */
export class DamagedArchive extends ArchiveError {
  constructor(
    readonly where: string,
    readonly why: string,
  ) {
    super(`Reading ${where} failed: ${why}; find the first break with \`gemini-key-audit verify\`.`)
  }
}

/**
 * Reads a manifest, or throws: `DamagedArchive` when it is not what was written, `ArchiveError` when a newer
 * version of this program wrote it. `where` is its place for the message.
 */
export function parseManifest(bytes: Buffer, where: string): Manifest {
  const value = objectIn(bytes, where)
  demandFormat(value['format'], where)
  const { sha256: stated, ...rest } = value
  if (stated !== sha256(canonical(rest))) throw damaged(where, 'its digest is not that of its content')
  const { policy: telling, development: trend, ...manifest } = parsed(written, rest, where)
  const { contact, ...policy } = telling
  return {
    format: FORMAT,
    ...manifest,
    ...(trend === undefined ? {} : { development: trend }),
    policy: { ...policy, ...(contact === undefined ? {} : { contact }) },
  }
}

function objectIn(bytes: Buffer, where: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(bytes.toString('utf8')))
  } catch {
    throw damaged(where, 'it is no JSON object')
  }
}

function parsed<Value>(schema: z.ZodType<Value>, value: unknown, where: string): Value {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw damaged(where, `${result.error.issues[0]?.path.join('.')} is not as it was written`)
}

/** Throws unless this program can read what was written in a format. */
export function demandFormat(format: unknown, where: string): void {
  if (format === FORMAT) return
  if (typeof format !== 'number' || format < FORMAT) throw damaged(where, 'it names no format')
  throw new ArchiveError(
    `Reading ${where} failed: it is of format ${format}, written by a newer version of this program, which ` +
      `reads format ${FORMAT}; update this one.`,
  )
}

export function damaged(where: string, why: string): DamagedArchive {
  return new DamagedArchive(where, why)
}

/** The run that a manifest remembers. */
export function runOf({ audit, run, record }: Manifest): Run {
  const { reading, asOf, asOfOverridden = false, scope } = record
  return { audit, time: run, reading, asOf, asOfOverridden, scope }
}
