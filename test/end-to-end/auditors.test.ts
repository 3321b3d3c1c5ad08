import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { blocksOf } from '../sql.js'
import { delivered, inDirectory, runAt, worldOf } from './remembered.js'
import { onStage, type Stage } from './stage.js'

const run = promisify(execFile)

/** The commands of docs/auditors.md that recompute a digest, as they stand there. */
async function commands(): Promise<readonly string[]> {
  const page = await readFile('docs/auditors.md', 'utf8')
  const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block)
  return blocks.filter((block) => block.includes('python3'))
}

describe('the commands of docs/auditors.md', () => {
  it('recompute both digests with nothing but standard tools', async () => {
    const keys = String.raw`[{name: "ünï → 🔑\u2028\u007f\"\\ <!channel>", created: 400d ago}, {name: Two, created: 400d ago}]`
    await inDirectory((archive) =>
      onStage(worldOf(keys), async ({ simulator, env }) => {
        const settings = { ...env, AUDIT_ARCHIVE: archive, AUDIT_NAME: 'small' }
        const { record: first } = delivered(await runAt('2026-11-22T07:00:00Z', settings))
        const EXPORT = join(archive, 'export.json')
        await writeFile(EXPORT, asExported(simulator.logEntries()))
        const { record: second } = delivered(await runAt('2026-11-23T07:00:00Z', settings))
        const RUN = join(archive, 'small', 'runs', '2026-11-22T07-00-00Z')
        const [fromArchive = '', ofPrevious = '', fromLog = '', ...others] = await commands()
        assert.deepEqual(others, [])
        const said = async (command: string) =>
          (await run('bash', ['-c', command], { env: { ...process.env, RUN, EXPORT } })).stdout.trim()
        const { sha256, count } = first.records
        assert.equal(await said(fromArchive), `${sha256} ${count}`)
        assert.equal(await said(fromLog), `${sha256} ${count}`)
        assert.equal(await said(ofPrevious), second.previous?.sha256)
      }),
    )
  })
})

const POLICY = `
exemptions:
  - {project: gemini-2, rule: [unrestricted-key, standard-key, dormant-key], until: 2026-12-31, reason: vendor, approved-by: ciso@small.example}
`

describe('the log queries of docs/auditors.md', () => {
  it('find what they ask for in what three runs have written', async () => {
    const keys = (two: string) =>
      `[{id: one, uid: uid-one, created: 400d ago}, {id: two, uid: uid-two, created: 400d ago${two}}]`
    const exempt = `
  - {id: gemini-2, number: 3, services: [generativelanguage], keys: [{id: three, uid: uid-three, created: 400d ago},
     {id: four, uid: uid-four, created: 9d ago, targets: [generativelanguage], serviceAccountEmail: bot@gemini-2.iam.gserviceaccount.com}]}`
    await inDirectory((archive) =>
      onStage(worldOf(keys(''), { projects: exempt }), async ({ simulator, env }) => {
        const policy = join(archive, 'policy.yaml')
        await writeFile(policy, POLICY)
        const settings = { ...env, AUDIT_ARCHIVE: archive, AUDIT_NAME: 'small', AUDIT_POLICY: policy }
        delivered(await runAt('2026-11-22T07:00:00Z', settings))
        simulator.world = worldOf(keys(', targets: [maps-backend]'), { projects: exempt })
        delivered(await runAt('2026-11-23T07:00:00Z', settings))
        simulator.world = worldOf(keys(', targets: [maps-backend]'), {
          projects: exempt,
          more: 'denied: [{read: keys, project: gemini-1}]',
        })
        delivered(await runAt('2026-11-24T07:00:00Z', settings))
        const found = await Promise.all(
          (await blocksOf('docs/auditors.md', 'logging')).map(({ text }) =>
            answersTo(text, { simulator, env }),
          ),
        )
        assert.deepEqual(found, [
          ['2026-11-23 uid-one'],
          ['2026-11-22 uid-one', '2026-11-23 uid-one', '2026-11-24 uid-one'],
          ['2026-11-22 uid-three', '2026-11-23 uid-three', '2026-11-24 uid-three'],
          ['2026-11-24 incomplete'],
          ['2026-11-23 uid-two'],
          ['2026-11-23 uid-four'],
        ])
      }),
    )
  })
})

/** Which keys and runs a query finds, by the day. */
async function answersTo(query: string, { simulator, env }: Stage): Promise<readonly string[]> {
  const { LOG_PROJECT: project = '' } = env
  const filter = query
    .replaceAll('LOG_PROJECT', project)
    .replaceAll('LOG_NAME', 'gemini-key-audit')
    .replaceAll('"AUDIT"', '"small"')
    .replaceAll('KEY_UID', 'uid-one')
  const response = await fetch(`${simulator.origin}/v2/entries:list`, {
    method: 'POST',
    headers: { authorization: 'Bearer reader', 'content-type': 'application/json' },
    body: JSON.stringify({ resourceNames: [`projects/${project}`], filter, orderBy: 'timestamp asc' }),
  })
  assert.equal(response.status, 200)
  const { entries = [] } = (await response.json()) as {
    entries?: { jsonPayload: { asOf: string; outcome?: string; key?: { uid: string } } }[]
  }
  return entries.map(({ jsonPayload: { asOf, outcome, key } }) => `${asOf} ${key?.uid ?? outcome}`)
}

/** Cloud Logging keeps numbers as doubles, and may show them as such. */
function asExported(entries: readonly object[]): string {
  return JSON.stringify(entries).replaceAll(/("(?:daysLeft|accepted|keys)":-?\d+)([,}])/g, '$1.0$2')
}
