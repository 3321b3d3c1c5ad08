import type { Verdict } from '../model.js'
import type { HygieneRule, HygieneSeverity } from '../policy/hygiene.js'
import type { HoldingExemption } from '../policy/judgement-types.js'
import { RULES, type Rule } from '../policy/rules.js'
import { notExempt } from '../policy/waivers.js'

interface Found {
  readonly rule: Rule
  readonly state: 'due' | 'overdue'
  readonly status: 'in-force' | 'announced'
  readonly deadline: string
}

/** A judged key, or its record, as far as its findings go. */
export interface Judged<Finding extends Found = Found> {
  readonly verdict: Verdict
  readonly findings: readonly Finding[]
  readonly exemption?: HoldingExemption
}

/** A judged key, or its record, as far as hygiene goes. */
export interface Looked {
  readonly hygiene?: readonly {
    readonly id: HygieneRule
    readonly severity: HygieneSeverity
    readonly exemption?: object
  }[]
}

/** What is to be looked at of a key, in the order of the table: what no exemption covers. */
export function openHygiene<Finding extends NonNullable<Looked['hygiene']>[number]>(judged: {
  readonly hygiene?: readonly Finding[]
}): readonly Finding[] {
  return judged.hygiene?.filter(({ exemption }) => exemption === undefined) ?? []
}

/** The findings that ask for something: those of an affected key that no exemption covers. */
export function openFindings<Finding extends Found>(judged: Judged<Finding>): readonly Finding[] {
  if (judged.verdict !== 'overdue' && judged.verdict !== 'due') return []
  return notExempt(judged.findings, judged.exemption)
}

/** The most pressing open finding: overdue before due, in force before announced, then the earliest. */
export function pressingFinding<Finding extends Found>(judged: Judged<Finding>): Finding | undefined {
  return [...openFindings(judged)].sort(byPressure)[0]
}

/** The rule under which an affected key counts: overdue before due, in force before announced, then the strictest. */
export function strictestFinding<Finding extends Found>(judged: Judged<Finding>): Finding | undefined {
  return [...openFindings(judged)].sort(
    (one, other) => byState(one, other) || RULES.indexOf(one.rule) - RULES.indexOf(other.rule),
  )[0]
}

function byState(one: Found, other: Found): number {
  return (
    Number(one.state === 'due') - Number(other.state === 'due') ||
    Number(one.status === 'announced') - Number(other.status === 'announced')
  )
}

function byPressure(one: Found, other: Found): number {
  return byState(one, other) || (one.deadline < other.deadline ? -1 : one.deadline > other.deadline ? 1 : 0)
}
