/** What findings in the Open Cybersecurity Schema Framework share. */
import { createHash } from 'node:crypto'
import type { Step } from '../policy/judgement-types.js'
import { type Severity, severityOf } from '../records/entries.js'
import type { GapRecord } from '../records/gap-record.js'
import type { KeyRecord } from '../records/key-record.js'
import type { JudgedRunRecord } from '../records/run-record.js'
import { titleOf } from './key-words.js'

/**
 * The version of the Open Cybersecurity Schema Framework by which findings are written: the newest one that
 * `py-ocsf-models` knows, which the tests put each of them to.
 * @see https://schema.ocsf.io/1.5.0/classes/compliance_finding
 */
const OCSF_VERSION = '1.5.0'

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
export const NEW = { status_id: 1, status: 'New' } as const
export const SUPPRESSED = { status_id: 3, status: 'Suppressed' } as const
export const FAIL = { status_id: 3, status: 'Fail' } as const
/** The check gave no result, since something is missing. */
export const WARNING = { status_id: 2, status: 'Warning' } as const
export const RULE = { type_id: 1, type: 'Rule' } as const
const GCP_ACCOUNT = { type_id: 5, type: 'GCP Account' } as const
const UNKNOWN_USER = { type_id: 0, type: 'Unknown' } as const

interface Named {
  /** What the finding is about, the same in each run. */
  readonly name: string
  readonly code: string
  /** How bad it is, where that is not what its record says. */
  readonly how?: Severity
}

/** What all findings begin with. */
export function headOf(
  record: KeyRecord | GapRecord,
  { tool }: JudgedRunRecord,
  { name, code, how = severityOf(record) }: Named,
): object {
  const [severity_id, severity] = SEVERITY[how]
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

/** Whether a finding is new, by the number and the caption that OCSF has for it. */
export function activity(name: keyof typeof ACTIVITY): object {
  const id = ACTIVITY[name]
  return {
    activity_id: id,
    activity_name: name,
    type_uid: CLASS.class_uid * 100 + id,
    type_name: `${CLASS.class_name}: ${name}`,
  }
}

/** The project of a key, and its organization. */
export function cloudOf({ key: { project } }: KeyRecord): object {
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

/** Steps with their commands; `source`: a page that says why. */
export function remediationOf(steps: readonly Step[], source?: string): object {
  const references = [...steps.flatMap(({ url }) => url ?? []), ...(source === undefined ? [] : [source])]
  const numbered = steps.map(({ say, command }, index) =>
    [`${index + 1}. ${say}`, ...(command === undefined ? [] : [command])].join('\n'),
  )
  return { desc: numbered.join('\n') || 'Nothing is to be done.', references: [...new Set(references)] }
}

/** The key as the thing that a finding is about. */
export function resourceOf(record: KeyRecord): object {
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

/** A time of a record as OCSF has it. */
export function milliseconds(time: string): number {
  return Date.parse(time)
}
