import { type ApiError, isOutOfTime } from '../google/errors.js'
import { extent, gapOf } from './gap-causes.js'
import type { ReadingListener } from './reading.js'

/** Why a project is looked at: its inventory shows a candidate, or there is no inventory of it. */
export type Cause = 'candidate' | 'no inventory'

/** What became of the projects that were looked at one by one, and what is to be reported of it. */
export class ConfirmationResults {
  readonly #listener: ReadingListener
  readonly #started = new Map<string, Cause>()
  readonly #confirmed = new Set<string>()
  readonly #failed = new Map<string, ApiError>()
  #foundKeys = false

  constructor(listener: ReadingListener) {
    this.#listener = listener
  }

  start(number: string, cause: Cause): void {
    this.#started.set(number, cause)
  }

  /** Why a project was started; undefined when it was not. */
  cause(number: string): Cause | undefined {
    return this.#started.get(number)
  }

  /** Keys of a project were handed out as `keys.list` showed them: all of them, unless it also failed. */
  found(number: string, keys: number): void {
    this.#foundKeys ||= keys > 0
    if (!this.#failed.has(number)) this.#confirmed.add(number)
    this.#listener.progress('projects confirmed', this.#confirmed.size, this.#started.size)
  }

  fail(number: string, error: ApiError): void {
    this.#failed.set(number, error)
  }

  isConfirmed(number: string): boolean {
    return this.#confirmed.has(number)
  }

  failure(number: string): ApiError | undefined {
    return this.#failed.get(number)
  }

  /** The first failure, when nothing was read although projects were looked at and time was left. */
  get nothingRead(): ApiError | undefined {
    if (this.#foundKeys || this.#confirmed.size > 0) return undefined
    const failures = [...this.#failed.values()]
    return failures.some(isOutOfTime) ? undefined : failures[0]
  }

  /** Reports the projects without inventory of which the keys could not be read. */
  reportUnread(): void {
    for (const [number, error] of this.#failed) {
      if (this.#started.get(number) === 'no inventory') this.#report('keys', number, error)
    }
  }

  /**
   * Reports the projects whose inventory has to serve: as a gap in the keys, since it does not show the newest,
   * and as one in the types where it leaves that of a candidate open.
   */
  reportUnconfirmed(untyped: ReadonlySet<string>): void {
    let served = 0
    for (const [number, error] of this.#failed) {
      if (this.#started.get(number) !== 'candidate') continue
      this.#report('keys', number, error)
      if (untyped.has(number)) this.#report('type', number, error)
      else served += 1
    }
    if (served === 0) return
    this.#listener.remark(
      `${served === 1 ? 'One project' : `${served} projects`} could not be confirmed by keys.list; the asset inventory and what earlier runs confirmed serve.`,
    )
  }

  #report(missing: 'keys' | 'type', number: string, error: ApiError): void {
    this.#listener.gap(gapOf(missing, `projects/${number}`, error, this.#extent()))
  }

  #extent(): string {
    const late = [...this.#failed.values()].filter(isOutOfTime).length
    return extent(this.#started.size - late, this.#started.size, 'projects')
  }
}
