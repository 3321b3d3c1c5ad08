import { once } from 'node:events'
import type { Request, Response } from '@google-cloud/functions-framework'
import { failureText } from '../records/recommendation.js'
import { type Attempt, attempt } from '../run/attempt.js'
import type { Outcome } from '../run/audit.js'
import type { Interruption } from '../run/interruption.js'
import type { RequestLimits } from '../run/request-limits.js'
import { stoppedSentence } from '../run/stopped-reading.js'
import { isBodyRefused, LARGEST_BODY } from './body-limit.js'

/** What the function takes from its process. */
export interface HandlerDependencies {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now: () => Date
  /**
   * Where a fault of the program goes with its stack, which the answer carries none of; and what an answer 500
   * says, since Cloud Scheduler keeps no answers and what failed may be the log or Slack itself.
   */
  readonly report: (error: unknown) => void
  readonly limits?: RequestLimits
  /** Watches for the end of the process; without it nothing but the platform ends a run. */
  readonly interruption?: Interruption
}

/** One answer of the function: an HTTP status and the JSON that goes with it. */
type Answer =
  | { readonly status: 200; readonly body: object }
  | {
      readonly status: 500
      readonly body: { readonly error: string; readonly run?: string; readonly retry: boolean }
    }

/**
 * The HTTP function: one POST is one run. 200 and the run record when the audit ran and everything was
 * delivered; 500 and `{error, run, retry}` when not, or when the process was asked to end meanwhile; 405 for
 * other methods, 413 for a body that is not taken. Never throws.
 */
export function createHandler(dependencies: HandlerDependencies) {
  return async (request: Request, response: Response): Promise<void> => {
    if (request.method !== 'POST') {
      response.set('Allow', 'POST').status(405).json({ error: 'An audit is started by POST.', retry: false })
      return
    }
    if (isBodyRefused(request)) {
      const error = `A body may have at most ${LARGEST_BODY} bytes, and none that are packed; send none.`
      response.set('Connection', 'close').status(413).json({ error, retry: false })
      return
    }
    const scheduled = request.get('X-CloudScheduler-ScheduleTime')
    const watch = dependencies.interruption?.watch()
    try {
      const { status, body } = await answer({ scheduled, stop: watch?.signal }, dependencies)
      response.status(status).json(body)
      if (watch?.signal.aborted && !response.closed) await once(response, 'close')
    } finally {
      watch?.end()
    }
  }
}

async function answer(
  asked: Pick<Attempt, 'scheduled' | 'stop'>,
  { env, now, report, limits }: HandlerDependencies,
): Promise<Answer> {
  try {
    const outcome = await attempt({ flags: {}, env }, { ...asked, now, deliver: true, limits })
    if (outcome.run.kind === 'failed' && outcome.run.fault === 'program') report(outcome.run.cause)
    const answered = answerTo(outcome)
    if (answered.status === 500) report(answered.body.error)
    return answered
  } catch (error) {
    report(error)
    const message = 'The audit stopped through a fault of its own; its stack is on standard error.'
    return { status: 500, body: { error: message, retry: true } }
  }
}

function answerTo({ run, undelivered }: Outcome): Answer {
  const stopped = run.kind === 'judged' ? stoppedSentence(run) : undefined
  if (run.kind === 'judged' && undelivered.length === 0 && stopped === undefined) {
    return { status: 200, body: run.record }
  }
  const failure = run.kind === 'failed' ? run.failure : undefined
  const reasons = [
    ...(failure === undefined ? [] : [failureText({ reason: failure.reason, problems: failure.problems })]),
    ...(stopped === undefined ? [] : [stopped]),
    ...undelivered.map(({ message }) => message),
  ]
  const next = failure?.next
  const error = failureText({ reason: reasons.join(' '), problems: [], ...(next && { next }) })
  const retry =
    stopped !== undefined || (run.kind === 'failed' && run.retry) || undelivered.some((error) => error.retry)
  return { status: 500, body: { error, run: run.record.run, retry } }
}
