import { weekday } from '../../calendar.js'
import { detailsOf, type FailedRun, type JudgedRun } from '../../history/judged-run.js'
import type { Lease } from '../../history/lease.js'
import type { Route } from '../../policy/policy.js'
import { canonical, sha256 } from '../../records/canonical.js'
import type { KeyRecord } from '../../records/key-record.js'
import { archiveSentences, type PassedOver } from '../../records/run-record.js'
import type { ChartRun } from '../../records/trend.js'
import { chartPng } from '../../report/chart/png.js'
import { chartText } from '../../report/chart/words.js'
import { csv } from '../../report/csv.js'
import { digest, failedDigest, repeated } from '../../report/digest/digest.js'
import type { DigestFacts, RunPage } from '../../report/digest/digest-facts.js'
import { isRoutedBy, routedFacts } from '../../report/routed.js'
import type { Delivery, Receipt } from '../delivery.js'
import { withItself } from '../delivery.js'
import type { Earlier, Posted, SlackChannel, SlackFile, SlackPost } from './channel.js'

/** Which part of a run goes to a channel. */
export interface SlackDeliveryOptions {
  /** Only the keys of these routes; all keys without any. */
  readonly routes?: readonly Route[]
  /** What the chart shows besides the run itself; without it there is none. */
  readonly runsBefore?: (run: JudgedRun) => Promise<readonly ChartRun[]>
  /** The pages about a run to which its digest leads. */
  readonly pagesOf?: (run: JudgedRun) => readonly RunPage[]
}

/** Posts the digest of a run with its thread and the list of affected keys, or that the run failed. */
export class SlackDelivery implements Delivery {
  readonly what = 'the digest'
  readonly to: string
  readonly isRepeatable = false
  readonly #channel: SlackChannel
  readonly #options: SlackDeliveryOptions

  constructor(channel: SlackChannel, options: SlackDeliveryOptions = {}) {
    this.to = channel.to
    this.#channel = channel
    this.#options = options
  }

  /**
   * Where an earlier attempt may have posted, the channel is looked through first: a message that stands there
   * is completed. Where the channel may not be read, the message says that it may be a repetition.
   */
  async deliver(
    run: JudgedRun | FailedRun,
    lease?: Pick<Lease, 'isUncertain' | 'passedOver' | 'renew'>,
  ): Promise<Receipt> {
    const renew = lease === undefined ? {} : { renew: lease.renew }
    const shown = withPassedOver(run, lease?.passedOver)
    const head = sha256(canonical(run.record))
    const post = { ...(await postOf(shown, head, this.#options)), ...renew }
    const earlier = lease?.isUncertain === true ? await this.#channel.look(post) : 'absent'
    const { ts, problems } = await this.#posted(post, earlier)
    return { message: ts, problems }
  }

  #posted(post: SlackPost, earlier: Earlier): Promise<Posted> {
    if (earlier === 'absent') return this.#channel.post(post)
    if (earlier === 'unreadable') return this.#channel.post({ ...post, ...repeated(post) })
    return this.#channel.complete(post, earlier.ts)
  }
}

async function postOf(
  run: JudgedRun | FailedRun,
  head: string,
  { routes, runsBefore, pagesOf }: SlackDeliveryOptions,
): Promise<SlackPost> {
  const { audit, time } = run.run
  const of = { audit, run: time, sha256: head }
  if (run.kind === 'failed') return { ...of, tells: 'failure', ...failedDigest(run.record, run) }
  const { picture, remark } = runsBefore === undefined ? {} : await weeklyChart(run, runsBefore)
  const whole = withRemark({ ...run, run: run.record, head: of.sha256, links: pagesOf?.(run) ?? [] }, remark)
  const facts = routes === undefined ? whole : await routedFacts(whole, routes, detailsOf(run))
  return {
    ...of,
    tells: 'digest',
    ...digest(facts),
    ...(await fileOf(facts, () => keysFor(run, routes))),
    ...(picture === undefined ? {} : { picture }),
  }
}

/** With what was met among the claims since the run was remembered. The run record stays as it is. */
function withPassedOver(
  run: JudgedRun | FailedRun,
  objects: readonly PassedOver[] = [],
): JudgedRun | FailedRun {
  if (run.kind === 'failed' || objects.length === 0) return run
  const { coverage } = run.record
  const archive = [...archiveSentences(objects), ...(coverage.archive ?? [])]
  return { ...run, record: { ...run.record, coverage: { ...coverage, archive } } }
}

/** Told with how the run was carried out. */
function withRemark({ run, ...facts }: DigestFacts, remark: string | undefined): DigestFacts {
  if (remark === undefined) return { run, ...facts }
  const reading = [...(run.coverage.reading ?? []), remark]
  return { run: { ...run, coverage: { ...run.coverage, reading } }, ...facts }
}

async function* keysFor(run: JudgedRun, routes: readonly Route[] | undefined): AsyncGenerator<KeyRecord> {
  for await (const record of run.affectedKeys.inOrder()) {
    if (routes === undefined || isRoutedBy(routes, record)) yield record
  }
}

/** Slack's client takes a file whole. It is made twice, so that its pieces need not lie beside it. */
async function fileOf(
  { run, affected }: DigestFacts,
  keys: () => AsyncIterable<KeyRecord>,
): Promise<Pick<SlackPost, 'file'>> {
  if (affected.count === 0) return {}
  let length = 0
  for await (const part of csv(keys())) length += Buffer.byteLength(part)
  const content = Buffer.alloc(length)
  let end = 0
  for await (const part of csv(keys())) end += content.write(part, end)
  const name = `gemini-key-audit-${run.asOf}.csv`
  return { file: { name, title: `Affected keys on ${run.asOf}`, content } }
}

/** The chart of a week, or why there is none although it is due; neither where it is not. */
interface WeeklyChart {
  readonly picture?: SlackFile
  readonly remark?: string
}

/**
 * The chart for the thread: on Mondays, from three runs on. Never rejects: a chart that cannot be made is
 * reported, and holds up nothing.
 */
export async function weeklyChart(
  run: JudgedRun,
  runsBefore: (run: JudgedRun) => Promise<readonly ChartRun[]>,
): Promise<WeeklyChart> {
  const { asOf, asOfOverridden } = run.run
  if (asOfOverridden || weekday(asOf) !== 'Monday') return {}
  try {
    const facts = {
      runs: withItself(run, await runsBefore(run)),
      deadlines: run.record.policy.deadlines,
    }
    const content = await chartPng(facts)
    if (content === undefined) return {}
    const title = `Affected keys by rule until ${asOf}`
    return {
      picture: { name: `gemini-key-audit-${asOf}.png`, title, content, says: chartText(facts) ?? title },
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { remark: `The chart of this week could not be made: ${why}` }
  }
}
