import type { DeliveryError } from '../../deliver/delivery.js'
import { ConfigError } from '../../errors.js'
import { ApiError } from '../../google/errors.js'
import { ArchiveError } from '../../history/archive-store.js'
import type { DeliveryClaims } from '../../history/claims.js'
import type { Lease } from '../../history/lease.js'
import type { AssetChange } from '../../policy/asset-change.js'
import type { Policy } from '../../policy/policy.js'
import { sha256 } from '../../records/canonical.js'
import { failureText, misconfigured } from '../../records/recommendation.js'
import { type JudgedChange, type JudgingDependencies, judgedChanges, PassingFailure } from './judging.js'
import { type ClaimedChange, type PostingDependencies, reportChanges } from './posting.js'

/** What became of a change. `failed`: `error` says why, in sentences without a secret. */
export type Settled = { readonly kind: 'done' } | Failed

interface Failed {
  readonly kind: 'failed'
  readonly error: string
  /** Whether the change is to come again: the failure may pass, or an operator can end it. */
  readonly again: boolean
  /** Whether it may have been posted all the same. */
  readonly isUnclear: boolean
  /** A fault of the program, whose stack is worth keeping. */
  readonly fault?: unknown
}

export interface EventDependencies
  extends Omit<JudgingDependencies, 'policy'>,
    Omit<PostingDependencies, 'policy'> {
  readonly readPolicy: () => Promise<Policy>
  /** Absent without an archive. */
  readonly claimsOf?: ((id: string) => DeliveryClaims) | undefined
}

const DONE: Settled = { kind: 'done' }

/** A change that is this attempt's to tell. */
interface Taken {
  readonly change: AssetChange
  readonly id: string
  readonly claims?: DeliveryClaims
  readonly lease?: Lease
}

/** What the claims on a change as a whole are called. */
const WHOLE = 'event'

/**
 * Judges changes that came together, records them, and posts what is news of them: each once, where there is an archive.
 * Resolves to what became of each, in their order; nothing is thrown.
 */
export async function settleChanges(
  changes: readonly AssetChange[],
  parts: EventDependencies,
): Promise<readonly Settled[]> {
  const settled = new Map<string, Settled>()
  const taken: Taken[] = []
  for (const [id, change] of new Map(changes.map((each) => [idOf(each), each]))) {
    const found = await take(change, id, parts).catch(failureOf)
    if ('kind' in found) settled.set(id, found)
    else taken.push(found)
  }
  for (const [id, outcome] of await settleTaken(taken, parts)) settled.set(id, outcome)
  return changes.map((change) => settled.get(idOf(change)) ?? DONE)
}

/** The same change has the same ID, however often it is reported. */
function idOf({ asset, at, kind }: AssetChange): string {
  return sha256([asset, at, kind].join('\n'))
}

async function take(
  change: AssetChange,
  id: string,
  { claimsOf }: EventDependencies,
): Promise<Taken | Settled> {
  if (claimsOf === undefined) return { change, id }
  const claims = claimsOf(id)
  const lease = await claims.take(WHOLE)
  return 'at' in lease ? DONE : { change, id, claims, lease }
}

async function settleTaken(
  taken: readonly Taken[],
  parts: EventDependencies,
): Promise<ReadonlyMap<string, Settled>> {
  const settled = new Map<string, Settled>()
  const judged: ClaimedChange[] = []
  try {
    if (taken.length === 0) return settled
    const policy = await parts.readPolicy()
    for (const [project, its] of byProject(taken)) {
      const found = await judgedChanges(
        project,
        its.map(({ change }) => change),
        { ...parts, policy },
      ).catch(failureOf)
      if ('kind' in found) for (const { id } of its) settled.set(id, found)
      else judged.push(...its.flatMap((each, index) => claimed(each, found[index])))
    }
    const undelivered = await reportChanges(judged, { ...parts, policy })
    for (const change of judged) settled.set(change.id, outcomeOf(undelivered.get(change) ?? []))
  } catch (error) {
    for (const { id } of taken) if (!settled.has(id)) settled.set(id, failureOf(error))
  }
  await endLeases(taken, settled, parts)
  return settled
}

function claimed({ id, claims, lease }: Taken, judged: JudgedChange | undefined): readonly ClaimedChange[] {
  return judged === undefined ? [] : [{ judged, id, claims, isUncertain: lease?.isUncertain ?? false }]
}

function byProject(taken: readonly Taken[]): ReadonlyMap<string, readonly Taken[]> {
  const projects = new Map<string, Taken[]>()
  for (const each of taken) {
    projects.set(each.change.project, [...(projects.get(each.change.project) ?? []), each])
  }
  return projects
}

/** What failed for good is done with: it is recorded, and would fail again. */
async function endLeases(
  taken: readonly Taken[],
  settled: Map<string, Settled>,
  { now }: EventDependencies,
): Promise<void> {
  for (const { id, lease } of taken) {
    const outcome = settled.get(id) ?? DONE
    try {
      if (outcome.kind === 'done' || !outcome.again) await lease?.done({ at: now() })
      else await lease?.failed(!outcome.isUnclear)
    } catch (error) {
      if (outcome.kind === 'done') settled.set(id, failureOf(error))
    }
  }
}

function outcomeOf(problems: readonly DeliveryError[]): Settled {
  if (problems.length === 0) return DONE
  return {
    kind: 'failed',
    error: problems.map(({ message }) => message).join(' '),
    again: problems.some(({ retry }) => retry),
    isUnclear: problems.some((problem) => problem.isUnclear),
  }
}

/** What keeps a change from being judged: never that the change is of no matter. */
export function failureOf(error: unknown): Failed {
  const failed = { kind: 'failed', again: true, isUnclear: false } as const
  if (error instanceof ConfigError) return { ...failed, error: failureText(misconfigured(error.problems)) }
  if (error instanceof ApiError) return { ...failed, error: `${error.message}.` }
  if (error instanceof PassingFailure || error instanceof ArchiveError)
    return { ...failed, error: error.message }
  const name = error instanceof Error ? error.name : typeof error
  return {
    ...failed,
    error: `A change could not be judged through a fault of the program (${name}).`,
    fault: error,
  }
}
