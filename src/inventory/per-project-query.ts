import type { GoogleClient } from '../google/client.js'
import type { ApiError } from '../google/errors.js'
import type { GapKind, Project } from '../model.js'
import { apiError, isOurOwn, isOutOfTime } from './failures.js'
import { extent, gapOf, outOfTime } from './gaps.js'
import type { Reading } from './reading.js'

/** An answer, or why there is none. */
export type Reply<Answer> = { readonly answer: Answer } | { readonly error: ApiError }

/** Asks one project (`projects/123`). Throws `ApiError`. */
type Ask<Answer> = (google: GoogleClient, subject: string) => Promise<Answer>

/**
 * One question to many projects about something that no verdict on a key's access rests on. A failure leaves
 * the answer unknown and becomes a gap; one that would meet every project ends the asking, not the reading.
 */
export class PerProjectQuery<Answer> {
  readonly #reading: Reading
  readonly #missing: GapKind
  readonly #ask: Ask<Answer>
  readonly #failed = new Map<string, ApiError>()
  readonly #kept = new Map<string, Promise<Reply<Answer>>>()
  #started = 0
  #unaskable: ApiError | undefined

  constructor(reading: Reading, missing: GapKind, ask: Ask<Answer>) {
    this.#reading = reading
    this.#missing = missing
    this.#ask = ask
  }

  /** What a project answers, or why it does not. */
  async of(project: Project): Promise<Reply<Answer>> {
    const subject = `projects/${project.number}`
    this.#started += 1
    try {
      if (this.#unaskable) throw this.#unaskable.forSubject(subject)
      return { answer: await this.#ask(this.#reading.google, subject) }
    } catch (thrown) {
      const error = apiError(thrown)
      if (isOurOwn(error, project)) this.#unaskable ??= error
      this.#failed.set(project.number, error)
      return { error }
    }
  }

  /** The same for a project that is come back to: its answer is kept, and it is asked once only. */
  once(project: Project): Promise<Reply<Answer>> {
    const kept = this.#kept.get(project.number) ?? this.of(project)
    this.#kept.set(project.number, kept)
    return kept
  }

  /** Tells the projects that did not answer. */
  tellFailures(): void {
    const late = [...this.#failed.values()].filter(isOutOfTime).length
    const reached = extent(this.#started - late, this.#started, 'projects')
    for (const [number, error] of this.#failed) {
      const subject = `projects/${number}`
      this.#reading.listener.gap(
        isOutOfTime(error)
          ? outOfTime(this.#missing, subject, reached, error)
          : gapOf(this.#missing, subject, error),
      )
    }
  }
}
