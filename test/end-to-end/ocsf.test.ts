import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openWorld } from '../../simulator/world/file.js'
import type { World } from '../../simulator/world/world.js'
import { main } from '../program.js'
import { findingsIn } from '../report/ocsf-forms.js'
import { Text } from '../text.js'
import { ACME_POLICY, acme, callFunction, NOW, onStage, recordsIn, smallWorld } from './stage.js'

async function printed(world: World, env: Record<string, string> = {}): Promise<string> {
  const [out, err] = [new Text(), new Text()]
  await onStage(world, async (stage) => {
    const given = { ...stage.env, ...env }
    await main(['audit', '--format', 'ocsf'], { out, err, env: given, now: () => NOW })
  })
  return out.text
}

/** A Python that may have `py-ocsf-models`. */
const PYTHON = process.env['OCSF_PYTHON'] ?? 'python3'
const hasModels = spawnSync(PYTHON, ['-c', 'import py_ocsf_models']).status === 0

function acceptedBy(text: string): number {
  const { status, stdout, stderr } = spawnSync(PYTHON, ['test/report/ocsf-validator.py'], {
    input: text,
    encoding: 'utf8',
  })
  assert.equal(status, 0, stderr)
  return Number(stdout)
}

const STANDARD = '[{id: one, name: One, created: 400d ago}]'

describe('findings as OCSF', () => {
  it('are printed with --format ocsf: those of the sample organization, and its gaps', async () => {
    const findings = findingsIn(await printed(await acme(), { AUDIT_POLICY: ACME_POLICY }))
    const codes = new Set(findings.map(({ status_code }) => status_code))
    for (const code of ['overdue', 'unknown', 'exempt', 'IAM_PERMISSION_DENIED'])
      assert.ok(codes.has(code), `${code}: ${[...codes]}`)
    assert.equal(new Set(findings.map(({ finding_info }) => finding_info.uid)).size, findings.length)
  })

  it('are written where AUDIT_OCSF says, an object a run, once, and noted in the log', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'ocsf-'))
    try {
      await onStage(smallWorld(STANDARD), async ({ env, simulator }) => {
        const given = { ...env, AUDIT_OCSF: directory, AUDIT_NAME: 'small' }
        assert.equal((await callFunction(given)).status, 200)
        const name = '2026-11-23T07-00-00Z.ndjson'
        const text = readFileSync(join(directory, 'small', name), 'utf8')
        assert.equal(findingsIn(text).length, 1)
        const to = `ocsf:${directory}`
        assert.deepEqual(
          recordsIn(simulator, 'delivery')
            .filter((each) => each.to === to)
            .map(({ result, message }) => [result, message]),
          [['delivered', `small/${name}`]],
        )
        // Something else of that name stays, and the findings stand beside it.
        assert.equal(
          (await callFunction(given, undefined, [], () => new Date(NOW.getTime() + 1))).status,
          200,
        )
        const names = readdirSync(join(directory, 'small')).sort()
        assert.equal(readFileSync(join(directory, 'small', name), 'utf8'), text)
        assert.match(names[0] ?? '', /^2026-11-23T07-00-00Z(-[0-9a-f]{16})?\.ndjson$/)
      })
    } finally {
      rmSync(directory, { recursive: true })
    }
  })

  it('go to a bucket as well, and no attempt at a run overwrites another’s', async () => {
    const world = smallWorld(STANDARD, 'buckets: [{name: findings}]')
    await onStage(world, async ({ env, simulator }) => {
      const given = { ...env, AUDIT_OCSF: 'gs://findings/gemini', AUDIT_NAME: 'small' }
      for (const _attempt of [1, 2]) assert.equal((await callFunction(given)).status, 200)
      const names = simulator.buckets
        .get('findings')
        ?.list()
        .map(({ name }) => name)
      assert.deepEqual(names, ['gemini/small/2026-11-23T07-00-00Z.ndjson'])
    })
  })

  it('that cannot be written fail with what to do, and hold nothing else back', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'ocsf-'))
    const file = join(directory, 'file')
    writeFileSync(file, '')
    try {
      await onStage(smallWorld(STANDARD), async ({ env, simulator }) => {
        const { status, body } = await callFunction({ ...env, AUDIT_OCSF: file })
        assert.equal(status, 500)
        assert.match(body.error, /failed \(\w+\); name a directory .* with AUDIT_OCSF \(--ocsf\)\./)
        assert.equal(recordsIn(simulator, 'run').length, 1)
        assert.ok(simulator.slackMessages().length > 0)
        const failed = recordsIn(simulator, 'delivery').filter(({ result }) => result === 'failed')
        assert.deepEqual(
          failed.map(({ to }) => to),
          [`ocsf:${file}`],
        )
      })
    } finally {
      rmSync(directory, { recursive: true })
    }
  })

  it('are none where nothing could be judged', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'ocsf-'))
    try {
      await onStage(smallWorld(STANDARD, 'denied: [{read: assets}, {read: projects}]'), async ({ env }) => {
        assert.equal((await callFunction({ ...env, AUDIT_OCSF: directory })).status, 500)
        assert.deepEqual(readdirSync(directory), [])
      })
    } finally {
      rmSync(directory, { recursive: true })
    }
  })

  it('of the sample organization are what py-ocsf-models takes', async function () {
    if (!hasModels) return this.skip() // pip install py-ocsf-models, and OCSF_PYTHON where it is not in python3
    const text = await printed(await acme(), { AUDIT_POLICY: ACME_POLICY })
    assert.equal(acceptedBy(text), findingsIn(text).length)
  })

  it('of 2,000 keys are what py-ocsf-models takes, and a damaged one is not', async function () {
    if (!hasModels) return this.skip()
    const text = await printed(await openWorld('generated:keys=2000,projects=200,gemini=200', NOW))
    const findings = findingsIn(text)
    assert.ok(findings.length > 500, `${findings.length}`)
    assert.equal(acceptedBy(text), findings.length)
    const damaged = JSON.stringify({ ...findings[0], severity_id: 'High' })
    assert.throws(() => acceptedBy(damaged), /severity_id/)
  }).timeout(240_000)
})
