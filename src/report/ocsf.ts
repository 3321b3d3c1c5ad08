import { createHash } from 'node:crypto'
import { controlsNamed } from '../policy/controls.js'
import type { Step } from '../policy/judgement.js'
import { keyPage } from '../policy/remedies/pages.js'
import { RULE_TABLE } from '../policy/rules.js'
import { severityOf } from '../records/entries.js'
import { pressingFinding } from '../records/findings.js'
import type { GapRecord } from '../records/gap-record.js'
import type { KeyRecord, RecordedFinding } from '../records/key-record.js'
import type { JudgedRunRecord } from '../records/run-record.js'
import { withVisibleControlsInData } from '../records/visible-text.js'
import { gapLine } from './gap-words.js'
import { matterText, titleOf } from './key-words.js'
import { sentenceCase } from './wording.js'

/**
 * The version of the Open Cybersecurity Schema Framework by which findings are written: the newest one that
 * `py-ocsf-models` knows, which the tests put each of them to.
 * @see https://schema.ocsf.io/1.5.0/classes/compliance_finding
 */
export const OCSF_VERSION = '1.5.0'

/** OCSF numbers its closed lists; the caption of each number stands beside it. */
const CLASS = {
  category_uid: 2,
  category_name: 'Findings',
  class_uid: 2003,
  class_name: 'Compliance Finding',
}
const ACTIVITY = { Create: 1, Update: 2 } as const
const SEVERITY = {
  INFO: [1, 'Informational'],
  NOTICE: [2, 'Low'],
  WARNING: [3, 'Medium'],
  ERROR: [4, 'High'],
} as const
const NEW = { status_id: 1, status: 'New' } as const
const SUPPRESSED = { status_id: 3, status: 'Suppressed' } as const
const FAIL = { status_id: 3, status: 'Fail' } as const
/** The check gave no result, since something is missing. */
const WARNING = { status_id: 2, status: 'Warning' } as const
const RULE = { type_id: 1, type: 'Rule' } as const
const GCP_ACCOUNT = { type_id: 5, type: 'GCP Account' } as const
const UNKNOWN_USER = { type_id: 0, type: 'Unknown' } as const

/** What the findings are held against, beside the controls of standards that a rule names. */
const MOVE_TO_AUTH_KEYS = 'Gemini API: auth keys instead of standard keys'

/**
 * A judged run as OCSF: a Compliance Finding a line for each affected or exempt key, then one for each gap.
 * What OCSF has no place for stands under `unmapped`, as it is in the record.
 */
export async function* ocsf(
  run: JudgedRunRecord,
  keys: AsyncIterable<KeyRecord>,
  gaps: readonly GapRecord[],
): AsyncGenerator<string, void, undefined> {
  for await (const record of keys) {
    if (isFound(record)) yield line(keyFinding(record, run))
  }
  for (const gap of gaps) yield line(gapFinding(gap, run))
}

function isFound({ verdict }: KeyRecord): boolean {
  return verdict === 'overdue' || verdict === 'due' || verdict === 'unknown' || verdict === 'exempt'
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
    ...activity(change === undefined || change === 'new' || change === 'found' ? 'Create' : 'Update'),
    ...(verdict === 'exempt' ? SUPPRESSED : NEW),
    status_code: verdict,
    ...(exemption && {
      status_detail: `Exempt until ${exemption.until}, approved by ${exemption.approvedBy}: ${exemption.reason}`,
    }),
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
    remediation: remediationOf(record.remedy.steps, pressing),
    resources: [resourceOf(record)],
    unmapped: unmappedOf(record),
  }
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

/** What all findings begin with. `name`: what the finding is about, the same in each run. */
function headOf(
  record: KeyRecord | GapRecord,
  { tool }: JudgedRunRecord,
  { name, code }: { readonly name: string; readonly code: string },
): object {
  const [severity_id, severity] = SEVERITY[severityOf(record)]
  return {
    ...CLASS,
    severity_id,
    severity,
    time: milliseconds(record.run),
    timezone_offset: 0,
    metadata: {
      version: OCSF_VERSION,
      profiles: ['cloud'],
      product: { name: tool.name, vendor_name: tool.name, version: tool.version },
      uid: createHash('sha256')
        .update(JSON.stringify([record.audit, record.run, name]))
        .digest('hex'),
      event_code: code,
      original_time: record.run,
      labels: [`audit:${record.audit}`, `run:${record.run}`],
    },
  }
}

function activity(name: keyof typeof ACTIVITY): object {
  const id = ACTIVITY[name]
  return {
    activity_id: id,
    activity_name: name,
    type_uid: CLASS.class_uid * 100 + id,
    type_name: `${CLASS.class_name}: ${name}`,
  }
}

function cloudOf({ key: { project } }: KeyRecord): object {
  const organization = project.ancestors.find((name) => name.startsWith('organizations/'))
  return {
    provider: 'GCP',
    account: accountOf(project),
    ...(organization && { org: { uid: organization.slice('organizations/'.length), name: organization } }),
    region: 'global',
  }
}

function accountOf({ number, id }: KeyRecord['key']['project']): object {
  return { ...GCP_ACCOUNT, name: id, uid: number }
}

function complianceOf(record: KeyRecord, pressing: RecordedFinding | undefined): object {
  const { findings, impact, verdict } = record
  const controls = findings.flatMap(({ controls: named = [] }) => named)
  const standards = controls.map(({ standard, version }) => `${standard} ${version}`)
  return {
    ...(verdict === 'unknown' ? WARNING : FAIL),
    standards: [MOVE_TO_AUTH_KEYS, ...new Set(standards)],
    requirements: [...new Set(controls.map(({ standard, version, id }) => `${standard} ${version} ${id}`))],
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
    desc: [because, ...why.map((each) => `${each.standard} ${each.version} ${each.id}: ${each.why}`)].join(
      ' ',
    ),
    standards: controls.map(({ standard, version, id }) => `${standard} ${version} ${id}`),
  }
}

function remediationOf(steps: readonly Step[], pressing: RecordedFinding | undefined): object {
  const source = pressing && RULE_TABLE[pressing.rule].deadline.source
  const references = [...steps.flatMap(({ url }) => url ?? []), ...(source === undefined ? [] : [source])]
  const numbered = steps.map(({ say, command }, index) =>
    [`${index + 1}. ${say}`, ...(command === undefined ? [] : [command])].join('\n'),
  )
  return { desc: numbered.join('\n') || 'Nothing is to be done.', references: [...new Set(references)] }
}

function resourceOf(record: KeyRecord): object {
  const { key } = record
  const { project } = key
  return {
    uid: key.name,
    name: titleOf(record),
    type: 'apikeys.googleapis.com/Key',
    namespace: project.id,
    region: 'global',
    group: { name: project.id, uid: project.number, type: 'project' },
    ...(project.owner !== undefined && {
      owner: { ...UNKNOWN_USER, name: project.owner, uid: project.owner, account: accountOf(project) },
    }),
    labels: [
      `project:${project.id}`,
      ...(project.owner === undefined ? [] : [`owner:${project.owner}`]),
      `type:${key.type}`,
      `api-restriction:${key.apiRestriction}`,
      `client-restriction:${key.clientRestriction}`,
    ],
    data: key,
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

function milliseconds(time: string): number {
  return Date.parse(time)
}
