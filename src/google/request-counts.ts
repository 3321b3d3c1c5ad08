import type { Call } from './calls.js'

/** How often an operation was asked. */
export interface RequestCount {
  readonly service: string
  readonly operation: string
  /** Attempts that gave a usable answer. */
  readonly answered: number
  /** Attempts that gave none, whatever the reason; most were tried again. */
  readonly failed: number
}

/** Counts every attempt over HTTP by operation. */
export class RequestTally {
  readonly #counts = new Map<Call, { answered: number; failed: number }>()

  add(call: Call, outcome: 'answered' | 'failed'): void {
    const count = this.#counts.get(call) ?? { answered: 0, failed: 0 }
    count[outcome] += 1
    this.#counts.set(call, count)
  }

  snapshot(): readonly RequestCount[] {
    return [...this.#counts].map(([{ service, operation }, count]) => ({ service, operation, ...count }))
  }
}
