import type { Project, Verdict } from '../model.js'
import type { JudgedKey } from '../policy/judgement-types.js'
import { holderOf } from '../policy/waivers.js'
import { Enforcement, type EnforcementRecord, type RuleDeadlines } from './enforcement.js'
import { type Counts, KeyCounts } from './key-counts.js'

export interface Excluded {
  /** Projects that an exclusion covers. */
  readonly projects: number
  /** Only verdicts that occur. */
  readonly verdict: Partial<Record<Verdict, number>>
}

/** Where a project stands in the audit. */
export type ProjectStatus = 'audited' | 'inactive' | 'excluded'

export interface TallyQuestions {
  /** The deadlines by which keys are judged, and the day. */
  readonly deadlines: RuleDeadlines
  readonly asOf: string
  /** Whether the key's verdict would be another one if it were known to be dormant. */
  readonly dormancyDecides: (key: JudgedKey) => boolean
}

/** The numbers of a run, counted as its keys are judged. Memory grows with the projects, never with the keys. */
export class Tally {
  readonly #keys = new KeyCounts()
  readonly #excludedVerdict: Partial<Record<Verdict, number>> = {}
  readonly #projects: Record<ProjectStatus, Set<string>> = {
    audited: new Set(),
    inactive: new Set(),
    excluded: new Set(),
  }
  readonly #decidedByDormancy = new Set<string>()
  readonly #enforcement: Enforcement
  readonly #dormancyDecides: (key: JudgedKey) => boolean
  #inactiveKeys = 0

  constructor({ deadlines, asOf, dormancyDecides }: TallyQuestions) {
    this.#enforcement = new Enforcement(deadlines, asOf)
    this.#dormancyDecides = dormancyDecides
  }

  /** Counts a project of the scope; again is no more. */
  project(project: Project, status: ProjectStatus): void {
    this.#projects[status].add(project.number)
  }

  /** Takes back that a project is audited: it is gone since it was listed. */
  gone({ number }: Project): void {
    this.#projects.audited.delete(number)
    this.#projects.inactive.add(number)
  }

  /** A key of a project that is not active, and so not judged. */
  inactiveKey(): void {
    this.#inactiveKeys += 1
  }

  /** A key of an excluded project. */
  excludedKey(judged: JudgedKey): void {
    const { verdict } = judged.judgement
    this.#excludedVerdict[verdict] = (this.#excludedVerdict[verdict] ?? 0) + 1
  }

  /** A key that has a record. */
  key(judged: JudgedKey): void {
    const { facts, judgement } = judged
    this.#keys.add(facts.type, facts.account, judgement)
    if (judgement.verdict === 'deleted') return
    this.#enforcement.key(judged)
    if (facts.dormant === 'unknown' && this.#dormancyDecides(judged)) this.#noteDormancy(judged)
  }

  counts(): Counts {
    return this.#keys.counts
  }

  /** Projects that were audited. */
  get projects(): number {
    return this.#projects.audited.size
  }

  /** Keys of projects that are not active. */
  get inactive(): number {
    return this.#inactiveKeys
  }

  excluded(): Excluded {
    return { projects: this.#projects.excluded.size, verdict: { ...this.#excludedVerdict } }
  }

  enforcement(): EnforcementRecord {
    return this.#enforcement.counts()
  }

  /** Whether a verdict hangs on the usage of this project (`projects/NUMBER`) or key (its name). */
  dormancyDecides(subject: string): boolean {
    return this.#decidedByDormancy.has(holderOf(subject))
  }

  #noteDormancy({ facts }: JudgedKey): void {
    this.#decidedByDormancy.add(`projects/${facts.project.number}`).add(`projects/${facts.project.id}`)
  }
}
