import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { split } from 'shlex'
import { flagsOf, recorded } from './recorded.js'

/** Google's roles among those of the build that read or add objects of Cloud Storage. */
const STORING: readonly string[] = ['roles/run.builder', 'roles/run.sourceDeveloper']

/** Resources by type and name as IAM knows them, and whether the build may reach them by these roles. */
const RESOURCES: readonly (readonly [string, string, boolean])[] = [
  ['Object', 'projects/_/buckets/auditor-prod-gemini-key-audit/objects/a/runs/x/manifest.json', false],
  ['Bucket', 'projects/_/buckets/auditor-prod-gemini-key-audit', false],
  ['Object', 'projects/_/buckets/acme-audits/objects/x', false],
  ['Object', 'projects/_/buckets/auditor-prod_cloudbuild/objects/source/1.tgz', true],
  ['Object', 'projects/_/buckets/auditor-prod_europe-west1_cloudbuild/objects/source/1.tgz', true],
  ['Bucket', 'projects/_/buckets/run-sources-auditor-prod-europe-west1', true],
  ['Object', 'projects/_/buckets/run-sources-auditor-prod-europe-west1/objects/services/x.zip', true],
]

/** A condition of IAM, which is CEL, as a function: what it has of that language means the same in JavaScript. */
function conditionOf(flag: string): (type: string, name: string) => boolean {
  const [, expression = ''] = /expression=(.*)$/.exec(flag) ?? []
  assert.match(expression, /^(?:[()&| ]|!=|resource\.(?:type|name)|\.startsWith|"[^"\\]*")+$/)
  const evaluate = new Function('resource', `return ${expression}`)
  return (type, name) => evaluate({ type: `storage.googleapis.com/${type}`, name })
}

const { stdout: planned } = recorded([
  ...['deploy/setup.sh', '--project=auditor-prod', '--plan'],
  '--notification-channel=projects/auditor-prod/notificationChannels/17',
])

describe('the rights of the deployment', () => {
  const rolesOf = (member: string) =>
    planned
      .split('\n')
      .filter((line) => line.includes(`--member=serviceAccount:${member}@`))
      .map((line) => /--role=(\S+)/.exec(line)?.[1])

  it('let the audit write its log, see where that goes, read one secret, add to one bucket, and nothing else of the project', () => {
    assert.deepEqual(rolesOf('gemini-key-audit-run'), [
      'roles/logging.logWriter',
      'roles/serviceusage.serviceUsageConsumer',
      'projects/auditor-prod/roles/geminiKeyAuditorDoctor',
      'roles/secretmanager.secretAccessor',
      'projects/auditor-prod/roles/geminiKeyAuditorArchive',
    ])
  })

  it('let the schedule call the service, and nothing else', () => {
    assert.deepEqual(rolesOf('gemini-key-audit-cron'), ['roles/run.invoker'])
  })

  it('let the build deploy, without rights over rights', () => {
    const roles = rolesOf('gemini-key-audit-build')
    assert.ok(roles.includes('roles/run.sourceDeveloper'))
    for (const role of roles)
      assert.doesNotMatch(role ?? '', /owner|editor|\.admin$(?<!cloudscheduler\.admin)/)
  })

  it('keep the build away from the archive: it reads and adds objects where sources are staged alone', () => {
    const bindings = planned
      .split('\n')
      .filter((line) => line.includes('add-iam-policy-binding') && line.includes('gemini-key-audit-build@'))
      .map((line) => flagsOf(split(line)))
      .filter(({ '--role': role = '' }) => STORING.includes(role))
    assert.deepEqual(
      bindings.map(({ '--role': role }) => role),
      STORING,
    )
    for (const { '--condition': condition = '' } of bindings) {
      const allows = conditionOf(condition)
      for (const [type, name, isAllowed] of RESOURCES) assert.equal(allows(type, name), isAllowed, name)
    }
  })

  it('let the audit read and add in the archive, and neither overwrite nor delete', () => {
    const text = readFileSync('deploy/roles/geminiKeyAuditorArchive.yaml', 'utf8')
    const permissions = [...text.matchAll(/^ {2}- (\S+)/gm)].map(([, name]) => name)
    assert.deepEqual(permissions.sort(), [
      'storage.objects.create',
      'storage.objects.get',
      'storage.objects.list',
    ])
  })

  it('let findings be written by a role of its own, which may write nothing else', () => {
    const text = readFileSync('deploy/roles/geminiKeyAuditorFindings.yaml', 'utf8')
    const permissions = [...text.matchAll(/^ {2}- (\S+)/gm)].map(([, name = '']) => name)
    assert.deepEqual(permissions.sort(), [
      'securitycenter.findings.list',
      'securitycenter.findings.setMute',
      'securitycenter.findings.update',
    ])
    const words = ['deploy/organization.sh', '--organization=9', '--project=auditor-prod', '--plan']
    const binds = (more: readonly string[]) =>
      recorded([...words, ...more]).stdout.includes('geminiKeyAuditorFindings')
    assert.deepEqual([binds([]), binds(['--findings'])], [false, true])
  })

  it('let the function of single changes read one project by itself, and nothing of the organization', () => {
    const text = readFileSync('deploy/roles/geminiKeyAuditorEvents.yaml', 'utf8')
    const permissions = [...text.matchAll(/^ {2}- (\S+)/gm)].map(([, name = '']) => name)
    assert.deepEqual(permissions.sort(), [
      'apikeys.keys.list',
      'monitoring.timeSeries.list',
      'orgpolicy.policy.get',
      'resourcemanager.folders.get',
      'resourcemanager.projects.get',
      'serviceusage.consumerpolicy.get',
      'serviceusage.services.get',
    ])
    const said = recorded(['deploy/setup.sh', '--project=auditor-prod', '--events', '--plan']).stdout
    const rolesFor = (member: string) =>
      said
        .split('\n')
        .filter((line) => line.includes(`--member=serviceAccount:${member}@`))
        .map((line) => /--role=(\S+)/.exec(line)?.[1])
    assert.deepEqual(rolesFor('gemini-key-audit-feed'), [
      'roles/logging.logWriter',
      'roles/serviceusage.serviceUsageConsumer',
      'roles/secretmanager.secretAccessor',
      'projects/auditor-prod/roles/geminiKeyAuditorArchive',
    ])
    assert.deepEqual(rolesFor('gemini-key-audit-push'), ['roles/run.invoker'])
  })

  it('give nobody a key string, or anything that changes what is audited', () => {
    for (const id of ['geminiKeyAuditor', 'geminiKeyAuditorExport', 'geminiKeyAuditorEvents']) {
      const text = readFileSync(`deploy/roles/${id}.yaml`, 'utf8')
      const permissions = [...text.matchAll(/^ {2}- (\S+)/gm)].map(([, name = '']) => name)
      assert.ok(permissions.length > 0)
      for (const name of permissions)
        assert.match(
          name,
          /\.(list|get|listResource|searchAllResources|searchAllIamPolicies|getIamPolicy|exportResource|analyzeOrgPolicy)$/,
        )
    }
  })
})
