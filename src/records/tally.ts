import type { KeyType, Project, Verdict } from '../model.js'
import type { JudgedKey } from '../policy/judgement.js'
import { byRule, type Rule } from '../policy/rules.js'
import { Enforcement, type EnforcementRecord, type RuleDeadlines } from './enforcement.js'
import { openFindings, strictestFinding } from './findings.js'

export interface RuleCounts {
  /** Keys with a finding of the rule that is not exempt and whose deadline is ahead. */
  readonly due: number
  /** The same, with a deadline that has come. */
  readonly overdue: number
}

export interface Counts {
  /** All keys that have records, but for the deleted ones. */
  readonly keys: number
  /** Of the same keys. */
  readonly type: Readonly<Record<KeyType, number>>
  /** By verdict; the deleted ones are counted here alone. */
  readonly verdict: Readonly<Record<Verdict, number>>
  /**
   * Keys that are `unknown` for nothing but their type, by the verdict that they would have as standard keys:
   * only verdicts that occur, and absent where there is no such key.
   */
  readonly ifStandard?: Readonly<Partial<Record<Verdict, number>>>
  /** Affected keys by what asks something of them; a key counts under each such rule. */
  readonly rule: Readonly<Record<Rule, RuleCounts>>
  /**
   * The same keys, each once: under the strictest rule that asks something of it, as reports count them; absent in
   * records of version 0.1.0.
   */
  readonly strictest?: Readonly<Record<Rule, RuleCounts>>
}

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
  readonly #type: Record<KeyType, number> = { standard: 0, auth: 0, unknown: 0 }
  readonly #verdict: Record<Verdict, number> = noVerdicts()
  readonly #ifStandard: Partial<Record<Verdict, number>> = {}
  readonly #rule: Record<Rule, { due: number; overdue: number }> = noRules()
  readonly #strictest: Record<Rule, { due: number; overdue: number }> = noRules()
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
  project(project: Project, place: ProjectStatus): void {
    this.#projects[place].add(project.number)
  }

  /** A key of a project that is not active, and so not judged. */
  /** Takes back that a project is audited: it is gone since it was listed. */
  gone({ number }: Project): void {
    this.#projects.audited.delete(number)
    this.#projects.inactive.add(number)
  }

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
    this.#verdict[judgement.verdict] += 1
    if (judgement.verdict === 'deleted') return
    this.#type[facts.type] += 1
    countIfStandard(this.#ifStandard, judgement)
    for (const { rule, state } of openFindings(judgement)) this.#rule[rule][state] += 1
    const strictest = strictestFinding(judgement)
    if (strictest !== undefined) this.#strictest[strictest.rule][strictest.state] += 1
    this.#enforcement.key(judged)
    if (facts.dormant === 'unknown' && this.#dormancyDecides(judged)) this.#noteDormancy(judged)
  }

  counts(): Counts {
    return structuredClone({
      keys: this.#type.standard + this.#type.auth + this.#type.unknown,
      type: this.#type,
      verdict: this.#verdict,
      ...(Object.keys(this.#ifStandard).length > 0 && { ifStandard: this.#ifStandard }),
      rule: this.#rule,
      strictest: this.#strictest,
    })
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
    return this.#decidedByDormancy.has(subject.split('/').slice(0, 2).join('/'))
  }

  #noteDormancy({ facts }: JudgedKey): void {
    this.#decidedByDormancy.add(`projects/${facts.project.number}`).add(`projects/${facts.project.id}`)
  }
}

/** Counts a key of unknown type under the verdict that it would have as a standard key, if it has one. */
export function countIfStandard(
  counts: Partial<Record<Verdict, number>>,
  { ifStandard }: { readonly ifStandard?: Verdict },
): void {
  if (ifStandard !== undefined) counts[ifStandard] = (counts[ifStandard] ?? 0) + 1
}

/** Counts of no keys, to be added to. */
export function noCounts() {
  const type = { standard: 0, auth: 0, unknown: 0 }
  return { keys: 0, type, verdict: noVerdicts(), rule: noRules(), strictest: noRules() }
}

function noVerdicts(): Record<Verdict, number> {
  return {
    overdue: 0,
    due: 0,
    unknown: 0,
    exempt: 0,
    latent: 0,
    compliant: 0,
    'not-affected': 0,
    deleted: 0,
  }
}

function noRules(): Record<Rule, { due: number; overdue: number }> {
  return byRule(() => ({ due: 0, overdue: 0 }))
}
