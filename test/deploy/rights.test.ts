import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { recorded } from './recorded.js'

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

  it('give nobody a key string, or anything that changes what is audited', () => {
    for (const id of ['geminiKeyAuditor', 'geminiKeyAuditorExport']) {
      const text = readFileSync(`deploy/roles/${id}.yaml`, 'utf8')
      const permissions = [...text.matchAll(/^ {2}- (\S+)/gm)].map(([, name = '']) => name)
      assert.ok(permissions.length > 0)
      for (const name of permissions)
        assert.match(name, /\.(list|get|listResource|searchAllResources|exportResource|analyzeOrgPolicy)$/)
    }
  })
})
