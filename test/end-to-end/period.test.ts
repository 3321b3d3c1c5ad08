import assert from 'node:assert/strict'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { Simulator } from '../../simulator/simulator.js'
import type { World } from '../../simulator/world/world.js'
import { assertGolden } from '../golden.js'
import { main } from '../program.js'
import { Text } from '../text.js'
import { archiveIn, inDirectory, runAt, worldOf } from './remembered.js'
import { onStage } from './stage.js'

const at = (day: number) => `2026-11-${day}T07:00:00Z`

const RULES = ['unrestricted-key', 'standard-key', 'dormant-key']

const POLICY = `
owners: {labels: [team]}
exemptions:
${RULES.map((rule) => `  - {key: projects/3/locations/global/keys/badge, rule: ${rule}, until: 2026-12-31, reason: printer, approved-by: boss@example.com}`).join('\n')}
`

const key = (id: string, more = '') => `{id: ${id}, name: ${id}, created: 400d ago${more}}`
const AWAY = ', targets: [maps-backend]'

/** Two teams with a project each, and what their keys are. */
function teams(web: readonly string[], office: readonly string[], denied = ''): World {
  return worldOf('[]', {
    projects: `
  - {id: web-1, number: 2000, labels: {team: web}, services: [generativelanguage], keys: [${web.join()}]}
  - {id: office-1, number: 3, labels: {team: office}, services: [generativelanguage], keys: [${office.join()}]}
`,
    more: denied,
  })
}

interface Output {
  readonly status: number
  readonly out: string
  readonly err: string
}

interface Month {
  readonly simulator: Simulator
  readonly directory: string
  readonly ask: (...args: readonly string[]) => Promise<Output>
  readonly day: (day: number, world: World) => Promise<void>
}

/** Runs of a month in an archive, and the command that is asked about them on November 26. */
async function inMonth(use: (month: Month) => Promise<void>): Promise<void> {
  await inDirectory((directory) =>
    onStage(teams([], []), async ({ simulator, env }) => {
      const policy = join(directory, 'policy.yaml')
      await writeFile(policy, POLICY)
      const settings = { ...env, AUDIT_POLICY: policy, AUDIT_ARCHIVE: join(directory, 'archive') }
      await use({
        simulator,
        directory: join(directory, 'archive'),
        day: async (day, world) => {
          simulator.world = world
          await runAt(at(day), { ...settings, AUDIT_INVENTORY: 'projects' })
        },
        ask: (...args) => command(['history', '--archive', join(directory, 'archive'), ...args]),
      })
    }),
  )
}

async function command(args: readonly string[]): Promise<Output> {
  const [out, err] = [new Text(), new Text()]
  const now = () => new Date('2026-11-26T12:00:00Z')
  const status = await main(args, { out, err, env: {}, now })
  return { status, out: out.text, err: err.text }
}

const BADGE = key('badge')

/** Nov 18 three affected; 19 one is restricted; 20 and 21 no run; 22 office unread; 24 one is deleted; 25 no run. */
async function story({ day }: Month): Promise<void> {
  await day(18, teams([key('shop'), key('search')], [key('door'), BADGE]))
  await day(19, teams([key('shop', AWAY), key('search')], [key('door'), BADGE]))
  const denied = 'denied: [{read: keys, project: office-1}]'
  await day(22, teams([key('shop', AWAY), key('search')], [key('door'), BADGE], denied))
  await day(23, teams([key('shop', AWAY), key('search')], [key('door'), BADGE]))
  await day(24, teams([key('shop', AWAY)], [key('door'), BADGE]))
}

describe('what a period brought', () => {
  it('is shown by day, by owner and by key, for people', async () => {
    await inMonth(async (month) => {
      await story(month)
      const { status, out, err } = await month.ask('--since', '2026-11-01')
      assert.deepEqual([status, err], [0, ''])
      assertGolden('history-since.txt', out)
    })
  })

  it('has the same numbers in every form, and of the parts together as of the whole', async () => {
    await inMonth(async (month) => {
      await story(month)
      const json = async (...args: string[]) =>
        JSON.parse((await month.ask('--since', '2026-11-18', '--format', 'json', ...args)).out)[0]
      const [whole, web, office] = [await json(), await json('--owner', 'web'), await json('--project', '3')]
      const csv = await month.ask('--since', '2026-11-18', '--format', 'csv')
      const rows: Record<string, string>[] = parse(csv.out, { columns: true })
      assert.equal(rows.length, whole.days.length)
      for (const [index, row] of rows.entries()) {
        const { day, counts, fixed } = whole.days[index]
        const cells = counts
          ? [`${counts.overdue + counts.due}`, `${counts.exempt}`, `${fixed}`]
          : ['', '', '']
        assert.deepEqual([row['Day'], row['Affected'], row['Exempt'], row['Fixed']], [day, ...cells])
        for (const name of ['overdue', 'due', 'exempt', 'unknown']) {
          const parts = [web, office].map((part) => part.days[index].counts?.[name])
          if (counts) assert.equal(parts[0] + parts[1], counts[name], `${day} ${name}`)
          else assert.deepEqual(parts, [undefined, undefined])
        }
      }
      assert.equal(web.fixed.length + office.fixed.length, whole.fixed.length)
      assert.deepEqual(
        whole.owners.map(({ owner, fixed, medianDays }: Record<string, unknown>) => [
          owner,
          fixed,
          medianDays,
        ]),
        [
          ['office', 0, undefined],
          ['web', 2, 3.5],
        ],
      )
    })
  })

  it('counts as fixed what the run records do, also a key that could not be read in between', async () => {
    await inMonth(async ({ day, ask, directory }) => {
      const denied = 'denied: [{read: keys, project: web-1}]'
      await day(22, teams([key('shop'), key('search')], []))
      await day(23, teams([key('shop', AWAY), key('search')], [], denied))
      await day(24, teams([key('shop', AWAY)], []))
      const [{ audit, days, fixed }] = JSON.parse(
        (await ask('--since', '2026-11-22', '--format', 'json')).out,
      )
      assert.deepEqual(fixed.map((fix: { key: { displayName: string } }) => fix.key.displayName).sort(), [
        'search',
        'shop',
      ])
      const archive = archiveIn(directory)
      for (const run of await archive.runs(audit)) {
        const recorded = (await archive.manifest(audit, run))?.record.changes.fixed ?? 0
        const counted = days.find((each: { run?: string }) => each.run === run).fixed
        assert.equal(counted, recorded, run)
      }
    })
  })

  it('says how far each owner’s move from standard to auth keys is', async () => {
    await inMonth(async ({ day, ask }) => {
      const auth = (id: string, created: string, target = 'generativelanguage') =>
        `{id: ${id}, name: ${id}, created: ${created}, targets: [${target}], serviceAccountEmail: ${id}@web-1.iam.gserviceaccount.com}`
      const shop = key('shop', ', traffic: [{daily: 40}]')
      const search = key(
        'search',
        ', traffic: [{daily: 40, to: 2026-11-19}, {code: 403, daily: 40, from: 2026-11-20}]',
      )
      const web = [shop, search, auth('ancient', '300d ago')]
      await day(18, teams([...web, key('old')], [key('door'), key('lift'), BADGE]))
      const made = [auth('search-auth', '2026-11-20'), auth('maps', '2026-11-20', 'maps-backend')]
      const unread = 'denied: [{read: traffic, project: office-1}]'
      await day(
        24,
        teams([...web, ...made], [key('door', ', deleted: 2026-11-22'), key('lift'), BADGE], unread),
      )
      const moves = async (...args: string[]) => {
        const { out } = await ask('--since', '2026-11-18', '--show', 'migration', '--format', 'csv', ...args)
        return parse(out).map(([, ...row]) => row)
      }
      const [head, ...rows] = await moves()
      assert.deepEqual(head, [
        'Owner',
        'Standard keys',
        'In use',
        'Stopped',
        'Calls not known',
        'Retired',
        'Auth keys',
        'Made',
      ])
      const office = ['office', '2', '0', '0', '2', '1', '0', '0']
      assert.deepEqual(rows, [office, ['web', '2', '1', '1', '0', '1', '2', '1']])
      assert.deepEqual((await moves('--owner', 'office')).slice(1), [office])
      assert.deepEqual((await moves('--project', 'office-1')).slice(1), [office])
      const [{ migration }] = JSON.parse((await ask('--since', '2026-11-21', '--format', 'json')).out)
      assert.deepEqual(migration[1], {
        owner: 'web',
        standard: 2,
        inUse: 1,
        stopped: 1,
        notKnown: 0,
        retired: 1,
        auth: 2,
        made: 0,
      })
      assertGolden('history-migration.txt', (await ask('--since', '2026-11-18', '--show', 'migration')).out)
      assert.doesNotMatch((await ask('--since', '2026-11-18', '--show', 'hygiene')).out, /Retired|Made/)
    })
  })

  it('does not count a key as retired that was restored', async () => {
    await inMonth(async ({ day, ask }) => {
      const deleted = [key('shop', ', deleted: 2026-11-20'), key('search', ', deleted: 2026-11-20')]
      await day(18, teams([key('shop'), key('search')], []))
      await day(22, teams(deleted, []))
      const retired = async () => {
        const { out } = await ask('--since', '2026-11-18', '--format', 'json')
        return JSON.parse(out)[0].migration[0].retired
      }
      assert.equal(await retired(), 2)
      await day(23, teams([key('shop'), ...deleted.slice(1)], []))
      assert.equal(await retired(), 1)
    })
  })

  it('names the run that owners and exemptions are by, and says where it is incomplete', async () => {
    await inMonth(async ({ day, ask }) => {
      await day(22, teams([key('shop')], []))
      await day(23, teams([key('shop')], [], 'denied: [{read: keys, project: web-1}]'))
      const { out } = await ask('--since', '2026-11-22')
      assert.match(out, /Owners and exemptions are by the run of 2026-11-23, which is incomplete\./)
    })
  })

  it('prints any of its tables as CSV', async () => {
    await inMonth(async (month) => {
      await story(month)
      const rows = async (show: string): Promise<Record<string, string>[]> =>
        parse((await month.ask('--since', '2026-11-18', '--format', 'csv', '--show', show)).out, {
          columns: true,
        })
      assert.deepEqual(
        (await rows('fixed')).map((row) => [row['Day'], row['Key'], row['Is'], row['Days since first seen']]),
        [
          ['2026-11-19', 'shop', 'not-affected', '1'],
          ['2026-11-24', 'search', 'gone', '6'],
        ],
      )
      assert.deepEqual(
        (await rows('exempt')).map((row) => [row['Until'], row['Key'], row['Owner'], row['Reason']]),
        [['2026-12-31', 'badge', 'office', 'printer']],
      )
      assert.equal((await rows('owners')).length, 2)
    })
  })

  it('shows days without a result as that, and never as zero', async () => {
    await inMonth(async ({ day, ask, directory }) => {
      await day(22, teams([key('shop')], []))
      await day(23, teams([key('shop')], []))
      await day(24, teams([key('shop')], []))
      const { out } = await ask('--since', '2026-11-01', '--format', 'json')
      const [{ audit }] = JSON.parse(out)
      const folder = (day: number) => join(directory, audit, 'runs', at(day).replaceAll(':', '-'))
      await damage(folder(22), 'records-')
      await damage(folder(23), 'manifest')
      const archive = archiveIn(directory)
      await archive.store.create(`${audit}/runs/${at(25).replaceAll(':', '-')}/left`, Buffer.from('{}'))
      const again = await ask('--since', '2026-11-01', '--format', 'json')
      const [{ days }] = JSON.parse(again.out)
      assert.deepEqual(
        days.map((each: { day: string; outcome: string; counts?: object }) => [
          each.day,
          each.outcome,
          each.counts !== undefined,
        ]),
        [
          ['2026-11-22', 'damaged', false],
          ['2026-11-23', 'damaged', false],
          ['2026-11-24', 'complete', true],
          ['2026-11-25', 'not-remembered', false],
        ],
      )
      const text = (await ask('--since', '2026-11-01')).out
      for (const line of [/Damaged on 2026-11-22: .*digest/, /Damaged on 2026-11-23/, /Not remembered: /]) {
        assert.match(text, line)
      }
      assert.match(text, /2026-11-22 +│damaged +(│ +– +){5}│ +–\n/)
    })
  })

  it('passes over a run of the future', async () => {
    await inMonth(async ({ day, ask, directory }) => {
      await day(24, teams([key('shop')], []))
      const { out } = await ask('--since', '2026-11-01', '--format', 'json')
      const [{ audit, days }] = JSON.parse(out)
      await archiveIn(directory).store.create(`${audit}/runs/9999-01-01T00-00-00Z/x`, Buffer.from('{}'))
      const text = (await ask('--since', '2026-11-01', '--format', 'json')).out
      const [after] = JSON.parse(text)
      assert.deepEqual(after.days, days)
      assert.match(after.passedOver[0].why, /future/)
    })
  })

  for (const [args, message] of [
    [['--since', 'Nov 1'], /--since must be a day such as 2026-11-01, not "Nov 1"/],
    [['--since', '2026-02-30'], /--since must be a day/],
    [['--owner', 'web'], /--owner needs --since DAY/],
    [['--format', 'csv'], /--format needs --since DAY/],
    [['--since', '2026-11-01', '--key', 'x'], /--key and --since are two questions/],
    [['--since', '2026-11-01', '--show', 'all'], /days, owners, migration, hygiene, fixed, exempt/],
  ] as const) {
    it(`refuses ${args.join(' ')}, and says what is right`, async () => {
      await inMonth(async ({ ask }) => {
        const { status, out, err } = await ask(...args)
        assert.deepEqual([status, out], [2, ''])
        assert.match(err, message)
      })
    })
  }

  it('ends with 1 where no run is that new', async () => {
    await inMonth(async ({ day, ask }) => {
      await day(18, teams([key('shop')], []))
      const { status, err } = await ask('--since', '2026-11-20')
      assert.equal(status, 1)
      assert.match(err, /no run since 2026-11-20 is remembered in /)
    })
  })
})

/** Changes a byte of the objects in a folder whose names begin so. */
async function damage(folder: string, prefix: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(prefix)) await writeFile(join(folder, name), 'damaged')
  }
}
