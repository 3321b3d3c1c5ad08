/** How long a request is tried whose end is not its own patience. */
export interface Term {
  /** Aborts when time is up. */
  readonly signal: AbortSignal
  /** Milliseconds until then, where that is known. */
  readonly left?: () => number
}

/** A term of so many milliseconds from now on, or less when `stop` aborts. */
export function termOf(milliseconds: number, stop?: AbortSignal): Required<Term> {
  const end = performance.now() + milliseconds
  const timer = AbortSignal.timeout(milliseconds)
  return {
    signal: stop === undefined ? timer : AbortSignal.any([stop, timer]),
    left: () => end - performance.now(),
  }
}
