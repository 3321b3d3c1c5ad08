import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { CALLS } from '../../src/google/calls.js'
import { assertGolden } from '../golden.js'
import { BUILD } from './build.js'
import { BUILDER, EVERYTHING, ROLE } from './everything.js'
import { isInstalled, titled } from './gcloud.js'
import { flagsOf, lineOf, type Recorded, recorded } from './recorded.js'

const SETUP = [
  'deploy/setup.sh',
  '--project=auditor-prod',
  '--notification-channel=projects/auditor-prod/notificationChannels/17',
]
const ORGANIZATION = ['deploy/organization.sh', '--organization=123456789012', '--project=auditor-prod']
const TEARDOWN = ['deploy/teardown.sh', '--project=auditor-prod']
const CRON = 'gemini-key-audit-cron@auditor-prod.iam.gserviceaccount.com'

const plan = (words: readonly string[]) => recorded([...words, '--plan'])
const linesOf = ({ calls }: Recorded) => calls.map((words) => lineOf(words))
const commandsIn = (text: string) => text.split('\n').filter((line) => line.startsWith('gcloud '))

/** The calls whose words hold all of these, in this order. */
const holding = ({ calls }: Recorded, words: string) => calls.filter((call) => call.join(' ').includes(words))

describe('the scripts of deploy/', () => {
  for (const [name, words] of [
    ['setup', [...SETUP, '--lock', '--export-bucket=auditor-prod-exports']],
    ['setup-events', [...SETUP, '--events']],
    ['organization', [...ORGANIZATION, '--scope=organizations/123456789012,folders/7,projects/acme-web']],
    [
      'organization-events',
      [...ORGANIZATION, '--scope=organizations/123456789012,folders/7,projects/acme-web', '--events'],
    ],
    ['teardown', [...TEARDOWN, '--with-records']],
  ] as const) {
    it(`${name}.sh plans every command, and sends none`, () => {
      const { status, stdout, stderr, calls } = plan(words)
      assert.equal(status, 0, stderr)
      assert.deepEqual(calls, [])
      assertGolden(`deploy/${name}.txt`, stdout)
    })
  }

  for (const [name, words] of [
    ['setup', SETUP],
    ['organization', ORGANIZATION],
    ['teardown', TEARDOWN],
  ] as const) {
    it(`${name}.sh sends nothing but what it has planned`, () => {
      const planned = new Set(commandsIn(plan(words).stdout))
      for (const answers of [[], EVERYTHING]) {
        const { stdout, status, stderr } = recorded(words, {}, answers)
        assert.equal(status, 0, stderr)
        for (const line of commandsIn(stdout)) {
          assert.ok(
            planned.has(
              line.replace('alertPolicies/42', 'alertPolicies/POLICY_ID').replaceAll(`${process.cwd()}/`, ''),
            ),
            line,
          )
        }
      }
    })

    it(`${name}.sh stops where a listing fails: what cannot be seen is not taken for missing`, () => {
      const { calls, status } = recorded(words, {}, [{ to: 'list', status: 1 }])
      if (name === 'organization') assert.equal(calls.length, 1)
      assert.notEqual(status, 0)
      assert.ok(calls.at(-1)?.includes('list'))
    })

    it(`${name}.sh tells its options, and refuses others`, () => {
      const help = recorded([words[0] ?? '', '--help'])
      assert.equal(help.status, 0)
      assert.match(help.stdout, /--plan +prints every command and sends nothing/)
      const { status, stderr, calls } = recorded([...words, '--plam'])
      assert.deepEqual([status, calls], [2, []])
      assert.match(stderr, /--plam is no option/)
      assert.equal(recorded([words[0] ?? '']).status, 2)
    })
  }

  it('make what is not there, and make nothing twice', () => {
    const first = recorded(SETUP, {}, [])
    const again = recorded(SETUP, {}, EVERYTHING)
    const made = (run: Recorded) => run.calls.filter((words) => words.includes('create')).length
    assert.equal(made(first), 15)
    assert.equal(made(again), 0)
    assert.equal(holding(again, 'policies update projects/auditor-prod/alertPolicies/42').length, 4)
    assert.equal(holding(again, '--add-exclusion').length, 0)
    assert.equal(holding(again, '--update-exclusion').length, 1)
  })

  it('say how far they are, and at the end what they have made', () => {
    const first = recorded(SETUP, {}, []).stdout
    assert.match(first, /^# 1 of 9: APIs/m)
    assert.match(first, /^# 9 of 9: The schedule/m)
    assert.match(first, /^# Done in auditor-prod: 16 made, 0 there already, 12 rights bound$/m)
    assert.match(
      first,
      /^# {3}made: iam service-accounts gemini-key-audit-run@auditor-prod.iam.gserviceaccount.com$/m,
    )
    assert.match(recorded(SETUP, {}, EVERYTHING).stdout, /^# Done in auditor-prod: 0 made, 16 there already/m)
    for (const words of [
      [...SETUP, '--lock', '--export-bucket=auditor-prod-exports'],
      [...ORGANIZATION, '--export'],
      [...ORGANIZATION, '--findings', '--export'],
      [...ORGANIZATION, '--remove'],
      [...ORGANIZATION, '--events', '--findings'],
      [...ORGANIZATION, '--events', '--remove'],
      [...SETUP, '--events', '--lock'],
      [...TEARDOWN, '--with-records'],
    ]) {
      const steps = [...plan(words).stdout.matchAll(/^# (\d+) of (\d+): /gm)].map(([, one, all]) => [
        one,
        all,
      ])
      assert.deepEqual(
        steps,
        steps.map((_step, index) => [String(index + 1), String(steps.length)]),
        words.join(' '),
      )
    }
  })

  it('need no notification channel, and say whom the alerts reach then', () => {
    const [script = '', project = ''] = SETUP
    const { calls, stdout, status } = recorded([script, project])
    assert.equal(status, 0)
    const alerts = calls.filter((words) => words.join(' ').includes('policies create'))
    assert.equal(alerts.length, 4)
    for (const words of alerts) assert.ok(!words.some((word) => word.includes('notification-channels')))
    assert.match(stdout, /^# Warning: the alerts reach nobody and show in the console alone/m)
    assert.doesNotMatch(recorded(SETUP).stdout, /Warning/)
    assert.equal(recorded([script, project, '--notification-channel=security@acme.example']).status, 2)
  })

  const onScript = isInstalled('script') ? it : it.skip
  onScript(titled('ask a person before anything is sent, and with --yes nobody', 'script'), () => {
    const onTerminal = (words: readonly string[], answer: string) => {
      const command = `printf '${answer}\\n' | script -qec "bash ${words.join(' ')}" /dev/null`
      return recorded(['-c', command])
    }
    assert.deepEqual(onTerminal(SETUP, 'n').calls, [])
    assert.match(onTerminal(TEARDOWN, '').stdout, /Go on\? \[y\/N\]/)
    assert.ok(onTerminal(ORGANIZATION, 'y').calls.length > 0)
    assert.ok(onTerminal([...ORGANIZATION, '--yes'], 'n').calls.length > 0)
  })

  it('encrypt with a key of the organization’s own where one is given', () => {
    const key = 'projects/acme-keys/locations/europe-west1/keyRings/audit/cryptoKeys/records'
    const { calls, status } = recorded([...SETUP, `--kms-key=${key}`, '--export-bucket=auditor-prod-exports'])
    assert.equal(status, 0)
    const flags = calls.flatMap((words) => Object.entries(flagsOf(words)))
    assert.deepEqual(
      flags.filter(([, value]) => value === key).map(([flag]) => flag),
      ['--default-encryption-key', '--default-encryption-key', '--cmek-kms-key-name'],
    )
    assert.match(
      plan([...SETUP, `--kms-key=${key}`]).stdout,
      new RegExp(`^# replication.json: .*"location":"europe-west1",.*"kmsKeyName":"${key}"`, 'm'),
    )
    assert.equal(plan([...SETUP, '--kms-key=records']).status, 2)
  })

  it('take from the build what it once had without a condition, and leave what has one', () => {
    const removed = (listed: string) => {
      const { calls } = recorded(SETUP, {}, [{ to: 'projects get-iam-policy', with: listed }])
      return calls.filter((words) => words[1] === 'remove-iam-policy-binding').map((words) => flagsOf(words))
    }
    assert.deepEqual(removed(`${BUILDER} roles/run.builder gemini-key-audit-sources\n`), [])
    const [first = {}, ...others] = removed(`${BUILDER} roles/run.builder \n`)
    assert.deepEqual(others, [])
    assert.deepEqual(first, {
      '--member': BUILDER,
      '--role': 'roles/run.builder',
      '--condition': 'None',
      '--format': 'none',
    })
  })

  for (const flag of ['--archive-bucket', '--export-bucket']) {
    it(`refuse a ${flag} that is named like the buckets that the build may write to`, () => {
      for (const name of ['auditor-prod_cloudbuild', 'run-sources-auditor-prod-europe-west1']) {
        const { status, stderr } = plan([...SETUP, `${flag}=${name}`])
        assert.equal(status, 2)
        assert.match(stderr, /is named like the buckets that the build may write to/)
      }
    })
  }

  it('bring a role back that was deleted lately', () => {
    const { calls, status } = recorded(ORGANIZATION, {}, [{ to: '--show-deleted', with: `${ROLE}\n` }])
    assert.equal(status, 0)
    assert.deepEqual(calls[1]?.slice(0, 4), ['iam', 'roles', 'undelete', 'geminiKeyAuditor'])
  })

  it('try a binding again while a new account is not known everywhere', () => {
    const denied = recorded(ORGANIZATION, {}, [{ to: 'add-iam-policy-binding', status: 1 }])
    assert.notEqual(denied.status, 0)
    assert.equal(holding(denied, 'add-iam-policy-binding').length, 5)
  })

  it('wait for more than 10 minutes until Cloud Monitoring knows a new metric', () => {
    const denied = recorded(SETUP, {}, [{ to: 'policies create', status: 1 }])
    assert.notEqual(denied.status, 0)
    assert.equal(holding(denied, 'policies create').length, 8)
    const waits = [...denied.stdout.matchAll(/^# not yet; again in (\d+) seconds$/gm)].map(([, one]) =>
      Number(one),
    )
    assert.ok(waits.reduce((sum, one) => sum + one) > 600)
  })

  it('take away what they gave, where it is there, and nothing of others', () => {
    const { calls } = recorded([...ORGANIZATION, '--remove'], {}, EVERYTHING)
    assert.deepEqual(calls[1]?.slice(0, 3), ['organizations', 'remove-iam-policy-binding', '123456789012'])
    assert.equal(recorded([...ORGANIZATION, '--remove']).calls.length, 1)
    assert.equal(holding(recorded(TEARDOWN, {}, EVERYTHING), 'logging buckets delete').length, 0)
    assert.equal(
      holding(recorded([...TEARDOWN, '--with-records'], {}, EVERYTHING), 'logging buckets delete').length,
      1,
    )
  })

  it('let the schedule call the service, and nobody else, once that is there', () => {
    const before = recorded(SETUP, {}, [])
    assert.equal(holding(before, 'roles/run.invoker').length, 0)
    assert.match(before.stdout, /is\n# not there yet, and the end of its first build says the one command/)
    const [binding = [], ...others] = holding(recorded(SETUP, {}, EVERYTHING), 'roles/run.invoker')
    assert.deepEqual(others, [])
    assert.deepEqual(binding.slice(0, 4), ['run', 'services', 'add-iam-policy-binding', 'gemini-key-audit'])
    assert.equal(flagsOf(binding)['--member'], `serviceAccount:${CRON}`)
  })

  it('connect the function of single changes once it is there, and say what is missing before', () => {
    const words = [...SETUP, '--events']
    const before = recorded(words, {}, [])
    assert.equal(before.status, 0, before.stderr)
    assert.equal(holding(before, 'pubsub topics create').length, 1)
    assert.equal(holding(before, 'subscriptions create').length, 0)
    assert.match(before.stdout, /gemini-key-audit-feed is not there yet: deploy it with _EVENTS=on/)
    const there = [
      { to: 'run services list', with: 'gemini-key-audit\ngemini-key-audit-feed\n' },
      { to: 'run services describe gemini-key-audit-feed', with: 'https://feed-abc-ew.a.run.app\n' },
    ]
    const after = recorded(words, {}, there)
    const [subscription = []] = holding(after, 'subscriptions create')
    const flags = flagsOf(subscription)
    assert.equal(
      flags['--push-endpoint'],
      'https://feed-abc-ew.a.run.app/projects/auditor-prod/topics/gemini-key-audit-feed',
    )
    assert.equal(flags['--push-auth-token-audience'], 'https://feed-abc-ew.a.run.app')
    const invokers = holding(after, 'roles/run.invoker').map((call) => [call[3], flagsOf(call)['--member']])
    assert.deepEqual(invokers, [
      ['gemini-key-audit-feed', 'serviceAccount:gemini-key-audit-push@auditor-prod.iam.gserviceaccount.com'],
      ['gemini-key-audit', `serviceAccount:${CRON}`],
    ])
  })

  it('feed each scope once, and take the feeds away again', () => {
    const words = [...ORGANIZATION, '--scope=folders/7,projects/acme-web', '--events']
    const first = recorded(words, {}, [])
    assert.deepEqual(
      holding(first, 'asset feeds create').map((call) => call[4]),
      ['--folder=7', '--project=acme-web'],
    )
    const fed = [{ to: 'asset feeds list', with: 'gemini-key-audit\n' }]
    assert.equal(holding(recorded(words, {}, fed), 'asset feeds create').length, 0)
    assert.equal(holding(recorded([...words, '--remove'], {}, fed), 'asset feeds delete').length, 2)
  })

  it('let the schedule run the job, and alert on that, where a job is asked for', () => {
    const answers = [...EVERYTHING, { to: 'run jobs list', with: 'gemini-key-audit\n' }]
    const run = recorded([...SETUP, '--job'], {}, answers)
    assert.equal(run.status, 0, run.stderr)
    const [binding = [], ...others] = holding(run, 'roles/run.invoker')
    assert.deepEqual(others, [])
    assert.deepEqual(binding.slice(0, 4), ['run', 'jobs', 'add-iam-policy-binding', 'gemini-key-audit'])
    const about = run.calls.flatMap((words) => /userLabels.about=([\w-]+)/.exec(words.join(' '))?.[1] ?? [])
    assert.deepEqual(about, [
      'failed-run',
      'incomplete-run',
      'failed-attempts',
      'silence',
      'failed-executions',
    ])
    assert.equal(holding(run, 'artifacts repositories create').length, 1)
  })

  it('enable the API of every call, and what deploying takes, in the project of the auditor alone', () => {
    const enabling = holding(recorded(SETUP), 'services enable')
    const enabled = enabling.flatMap((words) => words.filter((word) => word.endsWith('.googleapis.com')))
    const called = Object.values(CALLS).map(({ service }) => service)
    const deploying = [
      'run',
      'cloudbuild',
      'artifactregistry',
      'cloudscheduler',
      'secretmanager',
      'iam',
      'logging',
    ]
    assert.deepEqual(
      new Set(enabled),
      new Set([...called, ...deploying.map((name) => `${name}.googleapis.com`)]),
    )
    for (const words of enabling) assert.equal(flagsOf(words)['--project'], 'auditor-prod')
  })

  it('name the identities that the build hands over', () => {
    const { _RUNTIME_ACCOUNT, _SCHEDULER_ACCOUNT, _BUILD_ACCOUNT, _SLACK_SECRET, _REGION } =
      BUILD.substitutions
    const made = holding(recorded(SETUP), 'iam service-accounts create').map((words) => words[3])
    assert.deepEqual(made, [_RUNTIME_ACCOUNT, _SCHEDULER_ACCOUNT, _BUILD_ACCOUNT])
    assert.deepEqual(
      holding(recorded(SETUP), 'secrets create').map((words) => words[2]),
      [_SLACK_SECRET],
    )
    assert.ok(linesOf(recorded(SETUP)).some((line) => line.includes(`--location=${_REGION}`)))
  })

  it('keep log and archive for 400 days at least', () => {
    const [bucket = []] = holding(recorded(SETUP), 'logging buckets create')
    assert.equal(flagsOf(bucket)['--retention-days'], '400')
    const [archive = []] = holding(recorded(SETUP), 'storage buckets create')
    const flags = flagsOf(archive)
    assert.equal(flags['--retention-period'], '400d')
    assert.ok('--uniform-bucket-level-access' in flags && '--public-access-prevention' in flags)
    assert.equal(plan([...SETUP, '--retention-days=399']).status, 2)
    assert.equal(plan([...SETUP, '--retention-days=3650']).status, 0)
    assert.equal(plan([...SETUP, '--retention-days=3651']).status, 2)
  })

  it('lock only when asked to', () => {
    assert.doesNotMatch(plan(SETUP).stdout, /--locked|--lock-retention-period/)
    assert.match(plan([...SETUP, '--lock']).stdout, /--locked.*\n.*--lock-retention-period/)
  })

  it('give everything the name of the service, files included', () => {
    const { calls } = recorded([...SETUP, '--service=other-audit'])
    const files = calls.flatMap((words) => flagsOf(words)['--policy-from-file'] ?? [])
    assert.equal(files.length, 4)
    assert.ok(files.every((file) => !file.includes('deploy/alerts')))
    const said = calls.map((words) => words.join(' ')).join('\n')
    assert.doesNotMatch(said.replaceAll(/geminiKey\w+/g, ''), /gemini-key-audit/)
    assert.match(
      plan([...SETUP, '--service=other-audit']).stdout,
      /^# each .* with other-audit in the place/m,
    )
    assert.doesNotMatch(plan(SETUP).stdout, /in the place of/)
  })

  ;(isInstalled('shellcheck') ? it : it.skip)(
    titled('have no fault that shellcheck sees', 'shellcheck'),
    () => {
      const files = ['steps', 'setup', 'organization', 'teardown'].map((name) => `deploy/${name}.sh`)
      const { stdout, status } = spawnSync('shellcheck', ['-x', ...files], { encoding: 'utf8' })
      assert.equal(status, 0, stdout)
    },
  )
})
