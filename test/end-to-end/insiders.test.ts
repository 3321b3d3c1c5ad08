import assert from 'node:assert/strict'
import type { Simulator } from '../../simulator/simulator.js'
import type { World } from '../../simulator/world/world.js'
import { canonical, sha256 } from '../../src/records/canonical.js'
import { INJECTIONS } from '../hostile/names.js'
import { main } from '../program.js'
import { Text } from '../text.js'
import { delivered, digestsIn, inDirectory, runAt, worldOf } from './remembered.js'
import { callFunction, onStage, recordsIn } from './stage.js'

const [MONDAY, TUESDAY, WEDNESDAY] = [
  '2026-11-23T07:00:00Z',
  '2026-11-24T07:00:00Z',
  '2026-11-25T07:00:00Z',
] as const
const ONE = '[{id: one, uid: uid-one, name: One, created: 400d ago}]'

interface Scene {
  readonly simulator: Simulator
  readonly env: Record<string, string>
  readonly at: (time: string) => void
  readonly now: () => Date
  readonly verify: (...flags: string[]) => Promise<{ readonly status: number; readonly said: string }>
}

/** A deployment whose archive is in a directory, or in a bucket without retention. */
async function onScene(world: World, use: (scene: Scene) => Promise<void>, place?: string): Promise<void> {
  let clock = new Date(MONDAY)
  const now = () => clock
  const at = (time: string) => {
    clock = new Date(time)
  }
  await inDirectory((directory) =>
    onStage(
      world,
      async ({ simulator, env: given }) => {
        const env = { ...given, AUDIT_ARCHIVE: place ?? directory, AUDIT_NAME: 'small' }
        const verify = async (...flags: string[]) => {
          const [out, err] = [new Text(), new Text()]
          const status = await main(['verify', ...flags], { out, err, env, now })
          return { status, said: out.text + err.text }
        }
        await use({ simulator, env, at, now, verify })
      },
      { now },
    ),
  )
}

const calledAt = ({ env, now }: Scene, schedule: string) =>
  callFunction(env, { method: 'POST', headers: { 'x-cloudscheduler-scheduletime': schedule } }, [], now)

describe('a caller of the function', () => {
  it('takes the name of a run a minute early at most, and the run is delivered, once', async () => {
    await onScene(worldOf(ONE), async (scene) => {
      scene.at('2026-11-23T06:59:30Z')
      const forged = await calledAt(scene, '2026-11-23T07:00:00Z')
      scene.at('2026-11-23T07:00:05Z')
      const scheduled = await calledAt(scene, '2026-11-23T07:00:00Z')
      assert.deepEqual([forged.status, scheduled.status], [200, 200])
      assert.deepEqual(scheduled.body, forged.body)
      assert.equal(scheduled.body.startedAt, '2026-11-23T06:59:30.000Z')
      assert.equal(digestsIn(scene.simulator).length, 1)
      assert.equal(recordsIn(scene.simulator, 'run').length, 1)
    })
  })

  it('dates no run further back than 3 hours, nor ahead, and cannot keep the scheduled one from being delivered', async () => {
    await onScene(worldOf(ONE), async (scene) => {
      const runs: string[] = []
      for (const [time, schedule] of [
        ['2026-11-23T02:30:00Z', '2026-11-22T23:30:00Z'], // over midnight
        ['2026-11-23T02:40:00Z', '2026-11-22T07:00:00Z'],
        ['2026-11-23T02:50:00Z', '2026-11-24T07:00:00Z'],
        ['2026-11-23T07:00:05Z', '2026-11-23T07:00:00Z'],
      ] as const) {
        scene.at(time)
        const { status, body } = await calledAt(scene, schedule)
        assert.equal(status, 200)
        assert.equal(body.asOf, body.run.slice(0, 10))
        runs.push(body.run)
      }
      assert.deepEqual(runs, [
        '2026-11-22T23:30:00Z',
        '2026-11-23T02:40:00Z',
        '2026-11-23T02:50:00Z',
        '2026-11-23T07:00:00Z',
      ])
      assert.equal(digestsIn(scene.simulator).length, 4)
      const { status, said } = await scene.verify()
      assert.equal(status, 0, said)
      assert.match(said, /The run 2026-11-22T23:30:00Z began 3 hours after its time/)
    })
  })
})

describe('a member of the channel', () => {
  it('posts a look-alike with a run’s metadata: the digest is posted beside it, and its digits are no run’s', async () => {
    await onScene(worldOf(ONE), async (scene) => {
      const { simulator, env, verify } = scene
      const lookAlike = {
        channel: 'C0456',
        text: 'All clear: no key is affected · 0123 4567 89ab',
        metadata: {
          event_type: 'gemini_key_audit_run',
          event_payload: { audit: 'small', run: MONDAY, tells: 'digest', sha256: 'ab'.repeat(32) },
        },
      }
      const answer = await fetch(`${env['SLACK_API_URL']}chat.postMessage`, {
        method: 'POST',
        headers: { authorization: 'Bearer xoxb-another-app', 'content-type': 'application/json' },
        body: JSON.stringify(lookAlike),
      })
      assert.equal(((await answer.json()) as { ok: boolean }).ok, true)
      const { record } = delivered(await runAt(MONDAY, env))
      assert.equal(digestsIn(simulator).length, 2)
      const [theirs, ours] = digestsIn(simulator)
      assert.notEqual(theirs?.author, ours?.author)
      const digits = sha256(canonical(record)).slice(0, 12)
      assert.equal((await verify('--head', digits)).status, 0)
      const { status, said } = await verify('--head', '0123 4567 89ab')
      assert.equal(status, 3)
      assert.match(
        said,
        /no whole run of the archive has a run record whose SHA-256 begins with 0123456789ab/,
      )
    })
  })
})

describe('an owner of one project', () => {
  /** Google takes no longer ones. */
  const hostile = Object.values(INJECTIONS)
    .flat()
    .filter((name) => name.length <= 63)
  const keys = hostile.map((name, index) => ({
    id: `h${index}`,
    uid: `uid-h${index}`,
    name,
    created: '400d ago',
  }))
  const PROJECT = `
  - {id: hostile-1, number: 3, services: [generativelanguage], keys: ${JSON.stringify(keys)}}`

  it('gives its keys hostile names: they are judged and reported as data, and nothing else changes', async () => {
    const verdicts: unknown[] = []
    for (const projects of ['', PROJECT]) {
      await onScene(worldOf(ONE, { projects }), async ({ simulator, env, verify }) => {
        const { record } = delivered(await runAt(MONDAY, env))
        assert.equal(record.outcome, 'complete')
        const records = recordsIn(simulator, 'key')
        const { verdict, findings } = records.find(({ key }) => key.uid === 'uid-one')
        verdicts.push({ verdict, findings })
        assert.equal(records.length, projects === '' ? 1 : 1 + hostile.length)
        const said = simulator.slackMessages().map(({ text }) => text)
        assert.doesNotMatch(said.join('\n'), /<!|<@|<https:\/\/evil/)
        assert.equal((await verify()).status, 0)
      })
    }
    assert.deepEqual(verdicts[1], verdicts[0])
  })

  it('shuts the audit out of its project: the first line says incomplete, and other keys are judged', async () => {
    const more = 'denied: [{read: keys, project: hostile-1}]'
    await onScene(worldOf(ONE, { projects: PROJECT, more }), async ({ simulator, env }) => {
      const { record } = delivered(await runAt(MONDAY, env))
      assert.equal(record.outcome, 'incomplete')
      assert.match(digestsIn(simulator)[0]?.text ?? '', /^Incomplete/)
      const [gap] = recordsIn(simulator, 'gap')
      assert.match(gap.subjects.join(), /hostile-1|projects\/3/)
      const own = recordsIn(simulator, 'key').find(({ key }) => key.uid === 'uid-one')
      assert.equal(own.verdict, 'overdue')
    })
  })
})

describe('an administrator of the bucket', () => {
  const days = async ({ env, at }: Scene, times: readonly string[]) => {
    const heads: string[] = []
    for (const time of times) {
      at(time)
      heads.push(sha256(canonical(delivered(await runAt(time, env)).record)))
    }
    return heads
  }
  const runsIn = (simulator: Simulator, bucket: string, run: string) =>
    (simulator.buckets.get(bucket)?.list('daily/small/runs/') ?? []).filter(({ name }) =>
      name.includes(run.replaceAll(':', '-')),
    )

  it('cannot delete a run while the bucket is locked', async () => {
    await onScene(
      worldOf(ONE),
      async (scene) => {
        await days(scene, [MONDAY])
        const objects = runsIn(scene.simulator, 'audits', MONDAY)
        assert.ok(objects.length > 3)
        for (const { name } of objects)
          assert.throws(() => scene.simulator.buckets.get('audits')?.delete(name), /retention policy/)
      },
      'gs://audits/daily',
    )
  })

  it('deletes the newest run of one that is not: the archive stays whole, and the digits of its digest prove it', async () => {
    await onScene(
      { ...worldOf(ONE), buckets: [{ name: 'plain', retention: 0, isLocked: false }] },
      async (scene) => {
        const { simulator, verify } = scene
        const [, head = ''] = await days(scene, [MONDAY, TUESDAY])
        assert.equal((await verify('--head', head)).status, 0)
        for (const { name } of runsIn(simulator, 'plain', TUESDAY)) {
          simulator.buckets.get('plain')?.delete(name)
        }
        await days(scene, [WEDNESDAY])
        assert.equal((await verify()).status, 0)
        const byHead = await verify('--head', head.slice(0, 12))
        assert.equal(byHead.status, 3)
        const byTime = await verify('--expect-every', '26h')
        assert.match(
          byTime.said,
          /From the run 2026-11-23T07:00:00Z to the run 2026-11-25T07:00:00Z there is no run/,
        )
        assert.equal(byTime.status, 3)
      },
      'gs://plain/daily',
    )
  })
})
