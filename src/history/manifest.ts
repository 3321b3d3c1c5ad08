import * as z from 'zod'
import { CLOCK_SKEW, parseInstant, secondsBetween } from '../calendar.js'
import type { Explanation } from '../errors.js'
import { type Instant, type Run, VERDICTS } from '../model.js'
import type { Policy } from '../policy/policy.js'
import { RULES } from '../policy/rules.js'
import { canonical, SHA_256, sha256 } from '../records/canonical.js'
import { SCHEMA } from '../records/head.js'
import type { JudgedRunRecord } from '../records/run-record.js'
import type { ChartRun } from '../records/trend.js'
import { ArchiveError } from './archive-store.js'
import { RECORDS_NAME } from './names.js'

/** The form of everything that the archive holds. It rises when an older program could not read it. */
export const FORMAT = 1

/** How the claims of a run are named. */
export const CLAIMS_BY_RECORD = 'by-record'

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
  /** Claims lie in a folder of the run record's digest; absent in what version 0.1.0 wrote. */
  readonly claims?: typeof CLAIMS_BY_RECORD
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

const digest = z.string().regex(SHA_256)

const instant = z.custom<Instant>((value) => typeof value === 'string' && parseInstant(value) === value)
const counts = z.record(z.string(), z.number())
const link = z.object({ run: instant, sha256: digest })

/**
 * A run record as far as later runs and deliveries go by it. A digest says that a record is whole, not that this
 * program wrote it: everybody who may add objects to the archive can make one.
 */
const ownRecord = z.looseObject({
  schema: z.literal(SCHEMA),
  record: z.literal('run'),
  audit: z.string(),
  run: instant,
  reading: instant,
  asOf: z.string(),
  asOfOverridden: z.literal(true).optional(),
  outcome: z.enum(['complete', 'incomplete']),
  startedAt: instant,
  judgedAt: instant,
  scope: z.array(z.string()),
  coverage: z.looseObject({
    complete: z.boolean(),
    projects: z.number(),
    excluded: z.looseObject({ projects: z.number(), verdict: counts }),
    gaps: counts,
    reading: z.array(z.string()).optional(),
  }),
  uses: counts.optional(),
  counts: z.looseObject({
    keys: z.number(),
    type: counts,
    verdict: z.looseObject(Object.fromEntries(VERDICTS.map((verdict) => [verdict, z.number()]))),
    rule: z.looseObject(Object.fromEntries(RULES.map((rule) => [rule, counts]))),
    strictest: z.record(z.string(), z.looseObject({ due: z.number(), overdue: z.number() })).optional(),
  }),
  enforcement: z.record(z.string(), z.looseObject({})),
  changes: z.looseObject({ since: z.string().nullable() }),
  policy: z.looseObject({
    deadlines: z.looseObject(Object.fromEntries(RULES.map((rule) => [rule, z.looseObject({})]))),
    overrides: z.array(z.looseObject({})),
    exclusions: z.array(z.looseObject({ subject: z.string() })).optional(),
    sha256: z.string().optional(),
  }),
  records: z.object({ count: z.int(), sha256: digest }),
  previous: link.optional(),
  overtakenBy: link.optional(),
  tool: z.looseObject({ name: z.string(), version: z.string() }),
})

const chartRun = z.looseObject({ day: z.string(), strictest: counts.optional() })

const runRecord = z.custom<JudgedRunRecord>((value) => ownRecord.safeParse(value).success)

const written = z.object({
  audit: z.string(),
  run: instant,
  records: z.object({
    name: z.string().regex(RECORDS_NAME),
    sha256: digest,
    lines: z.int(),
  }),
  record: runRecord,
  claims: z.literal(CLAIMS_BY_RECORD).optional(),
  development: z
    .custom<readonly ChartRun[]>((value) => z.array(chartRun).safeParse(value).success)
    .optional(),
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
    explanation: Explanation = {
      code: 'DAMAGED_ARCHIVE',
      cause: `Reading ${where} failed: ${why}`,
      advice: { say: 'find the first break with `gemini-key-audit verify`' },
    },
  ) {
    super(explanation)
  }
}

/** Something that a newer version of this program wrote, as far as its digest can say. */
class NewerFormat extends DamagedArchive {
  constructor(where: string, format: number) {
    const why = `it is of format ${format}, and this version reads format ${FORMAT}`
    super(where, why, {
      code: 'NEWER_FORMAT',
      cause: `Reading ${where} failed: ${why}`,
      advice: { say: 'where a newer version wrote it, use that one' },
    })
  }
}

/** Bytes of the largest manifest: a run record, a policy with its owners, and the counts of 92 runs. */
export const LARGEST_MANIFEST = 16 * 2 ** 20

/**
 * Reads a manifest, or throws a `DamagedArchive` when it is not what was written, or of a newer format. `where` is
 * its place for the message.
 */
export function parseManifest(bytes: Buffer, where: string): Manifest {
  const { sha256: stated, ...rest } = objectIn(bytes, where)
  // A format alone proves no newer version: whatever names one must fit its own digest.
  if (stated !== digestIn(rest)) throw damaged(where, 'its digest is not that of its content')
  demandFormat(rest['format'], where)
  const { policy: delivered, development: trend, claims, ...manifest } = parsed(written, rest, where)
  const { contact, ...policy } = delivered
  return {
    format: FORMAT,
    ...manifest,
    ...(claims && { claims }),
    ...(trend === undefined ? {} : { development: trend }),
    policy: { ...policy, ...(contact === undefined ? {} : { contact }) },
  }
}

/** Of what has no canonical form there is no digest. */
function digestIn(rest: object): string | undefined {
  try {
    return sha256(canonical(rest))
  } catch {
    return undefined
  }
}

/** Why the times of a run cannot be those of a run of this program; undefined where nothing speaks against them. */
export function misdated({ run, record }: Manifest, created?: Instant): string | undefined {
  const { startedAt, judgedAt } = record
  if (secondsBetween(run, startedAt) < -CLOCK_SKEW) return 'its run began before its own time'
  if (secondsBetween(startedAt, judgedAt) < -CLOCK_SKEW) return 'its run was judged before it began'
  if (created !== undefined && secondsBetween(judgedAt, created) < -CLOCK_SKEW) {
    return 'it was put there before its run was judged'
  }
  return undefined
}

/** Seconds that remembering a judged run may take. */
export const REMEMBERING = 600

/** Why a run cannot be the next link after the one before it; undefined where it can. */
export function misplaced({ run, record }: Manifest, before: Manifest): string | undefined {
  const { previous, startedAt } = record
  if (previous?.run === before.run) {
    if (previous.sha256 === recordDigest(before)) return undefined
    return `it links to another run record of ${before.run} than the one that is there`
  }
  if (previous !== undefined && previous.run > before.run)
    return `it links to the run ${previous.run}, which is missing`
  const { judgedAt, overtakenBy } = before.record
  const isLate =
    (overtakenBy !== undefined && overtakenBy.run >= run) ||
    secondsBetween(judgedAt, startedAt) <= REMEMBERING
  return isLate ? undefined : `it does not link to the run ${before.run} before it`
}

/** SHA-256 of the canonical run record: what the next run links to, and what Slack shows the first digits of. */
export function recordDigest({ record }: Pick<Manifest, 'record'>): string {
  return sha256(canonical(record))
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
  throw new NewerFormat(where, format)
}

export function damaged(where: string, why: string): DamagedArchive {
  return new DamagedArchive(where, why)
}

/** The run that a manifest remembers. */
export function runOf({ audit, run, record }: Manifest): Run {
  const { reading, asOf, asOfOverridden = false, scope } = record
  return { audit, time: run, reading, asOf, asOfOverridden, scope }
}
