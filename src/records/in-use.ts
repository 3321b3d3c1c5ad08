import { pressingFinding } from './findings.js'
import { type KeyRecord, trafficIn } from './key-record.js'

/** Whether calls were accepted, since the deadline if that is past, and not only refused after them. */
export function isInUse(record: KeyRecord): boolean {
  const traffic = trafficIn(record)
  return (traffic === 'accepted' || traffic === 'accepted-earlier') && wasAcceptedSince(record)
}

/** Whether a key that worked, since the deadline if that is past, is only refused by now. */
export function isBroken(record: KeyRecord): boolean {
  return trafficIn(record) === 'newly-refused' && wasAcceptedSince(record)
}

function wasAcceptedSince(record: KeyRecord): boolean {
  const { usage } = record
  if ('unknown' in usage) return false
  const finding = pressingFinding(record)
  if (finding === undefined || finding.state === 'due') return true
  return (usage.gemini.lastAccepted ?? '') >= finding.deadline
}
