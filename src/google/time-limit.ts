/** When to stop trying a request, where something other than its retry policy decides. */
export interface TimeLimit {
  /** Aborts when time is up. */
  readonly signal: AbortSignal
  /** Milliseconds until then, where that is known. */
  readonly left?: () => number
}

/** A time limit that was set, and is let go of with what waits for it. */
export interface EndingTimeLimit extends Required<TimeLimit> {
  /** What was limited is done: the signal aborts no more, and neither timer nor `stop` holds it. */
  readonly end: () => void
}

/**
 * A time limit of so many milliseconds from now, or less when `stop` aborts. The timer itself holds what it ends:
 * `AbortSignal.any` holds its sources weakly, and a signal of `AbortSignal.timeout` that nobody else holds is
 * collected before its time, which then never comes (seen on Node 20 and in part on Node 24).
 */
export function timeLimitOf(milliseconds: number, stop?: AbortSignal): EndingTimeLimit {
  const end = performance.now() + milliseconds
  const ending = new AbortController()
  const endEarly = () => ending.abort(stop?.reason)
  if (stop?.aborted) endEarly()
  else stop?.addEventListener('abort', endEarly, { once: true })
  const timer = setTimeout(() => ending.abort(timeIsUp()), milliseconds).unref()
  return {
    signal: ending.signal,
    left: () => end - performance.now(),
    end: () => {
      clearTimeout(timer)
      stop?.removeEventListener('abort', endEarly)
    },
  }
}

function timeIsUp(): DOMException {
  return new DOMException('The time that there was is used up.', 'TimeoutError')
}

/** The reason of an `AbortSignal` that ends a reading before its time: a signal of the machine. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
  /** `SIGTERM` or its like. */
  readonly by: string

  constructor(by: string) {
    super(`stopped by ${by}`)
    this.by = by
  }
}
