import assert from 'node:assert/strict'
import { readConfig } from '../../src/config/config.js'
import { OPTIONS, type Option } from '../../src/config/options.js'
import { assertGolden } from '../golden.js'
import { BUILD, BUILD_TEXT, deployedEnvironment, JOB, PROJECT_ID, runStep, scheduling } from './build.js'
import { flagsOf, lineOf, recorded } from './recorded.js'

const GIVEN = { _SCOPE: 'organizations/123456789012', _SLACK_CHANNEL: 'C0123ABCD' }
/** The options of the job are those of a service with its time. */
const JOB_AS_SERVICE = { ...JOB, _RUN_AS: 'service' }
const TOKEN = 'xoxb-1-2-abc'

const options: readonly Option<unknown>[] = Object.values(OPTIONS)

/** The build's text without comments, each `$NAME` and `${NAME}` of a substitution in it. */
const used = [...BUILD_TEXT.replaceAll(/^\s*#.*$/gm, '').matchAll(/\$\{?(_[A-Z_]+|[A-Z][A-Z_]+)/g)].map(
  ([, name = '']) => name,
)

describe('cloudbuild.yaml', () => {
  it('uses every substitution that it defines, and defines every one that it uses', () => {
    const own = new Set(used.filter((name) => name.startsWith('_')))
    assert.deepEqual([...own].sort(), Object.keys(BUILD.substitutions).sort())
    assert.deepEqual(
      new Set(used.filter((name) => !name.startsWith('_'))),
      new Set(['PROJECT_ID', 'BUILD_ID']),
    )
  })

  it('says of every substitution what it is', () => {
    for (const name of Object.keys(BUILD.substitutions)) {
      assert.match(BUILD_TEXT, new RegExp(`^  ${name}: .+ # \\S.{9,}$`, 'm'), name)
    }
  })

  it('gives every substitution a text for its default, as Cloud Build takes them', () => {
    for (const [name, value] of Object.entries(BUILD.substitutions))
      assert.equal(typeof value, 'string', name)
  })

  it('logs to Cloud Logging alone and maps substitutions, both of which its own account and its scripts need', () => {
    assert.deepEqual(BUILD.options, {
      logging: 'CLOUD_LOGGING_ONLY',
      machineType: 'E2_HIGHCPU_8',
      automapSubstitutions: true,
    })
    assert.match(BUILD.serviceAccount, /\$\{_BUILD_ACCOUNT\}@\$\{PROJECT_ID\}\.iam\.gserviceaccount\.com$/)
  })

  it('installs and tests before it deploys, and schedules last', () => {
    assert.deepEqual(
      BUILD.steps.map(({ id }) => id),
      ['values', 'install', 'compile', 'test', 'image', 'deploy', 'schedule'],
    )
  })

  it('runs no install script of anything that is installed, neither for the tests nor for the function', () => {
    assert.deepEqual(BUILD.steps.find(({ id }) => id === 'install')?.args, ['ci', '--ignore-scripts'])
    const flags = flagsOf(runStep('deploy', GIVEN).calls[0] ?? [])
    assert.equal(flags['--set-build-env-vars'], 'NPM_CONFIG_IGNORE_SCRIPTS=true')
  })

  it('names every substitution plainly: Cloud Build may not see one behind an expansion of the shell', () => {
    assert.doesNotMatch(BUILD_TEXT, /\$\{_[A-Z_]+[^A-Z_}]/)
  })

  it('stops at once where nothing says what is audited, or which channel hears of it', () => {
    const { status, stderr } = runStep('values', { _SLACK_CHANNEL: 'C0123ABCD' })
    assert.notEqual(status, 0)
    assert.match(stderr, /_SCOPE is needed, what is audited/)
    const noChannel = runStep('values', { _SCOPE: 'organizations/1' })
    assert.notEqual(noChannel.status, 0)
    assert.match(noChannel.stderr, /_SLACK_CHANNEL is needed, the ID/)
    assert.equal(runStep('values', GIVEN).status, 0)
    assert.equal(runStep('values', { _SCOPE: 'organizations/1', _SLACK_SECRET: '' }).status, 0)
  })

  it('deploys and schedules with these commands', () => {
    const url = 'https://gemini-key-audit-abc-ew.a.run.app'
    const deploy = runStep('deploy', GIVEN)
    assert.equal(deploy.status, 0, deploy.stderr)
    const schedule = runStep('schedule', GIVEN, [{ to: 'services describe', with: `${url}\n` }])
    assert.equal(schedule.status, 0, schedule.stderr)
    const lines = [...deploy.calls, ...schedule.calls].map((words) => lineOf(words))
    assertGolden(
      'deploy/build.txt',
      `${lines.map((line) => line.replaceAll(/ ('?--)/g, '\n  $1')).join('\n\n')}\n`,
    )
  })

  it('deploys and schedules a Cloud Run job with these commands', () => {
    const deploy = runStep('deploy', JOB)
    assert.equal(deploy.status, 0, deploy.stderr)
    const lines = [...deploy.calls, scheduling('', JOB)].map((words) => lineOf(words))
    assertGolden(
      'deploy/build-job.txt',
      `${lines.map((line) => line.replaceAll(/ ('?--)/g, '\n  $1')).join('\n\n')}\n`,
    )
    assert.deepEqual(deployedEnvironment(JOB), { ...deployedEnvironment(JOB_AS_SERVICE) })
    assert.notEqual(runStep('values', { ...GIVEN, _RUN_AS: 'cron' }).status, 0)
  })

  it('deploys the function of single changes beside either, only where that is asked for', () => {
    for (const given of [GIVEN, JOB]) {
      const [first, ...others] = runStep('deploy', { ...given, _EVENTS: 'on' }).calls
      assert.deepEqual(runStep('deploy', given).calls, [first])
      const [feed = []] = others
      assert.equal(feed[2], 'gemini-key-audit-feed')
      const flags = flagsOf(feed)
      assert.equal(flags['--function'], 'keyChanged')
      assert.equal(flags['--service-account'], 'gemini-key-audit-feed@auditor-prod.iam.gserviceaccount.com')
      assert.deepEqual(
        [flags['--concurrency'], flags['--max-instances'], flags['--ingress']],
        ['80', '1', 'internal'],
      )
      assert.ok('--no-allow-unauthenticated' in flags)
      assert.equal(flags['--set-env-vars'], flagsOf(first ?? [])['--set-env-vars'])
    }
    assert.notEqual(runStep('values', { ...GIVEN, _EVENTS: 'yes' }).status, 0)
  })

  it('builds an image for a job alone', () => {
    assert.equal(runStep('image', GIVEN).status, 0)
    const script = BUILD.steps.find(({ id }) => id === 'image')?.script ?? assert.fail()
    const docker = `docker() { printf 'docker %s\\n' "$*"; }\n`
    const env = { ...BUILD.substitutions, ...JOB, PROJECT_ID, BUILD_ID: 'build-1' }
    const image = 'europe-west1-docker.pkg.dev/auditor-prod/gemini-key-audit/gemini-key-audit:build-1'
    assert.equal(
      recorded(['-c', docker + script], env).stdout,
      `docker build --file=deploy/container/Dockerfile --tag=${image} .\ndocker push ${image}\n`,
    )
    const [deploy = []] = runStep('deploy', JOB).calls
    assert.equal(flagsOf(deploy)['--image'], image)
  })

  it('leaves a person the right to run the job, too', () => {
    assert.match(
      runStep('schedule', JOB).stdout,
      /^gcloud run jobs add-iam-policy-binding gemini-key-audit /m,
    )
  })

  it('makes the job where there is none, and changes it where there is one', () => {
    const verb = (jobs: string) => {
      const { calls, status, stderr } = runStep('schedule', GIVEN, [{ to: 'jobs list', with: jobs }])
      assert.equal(status, 0, stderr)
      return calls.at(-1)?.slice(0, 4)
    }
    assert.deepEqual(verb(''), ['scheduler', 'jobs', 'create', 'http'])
    assert.deepEqual(verb('gemini-key-audit-2\nother\n'), ['scheduler', 'jobs', 'create', 'http'])
    assert.deepEqual(verb('other\ngemini-key-audit\n'), ['scheduler', 'jobs', 'update', 'http'])
  })

  it('leaves the one right that it may not give to a person, as a command, when it has made the job', () => {
    const said = (jobs: string) => runStep('schedule', GIVEN, [{ to: 'jobs list', with: jobs }]).stdout
    const [, command] = /^(gcloud run services add-iam-policy-binding [\s\S]*)$/m.exec(said('')) ?? []
    assert.equal(
      command?.replaceAll(/\s+\\?\s*/g, ' ').trim(),
      'gcloud run services add-iam-policy-binding gemini-key-audit --project=auditor-prod --region=europe-west1 ' +
        '--member=serviceAccount:gemini-key-audit-cron@auditor-prod.iam.gserviceaccount.com --role=roles/run.invoker',
    )
    assert.equal(said('gemini-key-audit\n'), '')
  })

  it('makes no second job where it may not see the first', () => {
    const { calls, status } = runStep('schedule', GIVEN, [{ to: 'jobs list', status: 1 }])
    assert.notEqual(status, 0)
    assert.ok(!calls.some((words) => words.includes('create')))
  })
})

describe('the environment of the deployed function', () => {
  it('holds nothing but options of the table, the limit of the heap, and that it is production', () => {
    const variables = options.map(({ variable }) => variable)
    const { NODE_OPTIONS, NODE_ENV, ...set } = deployedEnvironment(GIVEN)
    assert.equal(NODE_ENV, 'production')
    for (const name of Object.keys(set)) assert.ok(variables.includes(name), name)
    const heap = Number(/^--max-old-space-size=(\d+) --max-semi-space-size=8$/.exec(NODE_OPTIONS ?? '')?.[1])
    // What a run remembers and packs lies outside of the heap: a million keys take more there than in it.
    assert.ok(heap >= 160 && heap <= 224, `${heap} MiB of 512`)
  })

  it('sets every option of the table but those that a daily audit has no use for', () => {
    const set = deployedEnvironment(GIVEN)
    const notSet = options.map(({ variable }) => variable).filter((variable) => !(variable in set))
    // judging another day, the token, and where the simulator is
    assert.deepEqual(notSet.sort(), ['AUDIT_AS_OF', 'GOOGLE_API_URL', 'SLACK_API_URL', 'SLACK_BOT_TOKEN'])
  })

  it('is a configuration that the program takes', () => {
    const config = readConfig({ flags: {}, env: { ...deployedEnvironment(GIVEN), SLACK_BOT_TOKEN: TOKEN } })
    assert.deepEqual(config.scope, ['organizations/123456789012'])
    assert.equal(config.logProject, PROJECT_ID)
    assert.equal(config.logName, 'gemini-key-audit')
    assert.equal(config.archive, 'gs://auditor-prod-gemini-key-audit')
  })

  it('remembers runs in the bucket that setup makes, unless another is named', () => {
    const archive = (given: string) => deployedEnvironment({ ...GIVEN, _ARCHIVE: given })['AUDIT_ARCHIVE']
    assert.equal(archive(''), 'gs://auditor-prod-gemini-key-audit')
    assert.equal(archive('gs://acme-audits/emea'), 'gs://acme-audits/emea')
    assert.equal(archive('none'), '')
  })

  it('has the defaults of the table', () => {
    const set = deployedEnvironment(GIVEN)
    const apart = ['SLACK_API_URL'] // only ever set for the simulator
    for (const { variable, default: fallback } of options) {
      if (fallback !== undefined && !apart.includes(variable)) assert.equal(set[variable], fallback, variable)
    }
  })

  it('takes several scopes, and whatever else an option may be', () => {
    const set = deployedEnvironment({
      ...GIVEN,
      _SCOPE: 'folders/1,projects/acme-web',
      _ARCHIVE: 'gs://acme-audits/daily run@7,2',
    })
    assert.equal(set['AUDIT_SCOPE'], 'folders/1,projects/acme-web')
    assert.equal(set['AUDIT_ARCHIVE'], 'gs://acme-audits/daily run@7,2')
  })

  it('gets no secret but by reference, in a version', () => {
    const { calls } = runStep('deploy', GIVEN)
    assert.equal(flagsOf(calls[0] ?? [])['--set-secrets'], 'SLACK_BOT_TOKEN=gemini-key-audit-slack:1')
    const secret = options.filter((option) => option.secret).map(({ variable }) => variable)
    assert.deepEqual(secret, ['SLACK_BOT_TOKEN'])
    for (const name of secret) assert.ok(!(name in deployedEnvironment(GIVEN)))
  })

  it('knows nothing of Slack where there is no secret', () => {
    const { calls } = runStep('deploy', { ...GIVEN, _SLACK_SECRET: '' })
    const flags = flagsOf(calls[0] ?? [])
    assert.ok('--clear-secrets' in flags && !('--set-secrets' in flags))
    assert.doesNotMatch(flags['--set-env-vars'] ?? '', /SLACK/)
  })

  it('has the time zone that the schedule has', () => {
    const zone = { ...GIVEN, _TIME_ZONE: 'Europe/Zurich' }
    const { calls } = runStep('schedule', zone)
    assert.equal(flagsOf(calls.at(-1) ?? [])['--time-zone'], 'Europe/Zurich')
    assert.equal(deployedEnvironment(zone)['AUDIT_TIME_ZONE'], 'Europe/Zurich')
  })
})
