import { becauseText } from '../errors.js'
import type { Gap } from '../model.js'
import { becauseOfOne, type GapRecord } from '../records/gap-record.js'

/** What a stopped reading left, as gaps and their records say it alike. */
interface Unread {
  readonly code: string
  readonly subject: string
  /** `stopped by SIGTERM after 812 of 3,000 projects`. */
  readonly because: string
}

/** Of what one stopped reading left, what says most of how far it came: a project of many before a whole scope. */
function stoppedIn(unread: readonly Unread[]): Unread | undefined {
  const stopped = unread.filter(({ code }) => code === 'STOPPED')
  return stopped.find(({ subject }) => subject.startsWith('projects/')) ?? stopped[0]
}

/** One sentence about a run that is reported although its reading was stopped; undefined where it was not. */
export function stoppedSentence(gaps: readonly GapRecord[]): string | undefined {
  const stopped = stoppedIn(
    gaps.map((gap) => ({
      code: gap.reason,
      subject: gap.subjects[0] ?? '',
      because: becauseOfOne(gap),
    })),
  )
  return stopped && `The audit was ${stopped.because}: what was read is reported, the rest as gaps.`
}

/** A reading that was stopped, of a run that is asked for again: what was read is not judged. */
export class StoppedReading extends Error {
  override readonly name = 'StoppedReading'

  private constructor({ because }: Unread) {
    super(
      `The audit was ${because}. Nothing of this attempt is kept: the next attempt at this run reads anew.`,
    )
  }

  /** Throws one where a reading was stopped. */
  static demandNoneIn(gaps: readonly Gap[]): void {
    const stopped = stoppedIn(
      gaps.map(({ subject, problem }) => ({ code: problem.code, subject, because: becauseText(problem) })),
    )
    if (stopped !== undefined) throw new StoppedReading(stopped)
  }
}
