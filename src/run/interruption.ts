import { Stopped } from '../google/time-limit.js'

/** Signals by which the machine ends a process. */
const SIGNALS = ['SIGTERM', 'SIGINT'] as const

type Signal = (typeof SIGNALS)[number]
type Listener = (signal: NodeJS.Signals) => void

/** What of `process` it takes to catch signals. */
export interface Process {
  readonly pid: number
  on(signal: Signal, listener: Listener): unknown
  off(signal: Signal, listener: Listener): unknown
  listeners(signal: Signal): Listener[]
  kill(pid: number, signal: Signal): unknown
}

/** One run under way. */
export interface Watch {
  /** Aborts with `Stopped` when the process is asked to end. */
  readonly signal: AbortSignal
  /** The run has ended, and was delivered. */
  end(): void
}

/**
 * Lets runs end in order when the process is asked to: the first signal stops their reading, so that what was
 * read is still judged and delivered; a second one ends the process at once. Earlier listeners, such as the
 * functions framework, which exits at once, are taken off meanwhile. Between runs everything is as it was.
 */
export class Interruption {
  readonly #process: Process
  readonly #reraise: boolean
  readonly #others: ReadonlyMap<Signal, Listener[]> = new Map<Signal, Listener[]>(
    SIGNALS.map((signal) => [signal, []]),
  )
  readonly #runs = new Set<AbortController>()
  #by: Signal | undefined

  /** `reraise`: whether earlier listeners end the process, and get the signal again after the run. */
  constructor(process: Process, { reraise }: { readonly reraise: boolean }) {
    this.#process = process
    this.#reraise = reraise
  }

  /** Begins to listen for a run. */
  watch(): Watch {
    if (this.#runs.size === 0) this.#takeOver()
    const run = new AbortController()
    this.#runs.add(run)
    if (this.#by !== undefined) run.abort(new Stopped(this.#by)) // too late to begin
    const end = () => {
      if (!this.#runs.delete(run) || this.#runs.size > 0) return
      this.#giveBack()
      if (this.#reraise && this.#by !== undefined) this.#process.kill(this.#process.pid, this.#by)
    }
    return { signal: run.signal, end }
  }

  readonly #onSignal = (name: NodeJS.Signals): void => {
    const signal = SIGNALS.find((each) => each === name)
    if (signal === undefined) return
    if (this.#by !== undefined) {
      this.#giveBack()
      this.#process.kill(this.#process.pid, signal)
      return
    }
    this.#by = signal
    for (const run of this.#runs) run.abort(new Stopped(signal))
  }

  // The next listener is added before the last one goes: Node loses a signal that arrives while there is none.

  #takeOver(): void {
    for (const [signal, others] of this.#others) {
      others.splice(0, others.length, ...this.#process.listeners(signal))
      this.#process.on(signal, this.#onSignal)
      for (const other of others) this.#process.off(signal, other)
    }
  }

  #giveBack(): void {
    for (const [signal, others] of this.#others) {
      for (const other of others) this.#process.on(signal, other)
      this.#process.off(signal, this.#onSignal)
    }
  }
}
