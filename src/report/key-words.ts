import type { KeyAccount } from '../account.js'
import { dayOf, monthDay } from '../calendar.js'
import type { Possibility } from '../policy/answers.js'
import { HYGIENE_TABLE } from '../policy/hygiene.js'
import { RULE_TABLE, type RuleWords } from '../policy/rules.js'
import { isLookedAtFirst, type Traffic, trafficClass } from '../policy/traffic-classes.js'
import { openHygiene, strictestFinding } from '../records/findings.js'
import type { KeyRecord } from '../records/key-record.js'
import { ACCOUNT_WAY_WORDS, ACTION_WORDS, CHANGE_WORDS, VERDICT_WORDS } from './glossary.js'
import { amount } from './wording.js'

/** What people call the key: its display name, or the last part of its resource name. */
export function titleOf({ key }: { readonly key: Pick<KeyRecord['key'], 'displayName' | 'name'> }): string {
  return key.displayName ?? key.name.slice(key.name.lastIndexOf('/') + 1)
}

/** The owner, or that nobody is known. */
export function ownerText({ key }: Pick<KeyRecord, 'key'>): string {
  return key.project.owner ?? 'owner unknown'
}

/** What is wrong with the key: `no API restriction`; what is not known of it, or what else its verdict says. */
export function matterText(record: KeyRecord): string {
  const finding = strictestFinding(record)
  if (finding !== undefined) {
    const { matter, restrictedMatter = matter }: RuleWords = RULE_TABLE[finding.rule].words
    return record.key.apiRestriction === 'none' ? matter : restrictedMatter
  }
  if (record.verdict !== 'unknown') return hygieneMatter(record) ?? VERDICT_WORDS[record.verdict]
  if (record.key.type === 'unknown') return 'type not known'
  return record.geminiAccess === 'unknown' ? 'not known whether the Gemini API is on' : 'damaged'
}

/** What is to be looked at on a key of which no deadline asks anything: `its account has wide rights, and 1 more`. */
function hygieneMatter(record: Pick<KeyRecord, 'hygiene'>): string | undefined {
  const [first, ...more] = openHygiene(record)
  if (first === undefined) return undefined
  const { matter } = HYGIENE_TABLE[first.id].words
  return more.length === 0 ? matter : `${matter}, and ${amount(more.length)} more`
}

/** What has become of the key since the run before, where it is not what its traffic says: `new`. */
export function changeText({ change }: Pick<KeyRecord, 'change'>): string | undefined {
  return change === undefined || change === 'same' ? undefined : CHANGE_WORDS[change]
}

/** What is to be done with the key, in a few words. */
export function actionText(record: Pick<KeyRecord, 'remedy' | 'hygiene'>): string {
  const [first] = openHygiene(record)
  if (first !== undefined) return ACCOUNT_WAY_WORDS[HYGIENE_TABLE[first.id].remedy]
  return ACTION_WORDS[record.remedy.action]
}

/** The key's traffic in a few words: `in use: 1,204 calls in 7 days`, `stopped working: refused since Nov 18`. */
export function trafficText({ key, usage, asOf }: Pick<KeyRecord, 'usage' | 'asOf' | 'key'>): string {
  if ('unknown' in usage) return 'calls not known'
  const { words, wordsIfYounger } = trafficClass(usage.traffic)
  const isYounger = key.createTime !== undefined && dayOf(key.createTime, 'UTC') > usage.since
  return (isYounger ? wordsIfYounger : undefined) ?? words(usage, asOf)
}

/**
 * What the calls that do not work may mean, and where to look: `Answered 404: the model that it calls may have
 * been retired. See …`. Nothing where the steps begin with the same.
 */
export function possibilities(record: KeyRecord): readonly Possibility[] {
  const { usage } = record
  if ('unknown' in usage || stepsSayWhatCallsMean(record, usage.traffic)) return []
  return usage.mayMean ?? []
}

/** Only the remedies of keys with findings begin with where to look. */
function stepsSayWhatCallsMean({ findings, verdict }: KeyRecord, traffic: Traffic): boolean {
  return findings.length > 0 && verdict !== 'unknown' && isLookedAtFirst(traffic)
}

export function possibilityText({ code, say, look }: Possibility): string {
  return `Calls answered ${code}: ${say}. See ${look}.`
}

/** Which other APIs a key without API restriction reaches, or why that is not known. */
export function alsoReachesText({ alsoReaches }: Pick<KeyRecord, 'alsoReaches'>): string | undefined {
  if (alsoReaches === undefined) return undefined
  if ('unknown' in alsoReaches) return `not known: ${alsoReaches.unknown}`
  const { services, more } = alsoReaches
  if (services.length === 0) return 'no other enabled API'
  return [...services, ...(more === undefined ? [] : [`and ${amount(more)} more`])].join(', ')
}

/** `probably by Search (auth): It was made …`. */
export function replacementText({ replacement }: Pick<KeyRecord, 'replacement'>): string | undefined {
  return replacement && `probably by ${successorText(replacement)}: ${replacement.because}`
}

/** What people call the auth key that probably replaces another. */
export function successorText({ key: name, displayName }: NonNullable<KeyRecord['replacement']>): string {
  return titleOf({ key: { name, ...(displayName !== undefined && { displayName }) } })
}

/** The roles of an account: `roles/editor on projects/123, and 3 more`. Unknown is never none. */
export function rolesText({ roles, moreRoles }: KeyAccount): string {
  if (roles === undefined) return 'not known'
  if (roles.length === 0) return 'none'
  const named = roles.map(
    ({ role, on, conditional }) => `${role} on ${on}${conditional ? ' (conditional)' : ''}`,
  )
  return [...named, ...(moreRoles === undefined ? [] : [`and ${amount(moreRoles)} more`])].join(', ')
}

/** The calls of the Gemini API in numbers: `Calls since Oct 12: 1,200 accepted, 3 refused`. */
export function callsText({ usage, asOf }: Pick<KeyRecord, 'usage' | 'asOf'>): string | undefined {
  if ('unknown' in usage) return undefined
  const { accepted, refused, failed } = usage.gemini
  const said = [
    [accepted, 'accepted'],
    [refused, 'refused'],
    [failed, 'failed'],
  ] as const
  const some = said.filter(([count]) => count > 0).map(([count, word]) => `${amount(count)} ${word}`)
  return some.length === 0 ? undefined : `Calls since ${monthDay(usage.since, asOf)}: ${some.join(', ')}`
}
