import type { FailedRun, JudgedRun } from '../judged-run.js'
import { csv } from '../report/csv.js'
import { digest, failedDigest } from '../report/digest/digest.js'
import type { Delivery, Receipt } from './delivery.js'
import type { SlackChannel, SlackPost } from './slack.js'

/** Posts the digest of a run with its thread and the list of affected keys, or that the run failed. */
export class SlackDelivery implements Delivery {
  readonly to: string
  readonly #channel: SlackChannel

  constructor(channel: SlackChannel) {
    this.to = channel.to
    this.#channel = channel
  }

  async deliver(run: JudgedRun | FailedRun): Promise<Receipt> {
    const { audit, time } = run.run
    const digested = run.kind === 'failed' ? failedDigest(run.record) : digest({ ...run, run: run.record })
    const tells = run.kind === 'failed' ? 'failure' : 'digest'
    const file = await fileOf(run)
    const { ts, problems } = await this.#channel.post({ audit, run: time, tells, ...digested, ...file })
    return { message: ts, problems }
  }
}

async function fileOf(run: JudgedRun | FailedRun): Promise<Pick<SlackPost, 'file'>> {
  if (run.kind === 'failed' || run.affected.length === 0) return {}
  let content = ''
  for await (const part of csv(run.affected)) content += part
  const name = `gemini-key-audit-${run.run.asOf}.csv`
  return { file: { name, title: `Affected keys on ${run.run.asOf}`, content } }
}
