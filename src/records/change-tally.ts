import { isNewlyRefused, type Traffic } from '../policy/traffic-classes.js'
import type { Change } from './key-record.js'
import type { Changes } from './run-record.js'

/** Counts what has become of keys since the run before. */
export class ChangeTally {
  readonly #counts = { new: 0, worse: 0, better: 0, lost: 0, found: 0, gone: 0, fixed: 0 }
  #stopped = 0
  #newlyRefused = 0

  change(change: Change | undefined, isFixed: boolean): void {
    if (change !== undefined && change !== 'same') this.#counts[change] += 1
    if (isFixed) this.#counts.fixed += 1
  }

  /** A key that has stopped working since then, as its traffic shows. */
  stop(traffic: Traffic): void {
    this.#stopped += 1
    if (isNewlyRefused(traffic)) this.#newlyRefused += 1
  }

  /** For the run record. */
  get counts(): Omit<Changes, 'since'> {
    return {
      ...this.#counts,
      ...(this.#stopped === 0 ? {} : { stopped: this.#stopped }),
      ...(this.#newlyRefused === 0 ? {} : { newlyRefused: this.#newlyRefused }),
    }
  }
}
