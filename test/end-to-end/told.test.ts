import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Simulator } from '../../simulator/simulator.js'
import { readWorld } from '../../simulator/world/file.js'
import { runFolder } from '../../src/history/names.js'
import type { Instant } from '../../src/model.js'
import { delivered, inDirectory, runAt } from './remembered.js'
import { onStage, recordsIn } from './stage.js'

const WORLD = `
organization: {number: 99, domain: small.example}
caller: {project: auditor-1, serviceAccount: auditor@auditor-1.iam.gserviceaccount.com}
folders: [{number: 7, name: shop}]
projects:
  - {id: auditor-1, number: 1, services: [apikeys, cloudasset, cloudresourcemanager, serviceusage, logging]}
  - {id: pay-1, number: 2, services: [generativelanguage], labels: {owner: payments}, keys: [{id: one, name: Pay, created: 400d ago}]}
  - {id: shop-1, number: 3, folder: 7, services: [generativelanguage], keys: [{id: two, name: Shop, created: 400d ago}]}
slack:
  team: Small
  channels:
    - {id: C0001, name: security}
    - {id: C0002, name: payments}
    - {id: C0003, name: shop}
    - {id: C0004, name: elsewhere, member: false}
`

const POLICY = `
owners: {labels: [owner]}
routes:
  - {owner: payments, channel: C0002}
  - {folder: folders/7, channel: C0003}
  - {project: shop-1, channel: C0004}
  - {project: shop-1, channel: C0001}
`

const world = () => readWorld(WORLD, 'told.yaml', new Date('2026-11-23T07:00:00Z'))

async function onOrganization(
  use: (stage: { simulator: Simulator; env: Record<string, string> }) => Promise<void>,
  policy = POLICY,
): Promise<void> {
  await inDirectory(async (directory) => {
    const file = join(directory, 'policy.yaml')
    await writeFile(file, policy)
    await onStage(world(), async ({ simulator, env }) => {
      const more = { AUDIT_POLICY: file, AUDIT_ARCHIVE: join(directory, 'archive') }
      await use({ simulator, env: { ...env, ...more } })
    })
  })
}

const digestsIn = (simulator: Simulator, channel: string) =>
  simulator.slackMessages().filter((one) => one.channel === channel && one.threadTs === undefined)

const on = (day: string) => `2026-11-${day}T07:00:00Z`

describe('routes', () => {
  it('lead each channel its own keys, once, and a channel that refuses stops no other', async () => {
    await onOrganization(async ({ simulator, env }) => {
      const { undelivered } = await runAt(on('24'), env)
      assert.deepEqual(
        undelivered.map(({ to }) => to),
        ['slack:C0004'],
      )
      await runAt(on('24'), env)
      const [payments, shop, security] = ['C0002', 'C0003', 'C0001'].map((channel) =>
        digestsIn(simulator, channel),
      )
      assert.deepEqual([payments?.length, shop?.length, security?.length], [1, 1, 1])
      assert.match(
        payments?.[0]?.text ?? '',
        /^payments: 1 key overdue and unused\. .* keys of payments only, /,
      )
      assert.doesNotMatch(JSON.stringify(payments), /shop-1|Shop/)
      assert.match(
        shop?.[0]?.text ?? '',
        /^folders\/7: 1 key overdue and unused\. .* keys of folders\/7 only, /,
      )
      assert.match(security?.[0]?.text ?? '', /^2 keys overdue and unused\. /)
    })
  })

  it('leave a delivery record each', async () => {
    await onOrganization(async ({ simulator, env }) => {
      await runAt(on('24'), env)
      assert.deepEqual(
        recordsIn(simulator, 'delivery')
          .map(({ to, result }) => `${to} ${result}`)
          .sort(),
        ['slack:C0001 delivered', 'slack:C0002 delivered', 'slack:C0003 delivered', 'slack:C0004 failed'],
      )
    })
  })

  it('have quiet days of their own', async () => {
    const policy = POLICY.replace('  - {project: shop-1, channel: C0004}\n', '')
    await onOrganization(async ({ simulator, env }) => {
      delivered(await runAt(on('24'), env))
      const shop = simulator.world.projectNamed('shop-1')
      assert.ok(shop)
      simulator.world = readWorld(
        WORLD.replace('name: Shop, created', 'name: Shop, targets: [maps-backend], created'),
        'told.yaml',
        new Date(on('25')),
      )
      delivered(await runAt(on('25'), env))
      const last = (channel: string) => digestsIn(simulator, channel).at(-1)
      assert.match(
        last('C0002')?.text ?? '',
        /1 Gemini API key affected, as on Tue: none in use\. Nothing new\./,
      )
      assert.equal(last('C0002')?.blocks.length, 2)
      assert.doesNotMatch(last('C0003')?.text ?? '', /Nothing new/)
      assert.match(JSON.stringify(last('C0003')?.blocks), /Changed since Tue: 1 fixed/)
      assert.doesNotMatch(last('C0001')?.text ?? '', /Nothing new/)
    }, policy)
  })
})

describe('the chart in the thread', () => {
  const QUIET = 'owners: {labels: [owner]}\n'
  const pictures = (simulator: Simulator) =>
    simulator.slackFiles().filter(({ name }) => name.endsWith('.png'))

  it('comes on Mondays, from three runs on', async () => {
    await onOrganization(async ({ simulator, env }) => {
      for (const day of ['15', '16', '17', '22']) delivered(await runAt(on(day), env))
      assert.equal(pictures(simulator).length, 0)
      delivered(await runAt(on('23'), env))
      delivered(await runAt(on('23'), env))
      const [picture, ...others] = pictures(simulator)
      assert.equal(others.length, 0)
      assert.equal(picture?.content.subarray(1, 4).toString('latin1'), 'PNG')
      assert.equal(picture?.name, 'gemini-key-audit-2026-11-23.png')
    }, QUIET)
  })

  it('holds up no digest when it cannot be sent, and that is reported', async () => {
    await onOrganization(async ({ simulator, env }) => {
      for (const day of ['20', '21', '22']) delivered(await runAt(on(day), env))
      simulator.world = readWorld(
        WORLD.replace('slack:', "slack:\n  tokens: [{token: xoxb-simulated, scopes: ['chat:write']}]"),
        'told.yaml',
        new Date(on('23')),
      )
      const { undelivered } = await runAt(on('23'), env)
      assert.match(undelivered.map(({ message }) => message).join(), /2026-11-23\.png.*files:write/)
      assert.match(digestsIn(simulator, 'C0001').at(-1)?.text ?? '', /November 23, 2026/)
    }, QUIET)
  })
})

describe('the report in the archive', () => {
  it('lies beside each run, is written once, and shows the chart from three runs on', async () => {
    await onOrganization(async ({ env }) => {
      const reports: string[] = []
      for (const day of ['20', '21', '22', '22']) {
        const { record } = delivered(await runAt(on(day), env))
        const folder = join(env['AUDIT_ARCHIVE'] ?? '', runFolder(record.audit, on(day) as Instant))
        reports.push(await readFile(join(folder, 'report.html'), 'utf8'))
      }
      assert.deepEqual(
        reports.map((report) => report.includes('<figure>')),
        [false, false, true, true],
      )
      assert.equal(reports[2], reports[3])
      assert.match(reports[0] ?? '', /2 keys overdue and unused/)
    }, 'owners: {labels: [owner]}\n')
  })
})
