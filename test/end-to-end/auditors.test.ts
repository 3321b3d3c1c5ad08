import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { delivered, inDirectory, runAt, worldOf } from './remembered.js'
import { onStage } from './surroundings.js'

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

/** Cloud Logging keeps numbers as doubles, and may show them as such. */
function asExported(entries: readonly object[]): string {
  return JSON.stringify(entries).replaceAll(/("(?:daysLeft|accepted|keys)":-?\d+)([,}])/g, '$1.0$2')
}
