import { AFFECTED_VERDICTS } from '../model.js'
import { controlsNamed, controlText, standardText } from '../policy/controls.js'
import { HYGIENE_TABLE } from '../policy/hygiene.js'
import { keyPage } from '../policy/remedies/pages.js'
import { RULE_TABLE } from '../policy/rules.js'
import { pressingFinding } from '../records/findings.js'
import type { GapRecord } from '../records/gap-record.js'
import type { KeyRecord, RecordedFinding } from '../records/key-record.js'
import type { RecordedHygiene } from '../records/recorded-hygiene.js'
import type { JudgedRunRecord } from '../records/run-record.js'
import { withVisibleControlsInData } from '../records/visible-text.js'
import { gapLine } from './gap-words.js'
import { matterText, titleOf } from './key-words.js'
import {
  activity,
  cloudOf,
  FAIL,
  headOf,
  milliseconds,
  NEW,
  RULE,
  remediationOf,
  resourceOf,
  SUPPRESSED,
  WARNING,
} from './ocsf-parts.js'
import { sentenceCase } from './wording.js'

/** The requirement that findings are measured by, besides the controls that a rule names. */
const MOVE_TO_AUTH_KEYS = 'Gemini API: auth keys instead of standard keys'
/** The same of what no deadline asks for. */
const KEY_HYGIENE = 'API keys: no more rights than needed'

/**
 * A judged run as OCSF: a Compliance Finding a line for each affected or exempt key and for each thing to be looked at
 * on another, then one for each gap.
 * What OCSF has no place for stands under `unmapped`, as it is in the record.
 */
export async function* ocsf(
  run: JudgedRunRecord,
  keys: AsyncIterable<KeyRecord>,
  gaps: readonly GapRecord[],
): AsyncGenerator<string, void, undefined> {
  for await (const record of keys) {
    if (isFound(record)) yield line(keyFinding(record, run))
    for (const finding of record.hygiene ?? []) yield line(hygieneFinding(record, finding, run))
  }
  for (const gap of gaps) yield line(gapFinding(gap, run))
}

function isFound({ verdict }: KeyRecord): boolean {
  return AFFECTED_VERDICTS.includes(verdict) || verdict === 'exempt'
}

function line(finding: object): string {
  return `${withVisibleControlsInData(JSON.stringify(finding))}\n`
}

function keyFinding(record: KeyRecord, run: JudgedRunRecord): object {
  const { key, verdict, findings, impact, exemption, change, firstSeen } = record
  const pressing = pressingFinding(record) ?? findings[0]
  const title = `${titleOf(record)} in ${key.project.id}: ${matterText(record)}`
  return {
    ...headOf(record, run, { name: key.name, code: pressing?.rule ?? verdict }),
    ...activity(isFirst(change) ? 'Create' : 'Update'),
    ...(verdict === 'exempt' ? SUPPRESSED : NEW),
    status_code: verdict,
    ...(exemption && { status_detail: exemptText(exemption) }),
    message: title,
    cloud: cloudOf(record),
    compliance: complianceOf(record, pressing),
    finding_info: {
      uid: key.name,
      title,
      desc: impact,
      types: findings.length === 0 ? [verdict] : findings.map(({ rule }) => rule),
      first_seen_time: milliseconds(firstSeen ?? record.run),
      last_seen_time: milliseconds(record.run),
      src_url: keyPage(key, key.project),
      data_sources: [...new Set(Object.values(record.evidence).map(({ from }) => from))],
      ...(pressing && { analytic: { ...RULE, uid: pressing.rule, name: RULE_TABLE[pressing.rule].title } }),
    },
    remediation: remediationOf(record.remedy.steps, pressing && RULE_TABLE[pressing.rule].deadline.source),
    resources: [resourceOf(record)],
    unmapped: unmappedOf(record),
  }
}

/** What is to be looked at on a key, a finding of its own: it is not measured by a deadline. */
function hygieneFinding(record: KeyRecord, finding: RecordedHygiene, run: JudgedRunRecord): object {
  const { id, severity, because, controls, steps, exemption } = finding
  const { key, verdict, change, firstSeen } = record
  const { title: name, says } = HYGIENE_TABLE[id]
  const title = `${titleOf(record)} in ${key.project.id}: ${HYGIENE_TABLE[id].words.matter}`
  const standards = controls.map(standardText)
  const uid = `${key.name}/${id}`
  return {
    ...headOf(record, run, { name: uid, code: id, how: severity }),
    ...activity(isFirst(change) ? 'Create' : 'Update'),
    ...(exemption === undefined ? NEW : SUPPRESSED),
    status_code: exemption === undefined ? 'to-look-at' : 'exempt',
    ...(exemption && { status_detail: exemptText(exemption) }),
    message: title,
    cloud: cloudOf(record),
    compliance: {
      ...FAIL,
      standards: [KEY_HYGIENE, ...new Set(standards)],
      requirements: controls.map(controlText),
      control: name,
      desc: says,
      checks: [{ ...FAIL, uid: id, name, desc: because }],
    },
    finding_info: {
      uid,
      title,
      desc: because,
      types: [id],
      first_seen_time: milliseconds(firstSeen ?? record.run),
      last_seen_time: milliseconds(record.run),
      src_url: keyPage(key, key.project),
      data_sources: [...new Set(Object.values(record.evidence).map(({ from }) => from))],
      analytic: { ...RULE, uid: id, name },
    },
    remediation: remediationOf(steps),
    resources: [resourceOf(record)],
    unmapped: { asOf: record.asOf, verdict, hygiene: finding },
  }
}

function isFirst(change: KeyRecord['change']): boolean {
  return change === undefined || change === 'new' || change === 'found'
}

function exemptText({ until, reason, approvedBy }: NonNullable<RecordedHygiene['exemption']>): string {
  return `Exempt until ${until}, approved by ${approvedBy}: ${reason}`
}

function gapFinding(gap: GapRecord, run: JudgedRunRecord): object {
  const { missing, reason, subjects, subjectCount, because, fix, known, advice = [] } = gap
  const title = sentenceCase(gapLine(gap))
  const uid = `${gap.audit}/gaps/${missing}/${reason}/${subjects[0] ?? ''}`
  return {
    ...headOf(gap, run, { name: uid, code: reason }),
    ...activity('Create'),
    ...(known ? SUPPRESSED : NEW),
    status_code: reason,
    message: title,
    cloud: { provider: 'GCP' },
    compliance: {
      ...WARNING,
      standards: [MOVE_TO_AUTH_KEYS],
      control: 'Everything in scope is read',
      desc: because,
    },
    finding_info: {
      uid,
      title,
      desc: because,
      types: ['gap', missing],
      last_seen_time: milliseconds(gap.run),
    },
    remediation: { desc: fix, references: advice.flatMap(({ url }) => url ?? []) },
    resources: subjects.map((subject) => ({ uid: subject, name: subject, type: subjectType(subject) })),
    unmapped: { asOf: gap.asOf, missing, subjectCount, known, advice },
  }
}

function complianceOf(record: KeyRecord, pressing: RecordedFinding | undefined): object {
  const { findings, impact, verdict } = record
  const controls = findings.flatMap(({ controls: named = [] }) => named)
  const standards = controls.map(standardText)
  return {
    ...(verdict === 'unknown' ? WARNING : FAIL),
    standards: [MOVE_TO_AUTH_KEYS, ...new Set(standards)],
    requirements: [...new Set(controls.map(controlText))],
    control: pressing === undefined ? MOVE_TO_AUTH_KEYS : RULE_TABLE[pressing.rule].title,
    desc: pressing === undefined ? impact : ruleText(pressing),
    checks: findings.map(checkOf),
  }
}

/** The rule, its deadline, and where that is said. */
function ruleText({ rule, deadline, status }: RecordedFinding): string {
  const { says, deadline: published } = RULE_TABLE[rule]
  return `${says} Deadline ${deadline} (${status}): ${published.source}`
}

function checkOf({ rule, because, controls = [] }: RecordedFinding): object {
  const why = controlsNamed(RULE_TABLE[rule].controls)
  return {
    ...FAIL,
    uid: rule,
    name: RULE_TABLE[rule].title,
    desc: [because, ...why.map((each) => `${controlText(each)}: ${each.why}`)].join(' '),
    standards: controls.map(controlText),
  }
}

/** The facts of a record for which OCSF has no field, by their names in the record. */
function unmappedOf(record: KeyRecord): object {
  const { asOf, asOfOverridden, verdict, ifStandard, geminiAccess, dormant, usage, notes, findings } = record
  const { exemption, evidence, impact, remedy, change, changeCause, previousVerdict, overdueSince } = record
  return {
    asOf,
    asOfOverridden,
    verdict,
    ifStandard,
    findings,
    geminiAccess,
    dormant,
    usage,
    notes,
    exemption,
    evidence,
    impact,
    action: remedy.action,
    change,
    changeCause,
    previousVerdict,
    overdueSince,
  }
}

function subjectType(subject: string): string {
  if (subject.includes('/keys/')) return 'apikeys.googleapis.com/Key'
  return `cloudresourcemanager.googleapis.com/${subject.startsWith('projects/') ? 'Project' : 'Scope'}`
}
