import { becauseText } from '../errors.js'
import type { JudgedRun } from '../history/judged-run.js'
import type { Gap } from '../model.js'

/** Of the gaps of a reading that was stopped, the one that says most of how far it came: a project of many first. */
export function stoppedGap(gaps: readonly Gap[]): Gap | undefined {
  const stopped = gaps.filter(({ problem }) => problem.code === 'STOPPED')
  return stopped.find(({ subject }) => subject.startsWith('projects/')) ?? stopped[0]
}

/** Whether the reading of a run that is reported was stopped. */
export function isStopped({ gaps }: Pick<JudgedRun, 'gaps'>): boolean {
  return gaps.some(({ reason }) => reason === 'STOPPED')
}

/** One sentence about a run that is reported although its reading was stopped; undefined where it was not. */
export function stoppedSentence(run: Pick<JudgedRun, 'gaps' | 'stopped'>): string | undefined {
  if (!isStopped(run)) return undefined
  const how = run.stopped === undefined ? 'stopped' : becauseText(run.stopped.problem)
  return `The audit was ${how}: what was read is reported, the rest as gaps.`
}

/** A reading that was stopped, of a run that is asked for again: what was read is not judged. */
export class StoppedReading extends Error {
  override readonly name = 'StoppedReading'

  private constructor({ problem }: Gap) {
    super(
      `The audit was ${becauseText(problem)}. Nothing of this attempt is kept: the next attempt at this run reads anew.`,
    )
  }

  /** Throws one where a reading was stopped. */
  static demandNoneIn(gaps: readonly Gap[]): void {
    const stopped = stoppedGap(gaps)
    if (stopped !== undefined) throw new StoppedReading(stopped)
  }
}
