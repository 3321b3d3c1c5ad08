import { AFFECTED_VERDICTS, TRAFFIC, VERDICTS } from '../model.js'
import { RULES } from '../policy/rules.js'
import { pressingFinding } from './findings.js'
import { type KeyRecord, trafficIn } from './key-record.js'

/** What the order looks at. */
export type Urgent = Pick<KeyRecord, 'verdict' | 'findings' | 'exemption' | 'usage' | 'key'>

/** How urgent a key is, in a few words, so that many can be put in order without their records. */
export type Urgency = readonly (string | number)[]

/**
 * The one order of keys in every report, most urgent first. Affected keys stand before all others, whatever
 * their verdict, by what their traffic shows: what has just broken, what works and can stop any day (the most
 * called first), and so on down `TRAFFIC`. Then rule, deadline, project and `uid`. Total: only the same key is
 * as urgent as a key.
 */
export function byUrgency(one: Urgent, other: Urgent): number {
  return compareUrgency(urgencyOf(one), urgencyOf(other))
}

/** What `compareUrgency` compares, the first difference decides. */
export function urgencyOf(record: Urgent): Urgency {
  const finding = pressingFinding(record)
  return [
    rankOf(record),
    TRAFFIC.indexOf(trafficIn(record)),
    -callsAtStake(record),
    finding === undefined ? RULES.length : RULES.indexOf(finding.rule),
    finding?.deadline ?? '',
    record.key.project.id,
    record.key.uid,
    record.key.name,
  ]
}

/** Negative where the first is more urgent. Texts are compared by UTF-16 code units: the same everywhere. */
export function compareUrgency(one: Urgency, other: Urgency): number {
  for (const [index, first] of one.entries()) {
    const second = other[index] ?? ''
    if (first !== second) return first < second ? -1 : 1
  }
  return 0
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
