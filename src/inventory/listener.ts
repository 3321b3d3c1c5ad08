import type { Gap, Project, ReadingNotes } from '../model.js'

/** Hears what a reading finds besides keys. */
export interface ReadingListener {
  /** Something that could not be read. */
  gap(gap: Gap): void
  /** A project of the scopes, each once, whatever its state. */
  project(project: Project): void
  /** A project that turned out to be gone since it was listed; its state is `GONE`. */
  gone(project: Project): void
  /** One sentence about how the reading goes, such as a way that was changed. */
  remark(sentence: string): void
  /** Something that reports say of the reading as a whole; what is noted later stands. */
  note(notes: ReadingNotes): void
  progress(step: string, done: number, total?: number): void
}
