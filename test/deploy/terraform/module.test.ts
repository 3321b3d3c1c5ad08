import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { split } from 'shlex'
import { parse } from 'yaml'
import { terraformVariables } from '../../../scripts/terraform.js'
import { assertGolden } from '../../golden.js'
import { BUILD, deployedEnvironment, GIVEN, JOB, runStep, scheduling } from '../build.js'
import { flagsOf, recorded } from '../recorded.js'
import { madeBy, modulesIn, type Planned } from './planned.js'
import { CHANNEL, IMAGE, KEY, REFUSED, refusedCalls, scenarios } from './scenarios.js'
import { madeByScript } from './scripted.js'
import { hasTerraform, TerraformFolder, withTerraform } from './terraform.js'

const SETUP = ['deploy/setup.sh', '--project=auditor-prod', `--notification-channel=${CHANNEL}`]

/** Made by the first test that asks, since all of it is one plan. */
let plans: Promise<ReadonlyMap<string, readonly Planned[]>> | undefined

async function planned(name: string): Promise<readonly Planned[]> {
  plans ??= planAll()
  return (await plans).get(name) ?? assert.fail(name)
}

async function planAll(): Promise<ReadonlyMap<string, readonly Planned[]>> {
  const folder = new TerraformFolder({ 'main.tf': scenarios(), 'key-audit.zip': 'sources' })
  try {
    await folder.succeed('init', '-backend=false')
    await folder.succeed('plan', '-out=plan', '-lock=false')
    return modulesIn(await folder.succeed('show', '-json', 'plan'))
  } finally {
    folder.remove()
  }
}

/** The one resource of a type. */
async function theOne(name: string, type: string): Promise<Planned['values']> {
  const all = (await planned(name)).filter((one) => one.type === type)
  assert.equal(all.length, 1, type)
  return all[0]?.values
}

describe('the Terraform module', () => {
  const define = hasTerraform ? it : it.skip
  define(`is written as terraform fmt writes it${hasTerraform ? '' : ': terraform is not installed'}`, () => {
    const said = execFileSync('terraform', ['fmt', '-check', '-diff', '-recursive', 'deploy/terraform'], {
      env: { PATH: process.env['PATH'], TF_CLI_CONFIG_FILE: '/dev/null' },
    })
    assert.equal(String(said), '')
  })

  for (const part of ['project', 'organization'] as const) {
    withTerraform(`makes of its example what the README lists: ${part}`, async () => {
      const made = await planned(`example_${part}`)
      assertGolden(`deploy/terraform-example-${part}.txt`, made.map(({ address }) => `${address}\n`).join(''))
    })
  }

  for (const [title, calls] of Object.entries(REFUSED)) {
    withTerraform(`says what is wrong with ${title}`, async () => {
      const folder = new TerraformFolder({ 'main.tf': refusedCalls(calls), 'key-audit.zip': 'sources' })
      try {
        await folder.succeed('init', '-backend=false')
        const { status, stderr } = await folder.run('plan', '-lock=false')
        assert.notEqual(status, 0)
        const said = stderr.replaceAll(/\s*\n[│\s]*/g, ' ')
        for (const [, , message] of calls) assert.match(said, message)
      } finally {
        folder.remove()
      }
    })
  }

  it('has a variable for every substitution of the build, with the same default', () => {
    const variables = new Map(terraformVariables('project').map((one) => [one.name, one]))
    for (const [name, usual] of Object.entries(BUILD.substitutions)) {
      const variable = variables.get(name.slice(1).toLowerCase()) ?? assert.fail(name)
      if (name === '_SCOPE') assert.equal(variable.default, undefined, 'without a scope nothing is audited')
      else if (variable.default !== 'null') assert.equal(JSON.parse(variable.default ?? ''), usual, name)
      else assert.equal(usual, `gemini-key-audit-${/SERVICE-(\w+)/.exec(variable.description)?.[1]}`, name)
    }
  })

  it('has a variable for every option of the scripts that says what is made', () => {
    const optionsOf = (script: string) =>
      [...readFileSync(script, 'utf8').matchAll(/^# {3}--([a-z-]+)(?:=\S+)? {2}/gm)].map(([, name = '']) =>
        name.replaceAll('-', '_').replace(/^notification_channel$/, 'notification_channels'),
      )
    const talking = ['plan', 'remove', 'yes', 'job'] // a job is run_as
    for (const [script, part] of [
      ['deploy/setup.sh', 'project'],
      ['deploy/organization.sh', 'organization'],
    ] as const) {
      const variables = terraformVariables(part).map(({ name }) => name)
      const options = optionsOf(script).filter((name) => !talking.includes(name))
      assert.ok(options.length > 4, script)
      assert.deepEqual(
        options.filter((name) => !variables.includes(name)),
        [],
        script,
      )
    }
  })
})

describe('the Terraform module and the scripts', () => {
  withTerraform('make the same where cloudbuild.yaml deploys', async () => {
    assert.deepEqual(madeBy(await planned('for_the_build')), madeByScript(SETUP))
  })

  withTerraform('make the same for exports', async () => {
    const exported = madeByScript([
      'deploy/setup.sh',
      '--project=auditor-prod',
      `--notification-channel=${CHANNEL}`,
      '--export-bucket=auditor-prod-exports',
    ])
    const silent = (lines: readonly string[]) => lines.map((line) => line.replace(/^(alert .* to ).*/, '$1'))
    assert.deepEqual(silent(madeBy(await planned('export'))), silent(exported))
  })

  withTerraform('make the same for single changes', async () => {
    assert.deepEqual(madeBy(await planned('events_for_the_build')), madeByScript([...SETUP, '--events']))
  })

  for (const name of ['events', 'events_of_a_job']) {
    withTerraform(`deploy the same function of single changes, and push to it: ${name}`, async () => {
      const given = { ...GIVEN, _EVENTS: 'on' }
      const flags = flagsOf(runStep('deploy', given).calls[1] ?? assert.fail('there is no second function'))
      const made = await planned(name)
      const one = (address: string) => made.find((each) => each.address.startsWith(address))?.values
      const built = one('google_cloudfunctions2_function.feed')
      const served = built?.service_config[0]
      const template = one('google_cloud_run_v2_service.feed')?.template[0]
      const limits = template?.containers[0].resources[0].limits
      assert.equal(built?.build_config[0].entry_point ?? 'keyChanged', flags['--function'])
      if (template) assert.ok(template.containers[0].args.includes(`--target=${flags['--function']}`))
      assertLimits(flags, {
        account: served?.service_account_email ?? template.service_account,
        seconds: served?.timeout_seconds ?? Number.parseInt(template.timeout, 10),
        memory: served?.available_memory ?? limits.memory,
        cpu: served?.available_cpu ?? limits.cpu,
        concurrency: served?.max_instance_request_concurrency ?? template.max_instance_request_concurrency,
        instances: served?.max_instance_count ?? template.scaling[0].max_instance_count,
      })
      const push = one('google_cloud_run_v2_service_iam_member.push')
      assert.equal(
        `${push.role} ${push.member}`,
        'roles/run.invoker serviceAccount:gemini-key-audit-push@auditor-prod.iam.gserviceaccount.com',
      )
      const subscription = one('google_pubsub_subscription.feed')
      const line = recorded([...SETUP, '--events', '--plan'])
        .stdout.split('\n')
        .find((each) => each.includes('subscriptions create'))
      const script = flagsOf(split(line ?? ''))
      assert.equal(subscription.ack_deadline_seconds, Number(script['--ack-deadline']))
      assert.equal(subscription.message_retention_duration, '86400s')
      assert.equal(script['--message-retention-duration'], '1d')
      const [retry] = subscription.retry_policy
      assert.deepEqual(
        [retry.minimum_backoff, retry.maximum_backoff],
        [script['--min-retry-delay'], script['--max-retry-delay']],
      )
    })
  }

  withTerraform('make the same under another name', async () => {
    const renamed = madeByScript([...SETUP, '--service=emea-key-audit', '--retention-days=800'])
    // a plan names the files of the alerts, in which the script puts the other name when it runs
    const alerts = (lines: readonly string[]) =>
      lines.map((line) => line.replace(/^(alert .* of )[a-z-]+ to .*/, '$1'))
    assert.deepEqual(alerts(madeBy(await planned('renamed'))), alerts(renamed))
  })

  withTerraform('make the same in the organization', async () => {
    const words = ['deploy/organization.sh', '--organization=123456789012', '--project=auditor-prod']
    const scope = '--scope=organizations/123456789012,folders/7,projects/acme-web'
    assert.deepEqual(
      madeBy(await planned('organization')),
      madeByScript([...words, scope, '--export', '--findings', '--events']),
    )
  })

  withTerraform('count and alert by the same files', async () => {
    const made = await planned('for_the_build')
    for (const name of ['runs', 'attempts']) {
      const { values } =
        made.find(({ values }) => values.name === `gemini-key-audit-${name}`) ?? assert.fail(name)
      assertHolds(values, parse(readFileSync(`deploy/metrics/${name}.yaml`, 'utf8')), name)
    }
    const alerts = made.filter(({ type }) => type === 'google_monitoring_alert_policy')
    assert.equal(alerts.length, 4)
    for (const { values } of alerts) {
      const { about } = values.user_labels
      assertHolds(values, parse(readFileSync(`deploy/alerts/${about}.yaml`, 'utf8')), about)
    }
  })

  withTerraform('deploy the same function', async () => {
    const { build_config, service_config } = await theOne('function', 'google_cloudfunctions2_function')
    const [built] = build_config
    const [served] = service_config
    const flags = flagsOf(runStep('deploy', GIVEN).calls[0] ?? [])
    assert.deepEqual(served.environment_variables, deployedEnvironment(GIVEN))
    assert.equal(`--base-image=${built.runtime}`, `--base-image=${flags['--base-image']}`)
    assert.equal(built.entry_point, flags['--function'])
    assert.equal(built.service_account, flags['--build-service-account'])
    assert.deepEqual(
      Object.entries(built.environment_variables).map(([name, value]) => `${name}=${value}`),
      [flags['--set-build-env-vars']],
    )
    const { secret, version, key } = served.secret_environment_variables[0]
    assert.equal(`${key}=${secret}:${version}`, flags['--set-secrets'])
    assert.equal(served.ingress_settings, 'ALLOW_INTERNAL_ONLY')
    assertLimits(flags, {
      account: served.service_account_email,
      seconds: served.timeout_seconds,
      memory: served.available_memory,
      cpu: served.available_cpu,
      concurrency: served.max_instance_request_concurrency,
      instances: served.max_instance_count,
    })
  })

  withTerraform('deploy the same as a container', async () => {
    const { ingress, template } = await theOne('container', 'google_cloud_run_v2_service')
    const [{ containers, scaling, ...served }] = template
    const [{ image, env, resources }] = containers
    const flags = flagsOf(runStep('deploy', GIVEN).calls[0] ?? [])
    assert.equal(image, IMAGE)
    const given = env.filter(({ value_source }: { value_source: unknown[] }) => value_source.length === 0)
    assert.deepEqual(
      Object.fromEntries(given.map(({ name, value }: { name: string; value: string }) => [name, value])),
      deployedEnvironment(GIVEN),
    )
    const { name, value_source } = env.find((one: { value_source: unknown[] }) => one.value_source.length > 0)
    const { secret, version } = value_source[0].secret_key_ref[0]
    assert.equal(`${name}=${secret}:${version}`, flags['--set-secrets'])
    assert.equal(ingress, 'INGRESS_TRAFFIC_INTERNAL_ONLY')
    assertLimits(flags, {
      account: served.service_account,
      seconds: Number.parseInt(served.timeout, 10),
      memory: resources[0].limits.memory,
      cpu: resources[0].limits.cpu,
      concurrency: served.max_instance_request_concurrency,
      instances: scaling[0].max_instance_count,
    })
  })

  for (const name of ['function', 'container']) {
    withTerraform(`schedule the same, and let the schedule alone call it: ${name}`, async () => {
      const job = await theOne(name, 'google_cloud_scheduler_job')
      const file = parse(readFileSync('scheduler.yaml', 'utf8'))
      const flags = { ...file, ...flagsOf(scheduling('')) }
      const [retry] = job.retry_config
      const [target] = job.http_target
      assert.deepEqual(
        {
          '--schedule': job.schedule,
          '--time-zone': job.time_zone,
          '--http-method': target.http_method,
          '--attempt-deadline': job.attempt_deadline,
          '--max-retry-attempts': retry.retry_count,
          '--min-backoff': retry.min_backoff_duration,
          '--max-backoff': retry.max_backoff_duration,
          '--max-doublings': retry.max_doublings,
          '--description': job.description,
        },
        Object.fromEntries(Object.keys(file).map((flag) => [flag, flags[flag]])),
      )
      assert.equal(target.oidc_token[0].service_account_email, flags['--oidc-service-account-email'])
      const { role, member } = await theOne(name, 'google_cloud_run_v2_service_iam_member')
      assert.equal(
        `${role} ${member}`,
        `roles/run.invoker serviceAccount:${flags['--oidc-service-account-email']}`,
      )
    })
  }
})

describe('the Terraform module and the build, for a Cloud Run job', () => {
  withTerraform('deploy the same job', async () => {
    const { template } = await theOne('job', 'google_cloud_run_v2_job')
    const [{ task_count, template: tasks }] = template
    const [{ containers, ...task }] = tasks
    const [{ args, env, resources }] = containers
    const flags = flagsOf(runStep('deploy', JOB).calls[0] ?? [])
    const given = env.filter(({ value_source }: { value_source: unknown[] }) => value_source.length === 0)
    assert.deepEqual(
      Object.fromEntries(given.map(({ name, value }: { name: string; value: string }) => [name, value])),
      deployedEnvironment(JOB),
    )
    assert.deepEqual(
      {
        '--args': args.join(','),
        '--service-account': task.service_account,
        '--tasks': String(task_count),
        '--task-timeout': `${Number.parseInt(task.timeout, 10) / 3600}h`,
        '--max-retries': String(task.max_retries),
        '--memory': resources[0].limits.memory,
        '--cpu': resources[0].limits.cpu,
      },
      Object.fromEntries(
        [
          '--args',
          '--service-account',
          '--tasks',
          '--task-timeout',
          '--max-retries',
          '--memory',
          '--cpu',
        ].map((flag) => [flag, flags[flag]]),
      ),
    )
  })

  withTerraform('begin it the same way, and let the schedule alone run it', async () => {
    const { http_target, attempt_deadline, description } = await theOne('job', 'google_cloud_scheduler_job')
    const flags = flagsOf(scheduling('', JOB))
    const file = parse(readFileSync('scheduler-job.yaml', 'utf8'))
    assert.equal(flags['--flags-file'], 'scheduler-job.yaml')
    // the provider leaves out what is Cloud Scheduler's own default
    const deadline = attempt_deadline ?? '180s'
    assert.deepEqual([deadline, description], [file['--attempt-deadline'], file['--description']])
    assert.equal(http_target[0].uri, flags['--uri'])
    assert.equal(http_target[0].oauth_token[0].service_account_email, flags['--oauth-service-account-email'])
    assert.deepEqual(http_target[0].oidc_token, [])
    const { role } = await theOne('job', 'google_cloud_run_v2_job_iam_member')
    assert.equal(role, 'roles/run.invoker')
  })

  withTerraform('alert by the same files', async () => {
    const alerts = (lines: readonly string[]) =>
      lines.filter((line) => line.startsWith('alert ')).map((line) => line.split(' to ')[0])
    const scripted = madeByScript([...SETUP, '--job'])
    assert.deepEqual(alerts(madeBy(await planned('job'))), alerts(scripted))
  })
})

describe('what the Terraform module makes', () => {
  withTerraform('knows nothing of Slack where there is no secret', async () => {
    assert.doesNotMatch(JSON.stringify(await planned('without_slack')), /slack|secretmanager_secret/i)
  })

  withTerraform('stays in its region, with a key of the organization’s own', async () => {
    const made = await planned('in_europe')
    for (const { address, values } of made) {
      const places = [values.location, values.region].filter((place) => place !== undefined)
      for (const place of places) assert.equal(place.toLowerCase(), 'europe-west3', address)
    }
    const encrypted = madeBy(made).filter((line) => line.endsWith(`, with ${KEY}`))
    assert.deepEqual(
      encrypted.map((line) => line.split(' in ')[0]),
      [
        'bucket auditor-prod-gemini-key-audit',
        'bucket auditor-prod-gemini-key-audit-source',
        'log bucket gemini-key-audit',
        'secret gemini-key-audit-slack',
      ],
    )
    assert.match(madeBy(made).join('\n'), /^bucket auditor-prod-gemini-key-audit in .*, locked/m)
    assert.match(madeBy(made).join('\n'), /^log bucket .*, locked/m)
  })

  withTerraform('lets one identity read two organizations, the roles of one of which are there', async () => {
    const member = 'serviceAccount:emea-key-audit-run@auditor-prod.iam.gserviceaccount.com'
    const lines = [...madeBy(await planned('first_of_two')), ...madeBy(await planned('second_of_two'))]
    assert.deepEqual(
      lines.filter((line) => !line.startsWith('role ')),
      [
        `${member} has organizations/1/roles/geminiKeyAuditor on organizations/1`,
        `${member} has organizations/2/roles/geminiKeyAuditor on organizations/2`,
      ],
    )
    assert.equal(lines.length, 3)
  })

  withTerraform('holds no value of a secret', async () => {
    const types = new Set((await planned('in_europe')).map(({ type }) => type))
    assert.ok(types.has('google_secret_manager_secret'))
    assert.ok(!types.has('google_secret_manager_secret_version') && !types.has('google_service_account_key'))
  })
})

interface Limits {
  readonly account: string
  readonly seconds: number
  readonly memory: string
  readonly cpu: string
  readonly concurrency: number
  readonly instances: number
}

function assertLimits(flags: Readonly<Record<string, string>>, limits: Limits): void {
  assert.deepEqual(limits, {
    account: flags['--service-account'],
    seconds: Number(flags['--timeout']),
    memory: flags['--memory'],
    cpu: flags['--cpu'],
    concurrency: Number(flags['--concurrency']),
    instances: Number(flags['--max-instances']),
  })
}

/** That a planned resource has everything that a file says, in Terraform's spelling: a block is a list of one. */
function assertHolds(planned: unknown, said: unknown, where: string): void {
  if (Array.isArray(said)) {
    assert.ok(Array.isArray(planned) && planned.length === said.length, where)
    for (const [index, one] of said.entries()) assertHolds(planned[index], one, `${where}.${index}`)
  } else if (typeof said === 'object' && said !== null) {
    const block = Array.isArray(planned) ? planned[0] : planned
    for (const [name, value] of Object.entries(said)) {
      const spelled = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
      assertHolds(block?.[spelled], value, `${where}.${name}`)
    }
  } else {
    assert.equal(planned, said, where)
  }
}
