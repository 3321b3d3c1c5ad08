import { createHash } from 'node:crypto'
import { keyPage } from '../policy/remedies/pages.js'
import { RULE_TABLE, type Rule } from '../policy/rules.js'
import { severityOf } from '../records/entries.js'
import { strictestFinding } from '../records/findings.js'
import type { KeyRecord, RecordedControl, RecordedFinding } from '../records/key-record.js'
import { cut } from '../records/visible-text.js'
import { matterText, titleOf } from './key-words.js'

/** A finding as Security Command Center takes it, as far as it is of this program. */
export interface Posture {
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
 * The finding of a key that is overdue, due or exempt, under the strictest rule that applies to it. A key that could
 * not be judged has none: nobody is accused by it, and what was found of it before stays.
 */
export function postureOf(record: KeyRecord): Posture | undefined {
  const finding = ruledBy(record)
  if (finding === undefined) return undefined
  const { key, impact, remedy, exemption } = record
  const { rule } = finding
  const steps = remedy.steps.map(({ say, command }) => (command === undefined ? say : `${say}\n${command}`))
  return {
    id: postureId(key.name, rule),
    category: `GEMINI_API_KEY_${rule.toUpperCase().replaceAll('-', '_')}`,
    state: 'ACTIVE',
    severity: SEVERITY[severityOf(record)],
    findingClass: 'MISCONFIGURATION',
    resourceName: `//apikeys.googleapis.com/${key.name}`,
    externalUri: keyPage(key, key.project),
    description: cut(`${titleOf(record)} in ${key.project.id}: ${matterText(record)}. ${impact}`, LONGEST),
    nextSteps: cut(steps.join('\n'), LONGEST),
    compliances: compliancesOf(finding.controls ?? []),
    sourceProperties: propertiesOf(record, finding),
    ...(exemption && record.verdict === 'exempt' && { isMuted: true }),
  }
}

/** By what a finding is found again. */
export function postureId(name: string, rule: Rule): string {
  return createHash('sha256').update(`${name} ${rule}`).digest('hex').slice(0, 32)
}

function ruledBy(record: KeyRecord): RecordedFinding | undefined {
  return record.verdict === 'exempt' ? record.findings[0] : strictestFinding(record)
}

function compliancesOf(controls: readonly RecordedControl[]): Posture['compliances'] {
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
    ...(exemption && {
      exemptUntil: exemption.until,
      exemptBecause: cut(exemption.reason, LONGEST),
      exemptApprovedBy: cut(exemption.approvedBy, LONGEST),
    }),
  }
}
