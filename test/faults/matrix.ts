/** What a fault that lasts costs a run. */
export const OUTCOMES = {
  same: 'every verdict as without the fault, nothing missing, everything delivered',
  note: 'every verdict as without the fault; what is missing beside them, or was read another way, is reported',
  gap: 'incomplete, and says so first; no verdict but those without the fault and `unknown`',
  failed: 'no verdict at all: the function answers 500, log and channel hear that and why the audit failed',
  undelivered: 'judged as without the fault; the function answers 500 and names what was not delivered',
} as const
export type Outcome = keyof typeof OUTCOMES

/** The faults that last, as `simulate --fault` takes them behind an operation. */
export const FAULTS = {
  denied: 'denied',
  off: 'off',
  '429': '429',
  '429-after': '429,retry-after=3600',
  '500': '500',
  '503': '503',
  reset: 'reset',
  hang: 'hang',
  'broken-off': 'broken-off',
  truncated: 'truncated',
  html: 'html',
  'wrong-types': 'wrong-types',
  'wrong-elements': 'wrong-elements',
  oversized: 'oversized',
  'empty-pages': 'empty-page',
  'repeated-token': 'repeated-token',
  'expired-token': 'expired-token,page-size=1',
} as const
export type FaultColumn = keyof typeof FAULTS

/** Faults that a run gets over, whatever calls they meet: each of them meets all calls in one run. */
export const PASSING = {
  '429@1': 'the first request finds the quota used up',
  '429@1,retry-after=1': 'it is asked to wait for a second',
  '429@1,retry-after=1,skew=86400': 'it is asked to wait until a moment, by a clock that is a day ahead',
  '500@1': 'the first request meets an internal error',
  '503@1,retry-after=1': 'it meets a service that is away for a second',
  'reset@1': 'its connection is reset',
  'broken-off@1': 'its answer breaks off',
  'truncated@1': 'its answer is cut in half',
  'html@1': "a proxy's page comes in place of its answer",
  'clock-skew': 'every answer is dated a day ahead',
  'clock-skew,skew=-86400': 'every answer is dated a day back',
  'empty-page@1,page-size=1': 'a listing begins with a page without items',
  'shifted-page,page-size=1': 'every page begins with the last element of the page before',
} as const

/** A call that a run makes, and how the run is set up that makes it. */
export interface Row {
  /** The operation, as the simulator names it, with what tells its requests from others of the same one. */
  readonly call: string
  readonly on?: string
  /** What it is made for. */
  readonly purpose: string
  readonly env?: Readonly<Record<string, string>>
}

const BY_PROJECTS = { AUDIT_INVENTORY: 'projects' }
const BY_EXPORT = { AUDIT_INVENTORY: 'export', AUDIT_EXPORT: 'gs://exports/audit' }
const REMEMBERED = { AUDIT_ARCHIVE: 'gs://audits/runs' }

export const ROWS = {
  projects: { call: 'cloudasset.assets.list', on: '*Project', purpose: 'projects of the inventory' },
  keys: { call: 'cloudasset.assets.list', on: '*apikeys', purpose: 'keys of the inventory' },
  search: { call: 'cloudasset.searchAllResources', purpose: 'where the Gemini API is enabled' },
  reach: {
    call: 'cloudasset.searchAllResources',
    on: 'project:',
    purpose: 'what keys without restriction also reach',
  },
  export: { call: 'cloudasset.exportAssets', purpose: 'inventory by export: its start', env: BY_EXPORT },
  exporting: { call: 'cloudasset.operations.get', purpose: 'inventory by export: its end', env: BY_EXPORT },
  exported: {
    call: 'storage.objects.get',
    on: 'exports',
    purpose: 'inventory by export: its files',
    env: BY_EXPORT,
  },
  confirm: { call: 'apikeys.keys.list', purpose: 'confirming the keys of a project' },
  service: { call: 'serviceusage.services.get', purpose: 'whether one project has the Gemini API' },
  inherited: {
    call: 'serviceusage.consumerPolicies.get',
    purpose: 'what is enabled above projects',
  },
  usage: { call: 'monitoring.timeSeries.list', purpose: 'traffic of keys' },
  blocker: { call: 'orgpolicy.policies.getEffectivePolicy', purpose: 'whether auth keys may be made' },
  accounts: {
    call: 'cloudasset.searchAllResources',
    on: '*ServiceAccount',
    purpose: 'the service accounts of keys',
  },
  roles: { call: 'cloudasset.searchAllIamPolicies', purpose: 'the roles of service accounts' },
  account: {
    call: 'iam.serviceAccounts.get',
    purpose: 'a service account, without inventory',
    env: BY_PROJECTS,
  },
  'project-roles': {
    call: 'cloudresourcemanager.projects.getIamPolicy',
    purpose: 'its roles, without inventory',
    env: BY_PROJECTS,
  },
  'list-projects': {
    call: 'cloudresourcemanager.projects.list',
    purpose: 'projects, without inventory',
    env: BY_PROJECTS,
  },
  'list-folders': {
    call: 'cloudresourcemanager.folders.list',
    purpose: 'folders, without inventory',
    env: BY_PROJECTS,
  },
  'get-project': {
    call: 'cloudresourcemanager.projects.get',
    purpose: 'a scope that is a project',
    env: { ...BY_PROJECTS, AUDIT_SCOPE: 'projects/gemini-1' },
  },
  'get-folder': {
    call: 'cloudresourcemanager.folders.get',
    purpose: 'a scope that is a folder',
    env: { ...BY_PROJECTS, AUDIT_SCOPE: 'folders/7' },
  },
  policy: { call: 'storage.objects.get', on: 'policy.yaml', purpose: 'the policy file' },
  recall: { call: 'storage.objects.list', purpose: 'finding earlier runs', env: REMEMBERED },
  compare: { call: 'storage.objects.get', on: 'audits', purpose: 'reading earlier runs', env: REMEMBERED },
  remember: { call: 'storage.objects.insert', purpose: 'remembering the run', env: REMEMBERED },
  records: { call: 'logging.entries.write', purpose: 'records', env: REMEMBERED },
  message: { call: 'slack.chat.postMessage', purpose: 'the digest', env: REMEMBERED },
  'file-1': {
    call: 'slack.files.getUploadURLExternal',
    purpose: 'the list of keys: an address for it',
    env: REMEMBERED,
  },
  'file-2': { call: 'slack.upload', purpose: 'the list of keys: itself', env: REMEMBERED },
  'file-3': {
    call: 'slack.files.completeUploadExternal',
    purpose: 'the list of keys: into the thread',
    env: REMEMBERED,
  },
} as const satisfies Record<string, Row>
export type RowName = keyof typeof ROWS

/** Calls that have pages. */
const LISTED = `
                denied  off     429     429-after  500     503     reset   hang    broken-off
projects        note    note    failed  failed     gap     gap     gap     gap     gap
keys            note    note    failed  failed     failed  failed  failed  failed  failed
search          note    note    failed  note       note    note    note    note    note
reach           note    note    note    note       note    note    note    note    note
accounts        note    note    note    note       note    note    note    note    note
roles           note    note    note    note       note    note    note    note    note
confirm         gap     failed  gap     gap        gap     gap     gap     gap     gap
usage           note    note    note    note       note    note    note    note    note
list-projects   failed  failed  failed  failed     failed  failed  failed  failed  failed
list-folders    gap     gap     gap     gap        gap     gap     gap     gap     gap
recall          failed  failed  failed  failed     failed  failed  failed  failed  failed

                truncated  html    wrong-types  wrong-elements  oversized
projects        gap        gap     gap          gap             note
keys            failed     failed  failed       gap             note
search          note       note    note         gap             note
reach           note       note    note         note            note
accounts        note       note    note         same            note
roles           note       note    note         note            note
confirm         gap        gap     gap          gap             gap
usage           note       note    note         note            note
list-projects   failed     failed  failed       gap             failed
list-folders    gap        gap     gap          gap             gap
recall          failed     failed  failed       failed          failed

                empty-pages  repeated-token  expired-token
projects        gap          gap             gap
keys            gap          gap             gap
search          note         note            note
reach           note         note            note
accounts        note         note            note
roles           note         note            note
confirm         gap          gap             gap
usage           note         note            note
list-projects   failed       gap             gap
list-folders    gap          gap             gap
recall          failed       failed          failed
`

/** Calls with one answer. */
const ASKED = `
                denied       off          429          429-after    500          503          reset        hang         broken-off
export          note         note         failed       note         note         note         note         note         note
exporting       note         note         failed       note         note         note         note         note         note
exported        note         note         failed       note         note         note         note         note         note
service         gap          gap          gap          gap          gap          gap          gap          gap          gap
inherited       note         note         note         note         note         note         note         note         note
blocker         note         note         note         note         note         note         note         note         note
account         note         note         note         note         note         note         note         note         note
project-roles   note         note         note         note         note         note         note         note         note
get-project     failed       failed       failed       failed       failed       failed       failed       failed       failed
get-folder      note         note         failed       note         note         note         note         note         note
policy          failed       failed       failed       failed       failed       failed       failed       failed       failed
compare         failed       failed       failed       failed       failed       failed       failed       failed       failed
remember        failed       failed       failed       failed       failed       failed       failed       failed       failed
records         undelivered  undelivered  undelivered  undelivered  undelivered  undelivered  undelivered  undelivered  undelivered
message         undelivered  undelivered  undelivered  undelivered  undelivered  undelivered  undelivered  undelivered  same
file-1          undelivered  undelivered  undelivered  undelivered  undelivered  undelivered  undelivered  undelivered  undelivered
file-2          undelivered  undelivered  undelivered  undelivered  undelivered  undelivered  undelivered  undelivered  undelivered
file-3          undelivered  undelivered  undelivered  undelivered  undelivered  undelivered  undelivered  undelivered  undelivered

                truncated    html         wrong-types  oversized
export          note         note         note         note
exporting       note         note         note         note
exported        note         note         note         note
service         gap          gap          gap          gap
inherited       note         note         note         note
blocker         note         note         note         note
account         note         note         note         note
project-roles   note         note         note         note
get-project     failed       failed       failed       failed
get-folder      note         note         note         note
policy          failed       failed       failed       failed
compare         failed       failed       failed       failed
remember        same         failed       same         failed
records         undelivered  undelivered  same         undelivered
message         same         undelivered  same         same
file-1          undelivered  undelivered  undelivered  undelivered
file-2          same         undelivered  same         undelivered
file-3          undelivered  undelivered  undelivered  undelivered
`

/** Whether an operation answers in pages. */
export function isListing(call: string): boolean {
  return rowNamesIn(LISTED).some((name) => ROWS[name].call === call)
}

function rowNamesIn(text: string): readonly RowName[] {
  const names = new Set(text.split('\n').map((line) => line.split(' ', 1)[0] ?? ''))
  return [...names].filter((name) => name !== '').map((name) => named(ROWS, name))
}

/** What is expected where a fault meets a call. */
export interface Cell {
  readonly row: RowName
  readonly fault: FaultColumn
  readonly outcome: Outcome
}

/** Every cell of the tables. Throws where a table names what there is not. */
export const CELLS: readonly Cell[] = [LISTED, ASKED].flatMap((text) =>
  text.trim().split('\n\n').flatMap(cellsOf),
)

function cellsOf(table: string): readonly Cell[] {
  const [head = [], ...rows] = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
  return rows.flatMap(([row, ...outcomes]) =>
    outcomes.map((outcome, column) => ({
      row: named(ROWS, row),
      fault: named(FAULTS, head[column]),
      outcome: named(OUTCOMES, outcome),
    })),
  )
}

function named<Table extends object>(table: Table, name = ''): keyof Table {
  if (!Object.hasOwn(table, name)) throw new Error(`the tables of faults name "${name}"`)
  return name as keyof Table
}
