import type { Turn } from '../history/turn.js'
import type { FailedRun, JudgedRun } from '../judged-run.js'
import { csv } from '../report/csv.js'
import { type Digest, digest, failedDigest, repeated } from '../report/digest/digest.js'
import type { Delivery, Receipt } from './delivery.js'
import type { Earlier, Posted, SlackChannel, SlackPost } from './slack.js'

/** Posts the digest of a run with its thread and the list of affected keys, or that the run failed. */
export class SlackDelivery implements Delivery {
  readonly to: string
  readonly isRepeatable = false
  readonly #channel: SlackChannel

  constructor(channel: SlackChannel) {
    this.to = channel.to
    this.#channel = channel
  }

  /**
   * Where an earlier attempt may have posted, the channel is looked through first: a message that stands there
   * is completed. Where the channel may not be read, the message says that it may be a repetition.
   */
  async deliver(run: JudgedRun | FailedRun, turn?: Pick<Turn, 'isUncertain' | 'hold'>): Promise<Receipt> {
    const post = await postOf(run, turn)
    const earlier = turn?.isUncertain === true ? await this.#channel.look(post) : 'absent'
    const { ts, problems } = await this.#posted(post, earlier)
    return { message: ts, problems }
  }

  #posted(post: SlackPost, earlier: Earlier): Promise<Posted> {
    if (earlier === 'absent') return this.#channel.post(post)
    if (earlier === 'unreadable') return this.#channel.post({ ...post, ...repeated(post) })
    return this.#channel.complete(post, earlier.ts)
  }
}

async function postOf(run: JudgedRun | FailedRun, turn?: Pick<Turn, 'hold'>): Promise<SlackPost> {
  const { audit, time } = run.run
  const digested: Digest =
    run.kind === 'failed' ? failedDigest(run.record) : digest({ ...run, run: run.record })
  const tells = run.kind === 'failed' ? 'failure' : 'digest'
  const hold = turn === undefined ? {} : { hold: turn.hold }
  return { audit, run: time, tells, ...digested, ...(await fileOf(run)), ...hold }
}

async function fileOf(run: JudgedRun | FailedRun): Promise<Pick<SlackPost, 'file'>> {
  if (run.kind === 'failed' || run.affected.length === 0) return {}
  let content = ''
  for await (const part of csv(run.affected)) content += part
  const name = `gemini-key-audit-${run.run.asOf}.csv`
  return { file: { name, title: `Affected keys on ${run.run.asOf}`, content } }
}
