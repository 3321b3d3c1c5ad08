import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { split } from 'shlex'
import { routing } from '../../src/doctor/log-routing.js'
import { ADVICE, OTHERWISE } from '../../src/google/advice.js'
import { CALLS } from '../../src/google/calls.js'
import { keyName, type Project, type World } from '../../src/simulator/world/world.js'
import { acme, callFunction, onStage, recordsIn } from '../end-to-end/surroundings.js'
import { assertGolden } from '../golden.js'
import { PROJECT_ID, runStep } from './build.js'
import { commandsIn, pages } from './commands.js'
import { EVERYTHING, WIRE } from './everything.js'
import { gcloud, isInstalled, refused, titled } from './gcloud.js'
import { onLoopback } from './loopback.js'
import { lineOf, recorded } from './recorded.js'

const withGcloud = isInstalled('gcloud') ? it : it.skip
const named = (title: string) => titled(title, 'gcloud')

const GIVEN = {
  _SCOPE: 'organizations/123456789012',
  _SLACK_CHANNEL: 'C0123ABCD',
  _TIME_ZONE: 'Europe/Zurich',
}
const URL_OF_SERVICE = 'https://gemini-key-audit-abc-ew.a.run.app'

/** What the schedule step runs, with gcloud's own arguments. */
function scheduling(jobs: string): readonly string[] {
  const { calls } = runStep('schedule', GIVEN, [
    { to: 'services describe', with: `${URL_OF_SERVICE}\n` },
    { to: 'jobs list', with: jobs },
  ])
  return calls.at(-1) ?? assert.fail()
}

const asText = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

describe('the real gcloud', () => {
  const JOB = { name: `projects/${PROJECT_ID}/locations/europe-west1/jobs/gemini-key-audit` }
  for (const [verb, jobs] of [
    ['create', ''],
    ['update', 'gemini-key-audit\n'],
  ] as const) {
    withGcloud(named(`sends this to ${verb} the job of scheduler.yaml`), async () => {
      const words = scheduling(jobs)
      assert.equal(words[2], verb)
      const sent = await onLoopback(JOB, (origin) => gcloud(words, { cloudscheduler: origin }))
      assertGolden(`deploy/scheduler-${verb}.json`, asText(sent))
    }).timeout(60_000)
  }

  withGcloud(named('sends this to build cloudbuild.yaml'), async () => {
    const operation = {
      name: 'operations/build/1',
      metadata: {
        '@type': 'type.googleapis.com/google.devtools.cloudbuild.v1.BuildOperationMetadata',
        build: {
          id: '1',
          projectId: PROJECT_ID,
          status: 'QUEUED',
          logUrl: 'https://console.cloud.google.com/1',
        },
      },
    }
    const words = ['builds', 'submit', '--no-source', '--async', '--config=cloudbuild.yaml']
    const more = [`--project=${PROJECT_ID}`, '--region=europe-west1']
    const values = `--substitutions=_SCOPE=${GIVEN._SCOPE},_SLACK_CHANNEL=${GIVEN._SLACK_CHANNEL}`
    const sent = await onLoopback(operation, (origin) =>
      gcloud([...words, ...more, values], { cloudbuild: origin }),
    )
    assertGolden('deploy/build-submit.json', asText(sent.filter(({ method }) => method === 'POST')))
  }).timeout(60_000)
})

describe('the listings by which the scripts see what is there', () => {
  const { stdout } = recorded([
    ...['deploy/setup.sh', '--project=auditor-prod', '--plan'],
    '--notification-channel=projects/auditor-prod/notificationChannels/17',
  ])
  const removal = recorded([
    'deploy/organization.sh',
    '--organization=123456789012',
    '--project=auditor-prod',
    '--remove',
    '--plan',
  ])
  const teardown = recorded(['deploy/teardown.sh', '--project=auditor-prod', '--plan'])
  const planned = [stdout, removal.stdout, teardown.stdout]
    .flatMap((text) => text.split('\n'))
    .filter((line) => !line.includes('--show-deleted'))
  const apis = ['iam', 'cloudresourcemanager', 'secretmanager', 'logging', 'monitoring', 'cloudscheduler']
  // gcloud asks Cloud Run under a name with its region, which no loopback has
  const asked = EVERYTHING.filter(
    ({ to }) => !['run services list', '--show-deleted', 'iam roles list --organization'].includes(to),
  )

  for (const { to, with: printed } of asked) {
    withGcloud(named(`are printed by the real gcloud as the stand-in prints them: ${to}`), async () => {
      const line = planned.find((one) => one.startsWith('gcloud ') && one.includes(to)) ?? assert.fail(to)
      const endpoints = (origin: string) => ({
        ...Object.fromEntries(apis.map((api) => [api, origin])),
        storage: `${origin}/storage/v1`,
      })
      await onLoopback(WIRE, async (origin) => {
        const answer = await gcloud(split(line).slice(1), endpoints(origin))
        assert.equal(answer.stdout, printed)
      })
    }).timeout(60_000)
  }
})

describe('gcloud’s own parser', () => {
  withGcloud(named('takes every command of the scripts’ plans and of the build'), async () => {
    const plans = [
      ['deploy/setup.sh', '--project=auditor-prod', '--lock', '--export-bucket=auditor-prod-exports'],
      ['deploy/organization.sh', '--organization=1', '--project=auditor-prod', '--export'],
      ['deploy/organization.sh', '--organization=1', '--project=auditor-prod', '--remove'],
      ['deploy/teardown.sh', '--project=auditor-prod', '--with-records'],
    ].flatMap(([script = '', ...words]) => {
      const scope = script.includes('organization')
        ? ['--scope=organizations/1,folders/7,projects/acme-web']
        : []
      const channel = '--notification-channel=projects/auditor-prod/notificationChannels/17'
      const needed = script.includes('setup') ? [channel] : []
      const { stdout, status, stderr } = recorded([script, ...words, ...scope, ...needed, '--plan'])
      assert.equal(status, 0, stderr)
      return stdout.split('\n').filter((line) => line.startsWith('gcloud '))
    })
    assert.ok(plans.length > 100)
    // the parser reads no flags file, so what stands in one is given beside it
    const schedule = scheduling('').map((word) =>
      word.startsWith('--flags-file') ? '--schedule=0 7 * * *' : word,
    )
    const build = [...runStep('deploy', GIVEN).calls, schedule].map(lineOf)
    assert.deepEqual(await refused([...plans, ...build]), [])
  }).timeout(120_000)

  withGcloud(named('takes every command of the documents and of the alerts'), async () => {
    const commands = Object.entries(pages()).flatMap(([page, text]) =>
      commandsIn(text).map((line) => [page, line] as const),
    )
    for (const page of ['docs/deploy.md', 'docs/auditors.md', 'deploy/alerts/silence.yaml']) {
      assert.ok(
        commands.some(([from]) => from === page),
        page,
      )
    }
    const lines = commands.map(([, line]) => withoutShell(line))
    assert.deepEqual(await refused(lines), [])
  }).timeout(120_000)

  withGcloud(named('takes every command that the doctor prints'), async () => {
    const place = { project: 'projects/acme-key-audit', logName: 'gemini-key-audit' }
    const bucket = (id: string, retentionDays: number) => ({
      name: `projects/acme-key-audit/locations/global/buckets/${id}`,
      retentionDays,
      locked: false,
    })
    const sinkTo = (name: string, id: string, filter: string) => ({
      name,
      destination: `logging.googleapis.com/${bucket(id, 0).name}`,
      filter,
      disabled: false,
      exclusions: [],
    })
    const all = sinkTo('_Default', '_Default', '')
    const own = sinkTo('own', 'own', 'log_id("gemini-key-audit")')
    const outcomes = [
      routing(place, [all], [bucket('_Default', 30)]),
      routing(place, [own], [bucket('own', 30)]),
      routing(place, [all, own], [bucket('_Default', 30), bucket('own', 400)]),
    ].map((outcome) => ('trouble' in outcome ? (outcome.trouble.fix ?? '') : assert.fail()))
    const printed = ['acme', 'ill'].map((name) => readFileSync(`test/golden/doctor/${name}.txt`, 'utf8'))
    const commands = [...outcomes, ...printed]
      .flatMap((text) => text.split(/\n| && /))
      .flatMap((line) => /\bgcloud .*$/.exec(line)?.[0] ?? [])
    assert.ok(commands.length > 6)
    assert.deepEqual(await refused(commands), [])
  }).timeout(120_000)

  withGcloud(named('takes every command that a failure advises'), async () => {
    const about = (subject: string, call: keyof typeof CALLS) => ({
      call: CALLS[call],
      subject,
      consumer: '710000000001',
      detail: undefined,
    })
    const subjects = ['organizations/1', 'folders/7', 'projects/acme-web', 'gs://acme-audits/prefix']
    const calls = Object.keys(CALLS) as (keyof typeof CALLS)[]
    const advised = [...ADVICE.values(), OTHERWISE].flatMap(({ fix }) =>
      subjects.flatMap((subject) => calls.map((call) => fix(about(subject, call)))),
    )
    const commands = advised.flatMap((sentence) => /\bgcloud .*$/.exec(sentence)?.[0] ?? [])
    assert.ok(new Set(commands).size > 20)
    assert.deepEqual(await refused(commands), [])
  }).timeout(120_000)
})

/** Variables of the shell and words to be replaced become IDs, since the parser sees no shell and checks IDs. */
function withoutShell(line: string): string {
  return line
    .replaceAll(/--project=[A-Z_]+\b/g, '--project=acme-key-audit')
    .replaceAll(/\$\{?([A-Z_]+)\}?/g, (_all, name: string) => name.toLowerCase().padEnd(6, '-x'))
}

describe('the real gcloud against the simulator', () => {
  /** What gcloud lists of the sample organization; every API is where the simulator is. */
  async function listed(words: readonly string[], check: (items: readonly Item[], world: World) => void) {
    await onStage(await acme(), async ({ simulator }) => {
      const apis = ['cloudasset', 'apikeys', 'cloudresourcemanager', 'serviceusage', 'logging']
      const endpoints = Object.fromEntries(apis.map((api) => [api, simulator.origin]))
      const { stdout } = await gcloud([...words, '--format=json'], endpoints)
      check(JSON.parse(stdout), simulator.world)
    })
  }

  // biome-ignore lint/suspicious/noExplicitAny: whatever gcloud prints
  type Item = any

  const projectsOf = (world: World): readonly Project[] =>
    Array.from({ length: world.projectCount }, (_, position) => world.projectAt(position))
  const sorted = (names: readonly string[]) => [...names].sort()

  withGcloud(named('lists the keys of the inventory'), async () => {
    const types = '--asset-types=apikeys.googleapis.com/Key'
    await listed(
      ['asset', 'list', '--organization=314159265358', types, '--content-type=resource'],
      (items, world) => {
        const horizon = world.now.getTime() - world.inventory.delay
        const keys = projectsOf(world).flatMap((project) =>
          world
            .keysOf(project)
            .filter((key) => key.lag !== 'fresh' && Date.parse(key.createTime) <= horizon)
            .map((key) => `//apikeys.googleapis.com/${keyName(project, key)}`),
        )
        assert.deepEqual(sorted(items.map(({ name }) => name)), sorted(keys))
      },
    )
  }).timeout(60_000)

  withGcloud(named('lists the keys of a project, and no key string'), async () => {
    await onStage(await acme(), async ({ simulator }) => {
      const project = simulator.world.projectNamed('acme-platform') ?? assert.fail()
      const words = ['services', 'api-keys', 'list', '--project=acme-platform', '--format=json']
      const { stdout } = await gcloud(words, { apikeys: simulator.origin })
      const there = simulator.world.keysOf(project).filter((key) => key.deleteTime === undefined)
      const items: readonly Item[] = JSON.parse(stdout)
      assert.deepEqual(
        sorted(items.map(({ name }) => name)),
        sorted(there.map((key) => keyName(project, key))),
      )
      assert.doesNotMatch(stdout, /keyString/)
    })
  }).timeout(60_000)

  withGcloud(named('lists the projects'), async () => {
    await listed(['projects', 'list'], (items, world) => {
      const active = projectsOf(world).filter(({ state }) => state === 'ACTIVE')
      assert.deepEqual(sorted(items.map(({ projectId }) => projectId)), sorted(active.map(({ id }) => id)))
    })
  }).timeout(60_000)

  withGcloud(named('lists the folders and the organization'), async () => {
    await listed(['resource-manager', 'folders', 'list', '--organization=314159265358'], (items, world) => {
      const top = world.folders.filter(({ parent }) => parent === 'organizations/314159265358')
      assert.deepEqual(
        sorted(items.map(({ name }) => name)),
        sorted(top.map(({ number }) => `folders/${number}`)),
      )
    })
    await listed(['organizations', 'list'], (items) => {
      assert.deepEqual(
        items.map(({ displayName }) => displayName),
        ['acme.example'],
      )
    })
  }).timeout(60_000)

  withGcloud(named('lists the enabled services of a project'), async () => {
    await onStage(await acme(), async ({ simulator }) => {
      const words = [
        'services',
        'list',
        '--enabled',
        '--project=acme-platform',
        '--format=value(config.name)',
      ]
      const { stdout } = await gcloud(words, { serviceusage: simulator.origin })
      const { services } = simulator.world.projectNamed('acme-platform') ?? assert.fail()
      assert.deepEqual(sorted(stdout.trim().split('\n')), sorted(services))
    })
  }).timeout(60_000)

  withGcloud(named('reads the records of a run'), async () => {
    await onStage(await acme(), async ({ simulator, env }) => {
      await callFunction(env)
      const words = ['logging', 'read', 'log_id("gemini-key-audit") labels.record="run"', '--format=json']
      const project = `--project=${env['LOG_PROJECT']}`
      const { stdout } = await gcloud([...words, project], { logging: simulator.origin })
      const items: readonly Item[] = JSON.parse(stdout)
      assert.deepEqual(
        items.map(({ jsonPayload }) => jsonPayload),
        recordsIn(simulator, 'run'),
      )
    })
  }).timeout(60_000)
})
