import type { Gap, Project } from '../model.js'

/** Hears what a reading finds besides keys. */
export interface ReadingListener {
  /** Something that could not be read. */
  gap(gap: Gap): void
  /** A project of the scopes, each once, whatever its state. */
  project(project: Project): void
  /** One sentence about how the reading goes, such as a way that was changed. */
  remark(sentence: string): void
  progress(step: string, done: number, total?: number): void
}
