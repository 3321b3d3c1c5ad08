import { AFFECTED_VERDICTS, RULES, TRAFFIC, VERDICTS } from '../model.js'
import { pressingFinding } from './findings.js'
import { type KeyRecord, trafficIn } from './key-record.js'

/** What the order looks at. */
export type Urgent = Pick<KeyRecord, 'verdict' | 'findings' | 'exemption' | 'usage' | 'key'>

/**
 * The one order of keys in every report, most urgent first. Affected keys stand before all others, whatever
 * their verdict, by what their traffic shows: what has just broken, what works and can stop any day (the most
 * called first), and so on down `TRAFFIC`. Then rule, deadline, project and `uid`. Total: only the same key is
 * as urgent as a key.
 */
export function byUrgency(one: Urgent, other: Urgent): number {
  return (
    rankOf(one) - rankOf(other) ||
    TRAFFIC.indexOf(trafficIn(one)) - TRAFFIC.indexOf(trafficIn(other)) ||
    callsAtStake(other) - callsAtStake(one) ||
    byFinding(one, other) ||
    byText(one.key.project.id, other.key.project.id) ||
    byText(one.key.uid, other.key.uid) ||
    byText(one.key.name, other.key.name)
  )
}

/** Affected keys first, then the others by verdict. */
function rankOf({ verdict }: Urgent): number {
  return AFFECTED_VERDICTS.includes(verdict) ? -1 : VERDICTS.indexOf(verdict)
}

/** The calls of the last 7 days that can stop any day. */
function callsAtStake(record: Urgent): number {
  const { usage } = record
  return 'unknown' in usage || usage.traffic !== 'accepted' ? 0 : usage.gemini.acceptedLately
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
