import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Simulator } from '../../simulator/simulator.js'
import { readConfig } from '../../src/config/config.js'
import type { KeyRecord } from '../../src/records/key-record.js'
import { main } from '../program.js'
import { assertRecords } from '../record-forms.js'
import { Text } from '../text.js'
import { delivered, digestsIn, recordsOfRun, runAt, worldOf } from './remembered.js'
import { onStage } from './stage.js'

/** What version 0.1.0 (commit 937e77d) left of three runs, and the variables that its deployment set. */
const WRITTEN = 'test/history/written-by-0.1.0'
const RUNS = ['2026-11-18T07:00:00Z', '2026-11-19T07:00:00Z', '2026-11-20T07:00:00Z'] as const
const [FIRST, SECOND, THIRD] = RUNS
const NEXT = '2026-11-21T07:00:00Z'

/** The organization on the day after: of the four keys, one is gone, and there is a new one. */
const WORLD = worldOf(`
      - {id: one, uid: uid-one, name: One, created: 2025-10-01, traffic: [{daily: 20}]}
      - {id: two, uid: uid-two, name: Two, created: 2025-10-01, updated: 2026-11-19, targets: [maps-backend]}
      - {id: four, uid: uid-four, name: Four, created: 2026-11-18}
      - {id: five, uid: uid-five, name: Five, created: 2026-11-20}`)

interface Upgraded {
  readonly simulator: Simulator
  /** The variables of a run. */
  readonly env: Record<string, string>
  readonly setClock: (time: string) => void
}

const filesBelow = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile())

/** The run record that version 0.1.0 wrote. */
function recordIn(run: string): object {
  const folder = `${WRITTEN}/archive/small/runs/${run.replaceAll(':', '-')}`
  return JSON.parse(readFileSync(`${folder}/manifest.json`, 'utf8')).record
}

/** A simulator whose bucket holds what was written, each object since its run. */
function fillBucket(simulator: Simulator, setClock: (time: string) => void): void {
  const folder = `${WRITTEN}/archive`
  for (const file of filesBelow(folder)) {
    setClock(RUNS.find((run) => file.includes(run.replaceAll(':', '-'))) ?? assert.fail(file))
    simulator.buckets.get('audits')?.insert({
      name: `daily/${file.slice(folder.length + 1)}`,
      content: readFileSync(file),
      contentType: 'application/octet-stream',
      metadata: {},
    })
  }
}

/** The archive of 0.1.0 in a directory or a bucket, for the time of `use`. */
async function onArchive(kind: 'directory' | 'bucket', use: (upgraded: Upgraded) => Promise<void>) {
  let clock = new Date(NEXT)
  const setClock = (time: string) => {
    clock = new Date(time)
  }
  const directory = mkdtempSync(join(tmpdir(), 'upgrade-'))
  const stage = async ({ simulator, env }: Pick<Upgraded, 'simulator' | 'env'>) => {
    cpSync(`${WRITTEN}/archive`, directory, { recursive: true })
    fillBucket(simulator, setClock)
    setClock(NEXT)
    const archive = kind === 'bucket' ? 'gs://audits/daily' : directory
    await use({ simulator, env: { ...env, AUDIT_ARCHIVE: archive, AUDIT_NAME: 'small' }, setClock })
  }
  try {
    await onStage(WORLD, stage, { now: () => clock })
  } finally {
    rmSync(directory, { recursive: true })
  }
}

async function command(env: Record<string, string>, now: string, ...args: string[]) {
  const [out, err] = [new Text(), new Text()]
  const status = await main(args, { out, err, env, now: () => new Date(now) })
  return { status, said: out.text + err.text }
}

for (const kind of ['directory', 'bucket'] as const) {
  describe(`an archive of version 0.1.0 in a ${kind}`, () => {
    it('is whole, and its claims prove nothing', async () => {
      await onArchive(kind, async ({ env }) => {
        const { status, said } = await command(env, NEXT, 'verify', '--expect-every', '26h')
        assert.equal(status, 0, said)
        assert.match(said, /3 runs whole, 2026-11-18T07:00:00Z to 2026-11-20T07:00:00Z/)
        assert.match(said, /The claims of 3 of the runs are by version 0\.1\.0 and name no run record/)
        const { said: life } = await command(env, NEXT, 'history', '--key', 'uid-two')
        assert.match(life, /2026-11-18[^\n]*overdue[\s\S]*2026-11-20[^\n]*not-affected/)
      })
    })

    it('is continued: the chain, first days and changes of the next run go on from it', async () => {
      await onArchive(kind, async ({ env }) => {
        const before = await command(env, NEXT, 'verify')
        const [, head] = /Head: ([0-9a-f]{64})/.exec(before.said) ?? []
        const run = delivered(await runAt(NEXT, env))
        assert.deepEqual(run.record.previous, { run: THIRD, sha256: head })
        assert.equal(run.record.coverage.archive, undefined)
        const { since, new: added, gone } = run.record.changes
        assert.deepEqual({ since, added, gone }, { since: THIRD, added: 1, gone: 1 })
        const keys = (await recordsOfRun(run)).filter(({ record }) => record === 'key') as KeyRecord[]
        const history = keys.map(({ key, firstSeen, overdueSince, change }) => [
          key.uid,
          firstSeen,
          overdueSince,
          change,
        ])
        assert.deepEqual(history.sort(), [
          ['uid-five', NEXT, '2026-11-21', 'new'],
          ['uid-four', SECOND, '2026-11-19', 'same'],
          ['uid-one', FIRST, '2026-11-18', 'same'],
          ['uid-three', FIRST, '2026-11-18', 'gone'],
          ['uid-two', FIRST, undefined, 'same'],
        ])
        const after = await command(env, NEXT, 'verify', '--all', '--expect-every', '26h')
        assert.equal(after.status, 0, after.said)
        assert.match(after.said, /4 runs whole, 2026-11-18T07:00:00Z to 2026-11-21T07:00:00Z/)
      })
    })

    it('has a newest run that a retry delivers as it was judged, reading nothing: old marks do not count', async () => {
      await onArchive(kind, async ({ simulator, env, setClock }) => {
        setClock('2026-11-20T07:20:00Z')
        const { run } = await runAt(THIRD, env)
        assert.deepEqual(run.record, recordIn(THIRD))
        assert.deepEqual(
          [...simulator.requests.keys()].filter((name) => /^(cloudasset|apikeys|monitoring)/.test(name)),
          [],
        )
        assert.equal(digestsIn(simulator).length, 1)
      })
    })
  })
}

describe('the records of version 0.1.0', () => {
  it('fit the schemas of today', () => {
    const zipped = filesBelow(`${WRITTEN}/archive`).filter((file) => file.endsWith('.gz'))
    assert.equal(zipped.length, RUNS.length)
    const keys = zipped.flatMap((file) =>
      gunzipSync(readFileSync(file)).toString().trim().split('\n').slice(1),
    )
    assertRecords([...RUNS.map(recordIn), ...keys.map((line) => JSON.parse(line).record)])
  })
})

describe('the settings of a deployment of version 0.1.0', () => {
  it('are taken as they were', () => {
    const { NODE_ENV, NODE_OPTIONS, ...env } = JSON.parse(readFileSync(`${WRITTEN}/settings.json`, 'utf8'))
    assert.ok(NODE_ENV !== undefined && NODE_OPTIONS !== undefined)
    const config = readConfig({ flags: {}, env: { ...env, SLACK_BOT_TOKEN: 'xoxb-1-2-abc' } })
    assert.deepEqual(config.scope, ['organizations/99'])
    assert.equal(config.archive, 'gs://auditor-prod-gemini-key-audit')
    assert.equal(config.slackChannel, 'C0456')
  })
})
