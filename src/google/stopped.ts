/** With this an `AbortSignal` says that somebody ended a reading before its time: a signal of the machine. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
  /** `SIGTERM` or its like. */
  readonly by: string

  constructor(by: string) {
    super(`stopped by ${by}`)
    this.by = by
  }
}
