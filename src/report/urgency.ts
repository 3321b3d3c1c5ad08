import { RULES, VERDICTS } from '../model.js'
import { pressingFinding } from './findings.js'
import type { KeyRecord } from './key-record.js'

/** What the order looks at. */
export type Urgent = Pick<KeyRecord, 'verdict' | 'findings' | 'exemption' | 'key'>

/**
 * The one order of keys in every report, most urgent first: verdict, rule, deadline, then project and `uid`.
 * Total: only the same key is as urgent as a key.
 */
export function byUrgency(one: Urgent, other: Urgent): number {
  return (
    VERDICTS.indexOf(one.verdict) - VERDICTS.indexOf(other.verdict) ||
    byFinding(one, other) ||
    byText(one.key.project.id, other.key.project.id) ||
    byText(one.key.uid, other.key.uid) ||
    byText(one.key.name, other.key.name)
  )
}

function byFinding(one: Urgent, other: Urgent): number {
  const [first, second] = [pressingFinding(one), pressingFinding(other)]
  if (first === undefined || second === undefined)
    return Number(first === undefined) - Number(second === undefined)
  return RULES.indexOf(first.rule) - RULES.indexOf(second.rule) || byText(first.deadline, second.deadline)
}

/** By UTF-16 code units: the same on every machine and in every language. */
function byText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
