import assert from 'node:assert/strict'
import type { World } from '../../simulator/world/world.js'
import { callFunction, onStage, recordsIn } from '../end-to-end/stage.js'
import { worldOf } from '../simulator/simulated.js'
import { brief, examine, ORGANIZATION, SLACK } from './examined.js'

/** What is taken away; the one line that is to tell it, as `check result`; and what that line has to say. */
type Row = readonly [taken: string, line: string, says: RegExp]

const WHO = '--member=serviceAccount:auditor@auditor-1\\.iam\\.gserviceaccount\\.com'
const onOrganization = (permission: string, role: string) =>
  new RegExp(`${permission}.*gcloud organizations add-iam-policy-binding 99 ${WHO} --role=${role}$`)
const onBucket = (permission: string, role: string) =>
  new RegExp(
    `${permission}.*gcloud storage buckets add-iam-policy-binding gs://archive ${WHO} --role=${role}$`,
  )
const onLog = (permission: string, role: string) =>
  new RegExp(`${permission}.*gcloud projects add-iam-policy-binding auditor-1 ${WHO} --role=${role}$`)
const enabled = (service: string) =>
  new RegExp(`${service}.* gcloud services enable ${service}\\.googleapis\\.com --project=101$`)

const AUDITOR = 'organizations/99/roles/geminiKeyAuditor'
const ARCHIVIST = 'projects/auditor-1/roles/geminiKeyAuditorArchive'
const DOCTOR = 'projects/auditor-1/roles/geminiKeyAuditorDoctor'

const PERMISSIONS: readonly Row[] = [
  [
    'cloudasset.assets.listResource',
    'assetsList warning',
    onOrganization('cloudasset.assets.listResource', AUDITOR),
  ],
  [
    'cloudasset.assets.searchAllResources',
    'searchAllResources warning',
    onOrganization('cloudasset.assets.searchAllResources', AUDITOR),
  ],
  ['resourcemanager.projects.list', 'projectsList warning', onOrganization('projects.list', AUDITOR)],
  ['resourcemanager.folders.list', 'foldersList warning', onOrganization('folders.list', AUDITOR)],
  ['resourcemanager.projects.get', 'projectsGet warning', onOrganization('projects.get', AUDITOR)],
  ['resourcemanager.folders.get', 'foldersGet warning', onOrganization('folders.get', AUDITOR)],
  ['apikeys.keys.list', 'keysList gaps', onOrganization('apikeys.keys.list', AUDITOR)],
  ['serviceusage.services.get', 'servicesGet gaps', onOrganization('serviceusage.services.get', AUDITOR)],
  [
    'serviceusage.consumerpolicy.get',
    'consumerPolicies warning',
    onOrganization('serviceusage.consumerpolicy.get', AUDITOR),
  ],
  [
    'monitoring.timeSeries.list',
    'timeSeriesList gaps',
    onOrganization('monitoring.timeSeries.list', AUDITOR),
  ],
  [
    'cloudasset.assets.analyzeOrgPolicy',
    'policiesList warning',
    onOrganization('cloudasset.assets.analyzeOrgPolicy', AUDITOR),
  ],
  [
    'cloudasset.assets.searchAllIamPolicies',
    'policiesSearch warning',
    onOrganization('cloudasset.assets.searchAllIamPolicies', AUDITOR),
  ],
  [
    'iam.serviceAccounts.get',
    'serviceAccountsGet warning',
    onOrganization('iam.serviceAccounts.get', AUDITOR),
  ],
  [
    'resourcemanager.projects.getIamPolicy',
    'projectsGetIamPolicy warning',
    onOrganization('resourcemanager.projects.getIamPolicy', AUDITOR),
  ],
  ['orgpolicy.policy.get', 'getEffectivePolicy gaps', onOrganization('orgpolicy.policy.get', AUDITOR)],
  ['storage.objects.create', 'archiveWrites fails', onBucket('storage.objects.create', ARCHIVIST)],
  ['storage.objects.get', 'archiveReads fails', onBucket('storage.objects.get', ARCHIVIST)],
  ['storage.objects.list', 'archiveLists fails', onBucket('storage.objects.list', ARCHIVIST)],
  [
    'logging.logEntries.create',
    'entriesWrite fails',
    onLog('logging.logEntries.create', 'roles/logging.logWriter'),
  ],
  ['logging.sinks.list', 'retention warning', onLog('logging.sinks.list', DOCTOR)],
  ['logging.buckets.list', 'retention warning', onLog('logging.buckets.list', DOCTOR)],
]

const APIS: readonly Row[] = [
  ['cloudasset', 'searchAllResources warning', enabled('cloudasset')],
  ['cloudresourcemanager', 'projectsList warning', enabled('cloudresourcemanager')],
  ['apikeys', 'keysList fails', enabled('apikeys')],
  ['serviceusage', 'servicesGet gaps', enabled('serviceusage')],
  ['monitoring', 'timeSeriesList gaps', enabled('monitoring')],
  ['orgpolicy', 'getEffectivePolicy gaps', enabled('orgpolicy')],
  ['iam', 'serviceAccountsGet warning', enabled('iam')],
  ['logging', 'entriesWrite fails', enabled('logging')],
]

const BOT = '["chat:write", "files:write", "channels:read", "channels:history"]'
const tokens = (scopes: string, state = 'active') =>
  `slack: {team: Small, tokens: [{token: xoxb-small, scopes: ${scopes}, state: ${state}}], channels: [{id: C0456, name: security}]}`
const channel = (more: string) => `slack: {team: Small, channels: [{id: C0456, name: security, ${more}}]}`

const SLACKS: readonly Row[] = [
  [tokens(BOT.replace('"chat:write", ', '')), 'slackScopes fails', /lacks the scope chat:write/],
  [tokens(BOT.replace('"files:write", ', '')), 'slackScopes fails', /lacks the scope files:write/],
  [
    tokens(BOT.replace(', "channels:history"', '')),
    'slackScopes warning',
    /lacks the scope channels:history/,
  ],
  [tokens(BOT, 'token_revoked'), 'authTest fails', /revoked .*SLACK_BOT_TOKEN/],
  [channel('member: false'), 'conversations fails', /not in the channel .*\/invite/],
  [channel('archived: true'), 'conversations fails', /archived .*unarchive/],
  [channel('private: true, member: false'), 'conversations fails', /no such channel.*SLACK_CHANNEL/],
]

/** How a real run on the same world goes, in the doctor's words. */
async function reallyRun(world: World, more: Env): Promise<string> {
  let went = ''
  await onStage(world, async ({ simulator, env }) => {
    const { status, body } = await callFunction({ ...env, AUDIT_ARCHIVE: 'gs://archive/audits', ...more })
    const gaps = Object.values(body.coverage?.gaps ?? {}).reduce((sum: number, each) => sum + Number(each), 0)
    if (status === 200) assert.equal(recordsIn(simulator, 'run').length, 1)
    went = status !== 200 ? 'fails' : gaps > 0 ? 'gaps' : 'works'
  })
  return went
}

type Env = Readonly<Record<string, string>>

/** The doctor tells these lines and no others, and a run on the same world goes as the worst of them says. */
function tells(what: string, text: string, lines: readonly string[], says: RegExp, more: Env = {}): void {
  it(`reports ${what}, and a run goes as it says`, async () => {
    const world = worldOf(text)
    await onStage(world, async ({ env }) => {
      const { wrong } = await examine({ env: { ...env, ...more } })
      assert.deepEqual(wrong.map(brief), lines)
      assert.match(wrong.map((line) => `${line.says} ${line.fix}`).join('\n'), says)
    })
    const worst = ['fails', 'gaps'].find((result) => lines.some((line) => line.endsWith(result)))
    assert.equal(await reallyRun(world, more), worst ?? 'works')
  })
}

/** What is denied, in which way of reading and which scope; and the lines that are to tell it. */
type Way = readonly [denied: readonly string[], env: Env, lines: readonly string[]]

const LISTS = ['resourcemanager.projects.list', 'resourcemanager.folders.list']
const BY_PROJECTS = { AUDIT_INVENTORY: 'projects' }
const BY_ASSETS = { AUDIT_INVENTORY: 'assets' }
const BY_EXPORT = { AUDIT_INVENTORY: 'export', AUDIT_EXPORT: 'gs://exports/assets' }

const WAYS: readonly Way[] = [
  [[], BY_PROJECTS, []],
  [['apikeys.keys.list'], BY_PROJECTS, ['keysList fails']],
  [['resourcemanager.projects.list'], BY_PROJECTS, ['projectsList fails']],
  [['resourcemanager.folders.list'], BY_PROJECTS, ['foldersList gaps']],
  [LISTS, BY_PROJECTS, ['projectsList fails', 'foldersList fails']],
  [['serviceusage.services.get'], BY_PROJECTS, ['servicesGet gaps']],
  [['cloudasset.assets.listResource'], BY_PROJECTS, []],
  [['cloudasset.assets.listResource'], BY_ASSETS, ['assetsList fails']],
  [['cloudasset.assets.searchAllResources'], BY_ASSETS, ['searchAllResources gaps']],
  [['resourcemanager.projects.get'], BY_ASSETS, ['projectsGet warning']],
  [LISTS, BY_ASSETS, []],
  [LISTS, {}, ['projectsList warning', 'foldersList warning']],
  [
    ['cloudasset.assets.listResource', ...LISTS],
    {},
    ['assetsList fails', 'projectsList fails', 'foldersList fails'],
  ],
  [['cloudasset.assets.listResource', 'apikeys.keys.list'], {}, ['assetsList warning', 'keysList fails']],
  [
    ['cloudasset.assets.searchAllResources', 'serviceusage.services.get'],
    {},
    ['searchAllResources gaps', 'servicesGet gaps'],
  ],
  [['resourcemanager.folders.get'], { ...BY_PROJECTS, AUDIT_SCOPE: 'folders/7' }, ['foldersGet warning']],
  [
    ['resourcemanager.projects.get'],
    { ...BY_PROJECTS, AUDIT_SCOPE: 'projects/gemini-1' },
    ['projectsGet fails'],
  ],
  [[], { AUDIT_SCOPE: 'folders/7,projects/auditor-1' }, []],
  [[], BY_EXPORT, []],
  [['cloudasset.assets.exportResource'], BY_EXPORT, ['exportAssets warning']],
]

describe('the doctor, with one right taken away,', () => {
  for (const row of PERMISSIONS) {
    tells(`${row[0]} alone`, `${ORGANIZATION}${SLACK}\ndenied: [{permission: ${row[0]}}]`, [row[1]], row[2])
  }
  for (const row of APIS) {
    const denied = `denied: [{service: ${row[0]}, reason: disabled}]`
    tells(`${row[0]} being off`, `${ORGANIZATION}${SLACK}\n${denied}`, [row[1]], row[2])
  }
  for (const row of SLACKS) {
    tells(`Slack’s ${row[1]} for ${row[2].source}`, `${ORGANIZATION}${row[0]}`, [row[1]], row[2])
  }

  it('has nothing to say where nothing is missing', async () => {
    await onStage(worldOf(`${ORGANIZATION}${SLACK}`), async (stage) => {
      const { diagnosis, wrong } = await examine(stage)
      assert.deepEqual(wrong, [])
      assert.equal(diagnosis.run, 'would be complete')
      assert.equal(diagnosis.counts.untried, 0)
    })
    assert.equal(await reallyRun(worldOf(`${ORGANIZATION}${SLACK}`), {}), 'works')
  })
})

describe('the doctor, for each way of reading,', () => {
  for (const [permissions, env, lines] of WAYS) {
    const denied = permissions.map((permission) => `{permission: ${permission}}`).join(', ')
    const what = `${lines.join(', ') || 'nothing'} without ${permissions.join(', ') || 'nothing'} ${Object.values(env).join(' ')}`
    tells(what, `${ORGANIZATION}${SLACK}\ndenied: [${denied}]`, lines, /^/, env)
  }
})
