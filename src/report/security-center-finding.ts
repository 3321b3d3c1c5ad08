import { createHash } from 'node:crypto'
import { HYGIENE_TABLE, type HygieneRule, isAccountUnknown, isHygieneRule } from '../policy/hygiene.js'
import type { Step } from '../policy/judgement-types.js'
import { keyPage } from '../policy/remedies/pages.js'
import { RULE_TABLE, type Rule } from '../policy/rules.js'
import { severityOf } from '../records/entries.js'
import { strictestFinding } from '../records/findings.js'
import type { KeyRecord, RecordedFinding } from '../records/key-record.js'
import type { RecordedControl, RecordedHygiene } from '../records/recorded-hygiene.js'
import { cut } from '../records/visible-text.js'
import { matterText, titleOf } from './key-words.js'

/** A finding as Security Command Center takes it, as far as it is of this program. */
export interface SecurityCenterFinding {
  /** 32 hexadecimal digits, from the key's name and the rule: the same in each run. */
  readonly id: string
  readonly category: string
  readonly state: 'ACTIVE'
  readonly severity: 'HIGH' | 'MEDIUM' | 'LOW'
  readonly findingClass: 'MISCONFIGURATION'
  /** The full name of the key. */
  readonly resourceName: string
  /** The key in the console. */
  readonly externalUri: string
  readonly description: string
  readonly nextSteps: string
  readonly compliances: readonly {
    readonly standard: string
    readonly version: string
    readonly ids: string[]
  }[]
  readonly sourceProperties: Readonly<Record<string, string>>
  /** Present where the key is exempt. */
  readonly isMuted?: true
}

const SEVERITY = { ERROR: 'HIGH', WARNING: 'MEDIUM', NOTICE: 'LOW', INFO: 'LOW' } as const

/** Characters of a text that Security Command Center takes; longer ones are cut. */
const LONGEST = 2_000

/**
 * The findings of a key: of one that is overdue, due or exempt, that under the strictest rule that applies to it, and of
 * others what is to be looked at. A key that could not be judged has none: nobody is accused by it, and what was found
 * of it before stays.
 */
export function securityCenterFindingsOf(record: KeyRecord): readonly SecurityCenterFinding[] {
  const finding = ruledBy(record)
  const hygiene = (record.hygiene ?? []).map((each) => hygieneFinding(record, each))
  return finding === undefined ? hygiene : [ruleFinding(record, finding), ...hygiene]
}

function ruleFinding(record: KeyRecord, finding: RecordedFinding): SecurityCenterFinding {
  const { key, impact, remedy, exemption } = record
  const { rule } = finding
  return {
    ...aboutKey(key, rule),
    category: `GEMINI_API_KEY_${categoryName(rule)}`,
    severity: SEVERITY[severityOf(record)],
    description: cut(`${titleOf(record)} in ${key.project.id}: ${matterText(record)}. ${impact}`, LONGEST),
    nextSteps: stepsText(remedy.steps),
    compliances: compliancesOf(finding.controls ?? []),
    sourceProperties: propertiesOf(record, finding),
    ...(exemption && record.verdict === 'exempt' && { isMuted: true }),
  }
}

/** What is not known of a key: whether any finding of it is gone, or those of its account, or nothing. */
export function unknownOf({ verdict, key, account }: KeyRecord): 'all' | 'account' | undefined {
  if (verdict === 'unknown') return 'all'
  return isAccountUnknown(key.type, account) ? 'account' : undefined
}

/** Whether a finding of a rule may be there all the same. */
export function isHidden(rule: unknown, unknown: 'all' | 'account' | undefined): boolean {
  if (unknown !== 'account') return unknown === 'all'
  return typeof rule === 'string' && isHygieneRule(rule) && HYGIENE_TABLE[rule].isOfAccount === true
}

/** What is to be looked at on a key: a category of its own, without deadline. */
function hygieneFinding(record: KeyRecord, finding: RecordedHygiene): SecurityCenterFinding {
  const { audit, key, verdict, firstSeen, account } = record
  const { id, severity, because, controls, steps, exemption } = finding
  return {
    ...aboutKey(key, id),
    category: `API_KEY_HYGIENE_${categoryName(id)}`,
    severity: SEVERITY[severity],
    description: cut(
      `${titleOf(record)} in ${key.project.id}: ${HYGIENE_TABLE[id].words.matter}. ${because}`,
      LONGEST,
    ),
    nextSteps: stepsText(steps),
    compliances: compliancesOf(controls),
    sourceProperties: {
      audit,
      key: key.name,
      project: key.project.id,
      rule: id,
      verdict: exemption === undefined ? verdict : 'exempt',
      because: cut(because, LONGEST),
      ...(account && { account: account.email, reach: account.reach }),
      ...(key.project.owner !== undefined && { owner: cut(key.project.owner, LONGEST) }),
      ...(firstSeen && { firstSeen }),
      ...exemptProperties(exemption),
    },
    ...(exemption && { isMuted: true }),
  }
}

/** What all findings of a key share. */
function aboutKey(key: KeyRecord['key'], rule: Rule | HygieneRule) {
  return {
    id: findingId(key.name, rule),
    state: 'ACTIVE',
    findingClass: 'MISCONFIGURATION',
    resourceName: `//apikeys.googleapis.com/${key.name}`,
    externalUri: keyPage(key, key.project),
  } as const
}

function categoryName(rule: string): string {
  return rule.toUpperCase().replaceAll('-', '_')
}

function stepsText(steps: readonly Step[]): string {
  const texts = steps.map(({ say, command }) => (command === undefined ? say : `${say}\n${command}`))
  return cut(texts.join('\n'), LONGEST)
}

/** By what a finding is found again. */
export function findingId(name: string, rule: Rule | HygieneRule): string {
  return createHash('sha256').update(`${name} ${rule}`).digest('hex').slice(0, 32)
}

function ruledBy(record: KeyRecord): RecordedFinding | undefined {
  return record.verdict === 'exempt' ? record.findings[0] : strictestFinding(record)
}

function compliancesOf(controls: readonly RecordedControl[]): SecurityCenterFinding['compliances'] {
  return controls.map(({ standard, version, id }) => ({ standard, version, ids: [id] }))
}

/** What of the record searches may go by; `audit` tells the findings of several audits in one source apart. */
function propertiesOf(record: KeyRecord, { rule, deadline, status, because }: RecordedFinding) {
  const { audit, key, verdict, firstSeen, overdueSince, exemption, usage, remedy } = record
  return {
    audit,
    key: key.name,
    project: key.project.id,
    rule,
    verdict,
    deadline,
    deadlineStatus: status,
    deadlineSource: RULE_TABLE[rule].deadline.source,
    because,
    action: remedy.action,
    traffic: 'unknown' in usage ? 'unknown' : usage.traffic,
    ...(key.project.owner !== undefined && { owner: cut(key.project.owner, LONGEST) }),
    ...(firstSeen && { firstSeen }),
    ...(overdueSince && { overdueSince }),
    ...exemptProperties(exemption),
  }
}

function exemptProperties(exemption: RecordedHygiene['exemption']) {
  return (
    exemption && {
      exemptUntil: exemption.until,
      exemptBecause: cut(exemption.reason, LONGEST),
      exemptApprovedBy: cut(exemption.approvedBy, LONGEST),
    }
  )
}
