import type { GapRecord } from '../records/gap-record.js'

const PROJECTS = / of [\d,]+ projects\b/

/** Of what one stopped reading left, the gap that says most of how far it came: of projects before whole scopes. */
export function stoppedIn<Left extends Pick<GapRecord, 'reason' | 'because'>>(
  gaps: readonly Left[],
): Left | undefined {
  const stopped = gaps.filter(({ reason }) => reason === 'STOPPED')
  return stopped.find(({ because }) => PROJECTS.test(because)) ?? stopped[0]
}

/** One sentence about a run that was told although its reading was stopped; undefined where it was not. */
export function stoppedSentence(gaps: readonly Pick<GapRecord, 'reason' | 'because'>[]): string | undefined {
  const stopped = stoppedIn(gaps)
  return stopped && `The audit was ${causeOf(stopped)}: what was read is reported, the rest as gaps.`
}

/** A reading that was stopped, of a run that is asked for again: what was read is not judged. */
export class StoppedReading extends Error {
  override readonly name = 'StoppedReading'

  constructor(gap: Pick<GapRecord, 'because'>) {
    super(
      `The audit was ${causeOf(gap)}. Nothing of this attempt is kept: the next attempt at this run reads anew.`,
    )
  }
}

/** `stopped by SIGTERM after 812 of 3,000 projects`, without what a record adds of others with the same cause. */
function causeOf({ because }: Pick<GapRecord, 'because'>): string {
  return because.replace(/ \(the same for \d+ more\)$/, '')
}
