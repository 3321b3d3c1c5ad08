import type { Delivery } from '../../deliver/delivery.js'
import { DeliveryError } from '../../deliver/delivery.js'
import type { SlackChannel } from '../../deliver/slack/channel.js'
import { ArchiveError } from '../../history/archive-store.js'
import type { DeliveryClaims } from '../../history/claims.js'
import type { DoneMark } from '../../history/lease.js'
import type { Instant } from '../../model.js'
import type { Policy } from '../../policy/policy.js'
import { sha256 } from '../../records/canonical.js'
import { deliveryRecord } from '../../records/delivery-record.js'
import { eventRecord } from '../../records/event-record.js'
import { repeated } from '../../report/digest/digest.js'
import { eventMessage } from '../../report/event/event-message.js'
import { isRouted } from '../../report/routed.js'
import { TOOL } from '../../version.js'
import type { JudgedChange } from './judging.js'

/** A judged change with its claims in the archive, where there is one. */
export interface ClaimedChange {
  readonly judged: JudgedChange
  /** By what it is known: SHA-256 of asset and time. */
  readonly id: string
  readonly claims?: DeliveryClaims | undefined
  /** Whether an earlier attempt may have posted it and left no mark. */
  readonly isUncertain: boolean
}

export interface PostingDependencies {
  readonly now: () => Instant
  readonly policy: Pick<Policy, 'owners' | 'routes'>
  /** Where records are kept; absent where none are. */
  readonly log?: Delivery | undefined
  /** The channel of those whose owner has none. */
  readonly mainChannel?: string | undefined
  /** Undefined without a token. */
  readonly channel: (id: string) => SlackChannel | undefined
}

/** What could not be delivered, by the change. */
export type Undelivered = ReadonlyMap<ClaimedChange, readonly DeliveryError[]>

/**
 * Records all changes, and posts those that are news, in one message a channel. What is marked as done in the archive
 * is left out. Nothing but a bug is thrown.
 */
export async function reportChanges(
  changes: readonly ClaimedChange[],
  parts: PostingDependencies,
): Promise<Undelivered> {
  const undelivered = new Map<ClaimedChange, readonly DeliveryError[]>()
  const failed = (its: readonly ClaimedChange[], error: DeliveryError) => {
    for (const each of its) undelivered.set(each, [...(undelivered.get(each) ?? []), error])
  }
  await recorded(changes, parts, failed)
  for (const [id, its] of byChannel(changes, parts)) {
    const channel = parts.channel(id)
    if (channel !== undefined) await posted(its, channel, parts, failed)
  }
  return undelivered
}

type Failed = (changes: readonly ClaimedChange[], error: DeliveryError) => void

/** What a mark of a written record is called. */
const RECORD = 'record'

async function recorded(
  changes: readonly ClaimedChange[],
  { now, log }: PostingDependencies,
  failed: Failed,
): Promise<void> {
  if (log?.note === undefined) return
  for (const change of changes) {
    const { judged, claims } = change
    try {
      if ((await claims?.doneMark(RECORD)) !== undefined) continue
      await log.note(eventRecord(judged.run, { ...judged, tool: TOOL }))
      await claims?.markDone(RECORD, { at: now() })
    } catch (error) {
      failed([change], deliveryError(error, log.to))
    }
  }
}

/** The owner's routes, or else the channel of all. */
function byChannel(
  changes: readonly ClaimedChange[],
  { policy, mainChannel }: PostingDependencies,
): ReadonlyMap<string, readonly ClaimedChange[]> {
  const channels = new Map<string, ClaimedChange[]>()
  for (const change of changes.filter(({ judged }) => judged.outcome === 'news')) {
    const routes = policy.routes.filter((route) => isRouted(change.judged.project, route))
    const main = mainChannel === undefined ? [] : [mainChannel]
    const its = routes.length === 0 ? main : routes.map(({ channel }) => channel)
    for (const id of new Set(its)) channels.set(id, [...(channels.get(id) ?? []), change])
  }
  return channels
}

async function posted(
  changes: readonly ClaimedChange[],
  channel: SlackChannel,
  parts: PostingDependencies,
  failed: Failed,
): Promise<void> {
  try {
    const { open, isUnclear } = await unposted(changes, channel, parts)
    const [first, ...others] = open
    if (first === undefined) return
    const { mark, problems } = await post([first, ...others], channel, parts, isUnclear)
    for (const { claims } of open) await claims?.markDone(channel.to, mark)
    for (const problem of problems) failed(open, problem)
    await noted(open, channel.to, mark, parts)
  } catch (error) {
    const problem = deliveryError(error, channel.to)
    failed(changes, problem)
    await noted(changes, channel.to, problem, parts).catch(() => undefined) // the first failure is the one to report
  }
}

/** Those that no attempt has posted: no mark says so, and where one may be missing, the channel does not either. */
async function unposted(
  changes: readonly ClaimedChange[],
  channel: SlackChannel,
  { now }: PostingDependencies,
): Promise<{ readonly open: readonly ClaimedChange[]; readonly isUnclear: boolean }> {
  const open: ClaimedChange[] = []
  let isUnclear = false
  for (const change of changes) {
    const { claims, isUncertain, judged, id } = change
    if ((await claims?.doneMark(channel.to)) !== undefined) continue
    const { audit, time } = judged.run
    const asked = { audit, run: time, tells: 'event', sha256: id, events: [shortId(id)] } as const
    const earlier = isUncertain ? await channel.look(asked) : 'absent'
    if (earlier === 'unreadable') isUnclear = true
    if (typeof earlier === 'object') await claims?.markDone(channel.to, { at: now(), message: earlier.ts })
    else open.push(change)
  }
  return { open, isUnclear }
}

async function post(
  changes: readonly [ClaimedChange, ...ClaimedChange[]],
  channel: SlackChannel,
  { policy, now }: PostingDependencies,
  isUnclear: boolean,
): Promise<{ readonly mark: DoneMark; readonly problems: readonly DeliveryError[] }> {
  const news = changes.map(({ judged: { change, project, keys } }) => {
    const { kind, at } = change
    return { kind, at, project, keys }
  })
  const { audit, asOf } = changes[0].judged.run
  const made = eventMessage(news, { policy, asOf })
  const ids = changes.map(({ id }) => id).sort()
  const [earliest = now()] = changes.map(({ judged }) => judged.run.time).sort()
  const { ts, problems } = await channel.post({
    audit,
    run: earliest,
    tells: 'event',
    sha256: sha256(ids.join('\n')),
    events: ids.map(shortId),
    ...(isUnclear ? repeated(made) : made),
  })
  return { mark: { at: now(), message: ts }, problems: problems.map(lesser) }
}

/** A part of the thread that is missing is reported; the message stands, and is not posted again for it. */
function lesser({ to, message, explanation }: DeliveryError): DeliveryError {
  return new DeliveryError(to, false, message, explanation)
}

/** Enough to tell changes apart, and little enough for hundreds of them in the metadata of a message. */
function shortId(id: string): string {
  return id.slice(0, 16)
}

/** Writes down what became of a message, once for all of its changes. */
async function noted(
  [first]: readonly ClaimedChange[],
  to: string,
  outcome: DoneMark | DeliveryError,
  { log, now }: PostingDependencies,
): Promise<void> {
  if (first === undefined || log?.note === undefined) return
  const said =
    outcome instanceof DeliveryError
      ? { result: 'failed' as const, at: now(), error: outcome.message }
      : { result: 'delivered' as const, ...outcome }
  await log.note(deliveryRecord(first.judged.run, { to, ...said }))
}

/** A failure of the place, or of the archive, whose marks then say less than was done; anything else is a bug. */
function deliveryError(error: unknown, to: string): DeliveryError {
  if (error instanceof DeliveryError) return error
  if (error instanceof ArchiveError)
    return new DeliveryError(to, error.retry, error.message, error.explanation, true)
  throw error
}
