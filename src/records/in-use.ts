import { hasStopped, trafficClass } from '../policy/traffic-classes.js'
import { pressingFinding } from './findings.js'
import { type KeyRecord, trafficIn } from './key-record.js'

/** Whether calls were accepted, since the deadline if that is past, and the key has not stopped working. */
export function isInUse(record: KeyRecord): boolean {
  const { state } = trafficClass(trafficIn(record))
  return (state === 'works' || state === 'worked-earlier') && wasAcceptedSince(record)
}

/** Whether a key that worked, since the deadline if that is past, has stopped working. */
export function isBroken(record: KeyRecord): boolean {
  return hasStopped(trafficIn(record)) && wasAcceptedSince(record)
}

/** Whether a key worked when its traffic was last known, and has stopped since. */
export function isNewlyStopped(record: KeyRecord): boolean {
  const { previousTraffic } = record
  return previousTraffic !== undefined && !hasStopped(previousTraffic) && hasStopped(trafficIn(record))
}

function wasAcceptedSince(record: KeyRecord): boolean {
  const { usage } = record
  if ('unknown' in usage) return false
  const finding = pressingFinding(record)
  if (finding === undefined || finding.state === 'due') return true
  return (usage.gemini.lastAccepted ?? '') >= finding.deadline
}
