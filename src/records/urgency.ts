import { AFFECTED_VERDICTS, VERDICTS } from '../model.js'
import { RULES } from '../policy/rules.js'
import { hasStopped, TRAFFIC, trafficClass } from '../policy/traffic-classes.js'
import { pressingFinding } from './findings.js'
import { type KeyRecord, trafficIn } from './key-record.js'

/** What the order looks at. */
export type Urgent = Pick<KeyRecord, 'verdict' | 'findings' | 'exemption' | 'usage' | 'key'>

/** How urgent a key is, in a few words, so that many can be put in order without their records. */
export type Urgency = readonly (string | number)[]

/**
 * The one order of keys in every report, most urgent first. Affected keys stand before all others, whatever
 * their verdict. First those that stopped working, by the accepted calls that they lost; then those in use past
 * a deadline in force, by calls; then those in use; and so on down `TRAFFIC`. Then rule, deadline, project and
 * `uid`. Total: only the same key is as urgent as a key.
 */
export function byUrgency(one: Urgent, other: Urgent): number {
  return compareUrgency(urgencyOf(one), urgencyOf(other))
}

/** What `compareUrgency` compares, the first difference decides. */
export function urgencyOf(record: Urgent): Urgency {
  const finding = pressingFinding(record)
  return [
    rankOf(record),
    trafficRank(record),
    -callsAtStake(record),
    -TRAFFIC.indexOf(trafficIn(record)),
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

/** Among affected keys all that stopped are one rank, and those come first that work past a deadline in force. */
function trafficRank(record: Urgent): number {
  const traffic = trafficIn(record)
  if (hasStopped(traffic)) return STOPPED
  const finding = pressingFinding(record)
  const isPastForce = finding?.state === 'overdue' && finding.status === 'in-force'
  return trafficClass(traffic).state === 'works' && isPastForce ? CAN_STOP : TRAFFIC.indexOf(traffic)
}

const STOPPED = -2
const CAN_STOP = -1

/** The accepted calls of 7 days that a key has lost, or can lose any day. */
function callsAtStake({ usage }: Urgent): number {
  if ('unknown' in usage) return 0
  const { state } = trafficClass(usage.traffic)
  if (state === 'stopped') return usage.lostWeekly ?? usage.gemini.accepted
  return state === 'works' ? usage.gemini.acceptedLately : 0
}
