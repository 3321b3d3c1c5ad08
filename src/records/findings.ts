import type { Verdict } from '../model.js'
import type { HoldingExemption } from '../policy/judgement.js'
import type { Rule } from '../policy/rules.js'

interface Found {
  readonly rule: Rule
  readonly state: 'due' | 'overdue'
  readonly status: 'in-force' | 'announced'
  readonly deadline: string
}

interface Judged<Finding extends Found> {
  readonly verdict: Verdict
  readonly findings: readonly Finding[]
  readonly exemption?: HoldingExemption
}

/** The findings that ask for something: those of an affected key that no exemption covers. */
export function openFindings<Finding extends Found>(judged: Judged<Finding>): readonly Finding[] {
  if (judged.verdict !== 'overdue' && judged.verdict !== 'due') return []
  return judged.findings.filter(({ rule }) => judged.exemption?.rules.includes(rule) !== true)
}

/** The most pressing open finding: overdue before due, in force before announced, then the earliest. */
export function pressingFinding<Finding extends Found>(judged: Judged<Finding>): Finding | undefined {
  return [...openFindings(judged)].sort(byPressure)[0]
}

function byPressure(one: Found, other: Found): number {
  return (
    Number(one.state === 'due') - Number(other.state === 'due') ||
    Number(one.status === 'announced') - Number(other.status === 'announced') ||
    (one.deadline < other.deadline ? -1 : one.deadline > other.deadline ? 1 : 0)
  )
}
