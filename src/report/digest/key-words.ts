import type { Action } from '../../model.js'
import { trafficClass } from '../../policy/traffic-classes.js'
import { pressingFinding } from '../../records/findings.js'
import type { Change, KeyRecord, RecordedUsage } from '../../records/key-record.js'
import { counted } from '../wording.js'

/** What people call the key: its display name, or the last part of its resource name. */
export function titleOf({ key }: { readonly key: Pick<KeyRecord['key'], 'displayName' | 'name'> }): string {
  return key.displayName ?? key.name.slice(key.name.lastIndexOf('/') + 1)
}

/** The owner, or that nobody is known. */
export function ownerText({ key }: Pick<KeyRecord, 'key'>): string {
  return key.project.owner ?? 'owner unknown'
}

/** Why the key is affected, in a few words: `unrestricted, 157 days overdue`. */
export function reasonText(record: KeyRecord): string {
  const finding = pressingFinding(record)
  if (finding === undefined) return unjudgedText(record)
  const { rule, state, status, daysLeft } = finding
  const date = status === 'announced' ? 'the announced date' : 'the deadline'
  const when =
    state === 'due' ? `${counted(daysLeft, 'day')} to ${date}` : `${counted(-daysLeft, 'day')} past ${date}`
  return `${rule}, ${when}`
}

/** The same in a table: `unrestricted-key, 157 days past`; whether the date is announced stands above it. */
export function shortReason(record: KeyRecord): string {
  const finding = pressingFinding(record)
  if (finding === undefined) return unjudgedText(record)
  const { rule, state, daysLeft } = finding
  return `${rule}, ${state === 'due' ? `${counted(daysLeft, 'day')} left` : `${counted(-daysLeft, 'day')} past`}`
}

/** `NEW: `, `WORSE: `: what has become of an affected key, in front of why; nothing where it is the same. */
export function changeText({ change }: Pick<KeyRecord, 'change'>): string {
  return change === undefined || change === 'same' ? '' : `${CHANGED[change]}: `
}

const CHANGED: Readonly<Record<Exclude<Change, 'same'>, string>> = {
  new: 'NEW',
  worse: 'WORSE',
  better: 'better',
  lost: 'no longer readable',
  found: 'readable again',
  gone: 'gone',
}

/** What of a key is not known that its verdict would need; else what it may call. */
export function unjudgedText({ verdict, key, geminiAccess }: KeyRecord): string {
  if (verdict === 'unknown') {
    if (key.type === 'unknown') return 'type unknown'
    return geminiAccess === 'unknown' ? 'access unknown' : 'not readable'
  }
  return key.apiRestriction === 'none' ? 'unrestricted' : key.apiRestriction
}

const ACTIONS_SAID: Readonly<Record<Action, string>> = {
  migrate: 'migrate to an auth key',
  restrict: 'restrict to its APIs',
  split: 'split into two keys',
  retire: 'retire',
  'move-to-backend': 'move calls to a backend',
  'provider-managed': 'leave to its product',
  investigate: 'find out more',
  none: 'nothing',
}

/** What is to be done with the key, in a few words. */
export function actionText({ remedy }: Pick<KeyRecord, 'remedy'>): string {
  return ACTIONS_SAID[remedy.action]
}

/** The key's traffic in a few words: `in use: 1,204 calls in 7 days`, `stopped working: refused since Nov 18`. */
export function trafficText({ usage, asOf }: Pick<KeyRecord, 'usage' | 'asOf'>): string {
  return 'unknown' in usage ? 'calls not known' : trafficClass(usage.traffic).words(usage, asOf)
}

/** The key's traffic in one sentence. */
export function usageText(usage: RecordedUsage): string {
  if ('unknown' in usage) return `Traffic unknown (${usage.unknown})`
  const { accepted, refused, failed } = usage.gemini
  const calls = `${counted(accepted, 'accepted Gemini call')}, ${refused} refused, ${failed} failed since ${usage.since}`
  return usage.services.length === 0
    ? `No calls since ${usage.since}`
    : `${calls}; calls ${usage.services.join(', ')}`
}
