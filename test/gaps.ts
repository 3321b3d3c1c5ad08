import { becauseText, fixText } from '../src/errors.js'
import type { Gap } from '../src/model.js'

/** A gap by its words, as tests write and read it. */
export interface GapInWords extends Pick<Gap, 'missing' | 'subject'> {
  readonly reason: string
  readonly because: string
  /** What to do, without the command of a gap that is made. */
  readonly fix: string
  readonly command?: string | undefined
}

/** The gap that says this. */
export function gapSaying({ missing, subject, reason, because, fix, command }: GapInWords): Gap {
  const advice = { say: fix, ...(command !== undefined && { command }) }
  const words = [because, fix, command].join(' ')
  return {
    missing,
    subject,
    problem: { code: reason, cause: because, advice },
    fingerprint: { parts: [], words },
  }
}

/** What a gap says. */
export function inWords({ missing, subject, problem }: Gap): GapInWords {
  return { missing, subject, reason: problem.code, because: becauseText(problem), fix: fixText(problem) }
}
