import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { main } from '../../src/commands/main.js'
import type { Check } from '../../src/doctor/check.js'
import { CHECKS } from '../../src/doctor/checks.js'
import { diagnosisText } from '../../src/doctor/text.js'
import { CALLS } from '../../src/google/calls.js'
import { acme, callFunction, NOW, onStage, recordsIn } from '../end-to-end/stage.js'
import { assertGolden } from '../golden.js'
import { outsideOrganizations } from '../inventory/reading.js'
import { worldOf } from '../simulator/simulated.js'
import { Text } from '../text.js'
import { brief, examine, examined, ORGANIZATION, SLACK } from './examined.js'

async function doctor(args: readonly string[], env: Record<string, string>) {
  const [out, err] = [new Text(), new Text()]
  const status = await main(['doctor', ...args], { out, err, env, now: () => NOW })
  return { status, out: out.text, err: err.text }
}

describe('gemini-key-audit doctor', () => {
  it('shows the sample organization line by line', async () => {
    await onStage(await acme(), async ({ env }) => {
      const { diagnosis } = await examine({ env: { ...env, AUDIT_ARCHIVE: 'gs://acme-key-audit/audits' } })
      assertGolden('doctor/acme.txt', diagnosisText(diagnosis, false))
    })
  })

  it('says what is missing, and what to do, below its line', async () => {
    const denied = ['keys', 'assets', 'logs'].map((read) => `{read: ${read}}`).join(', ')
    const world = worldOf(`${ORGANIZATION}${SLACK}\ndenied: [${denied}]`)
    await onStage(world, async ({ env }) => {
      const { SLACK_BOT_TOKEN: _, ...silent } = env
      const { diagnosis } = await examine({ env: silent })
      assertGolden('doctor/ill.txt', diagnosisText(diagnosis, false))
    })
  })

  for (const scope of ['projects/gemini-1', 'projects/102']) {
    for (const read of ['assets', 'search', 'keys', 'services', 'traffic', 'policies']) {
      it(`names no organization’s role where ${read} may not be read in ${scope}, which lies in none`, async () => {
        const { wrong } = await examined(
          `denied: [{read: ${read}, project: gemini-1}]`,
          { AUDIT_SCOPE: scope },
          { gates: [outsideOrganizations] },
        )
        const fixes = wrong.flatMap(({ fix }) => (fix?.includes('geminiKeyAuditor ') ? [fix] : []))
        assert.match(
          fixes[0] ?? '',
          /gcloud iam roles create geminiKeyAuditor --project=gemini-1 .*--role=projects\/gemini-1\/roles\/geminiKeyAuditor$/,
        )
        for (const fix of fixes) assert.doesNotMatch(fix, /organizations\//)
      })
    }
  }

  it('ends with 0 where a run would go well, also with gaps, and with 1 where it would fail', async () => {
    const endings = [
      ['', 0, 'would be complete'],
      ['denied: [{read: traffic}]', 0, 'would have gaps'],
      ['denied: [{read: keys, reason: disabled}]', 1, 'would fail'],
    ] as const
    for (const [more, status, run] of endings) {
      await onStage(worldOf(`${ORGANIZATION}${SLACK}\n${more}`), async ({ env }) => {
        const heard = await doctor(['--archive', 'gs://archive/audits'], env)
        assert.deepEqual([heard.status, heard.err], [status, ''])
        assert.match(heard.out, new RegExp(`\\d+ checks: .*\\. As far as this shows, a run ${run}\\.\n$`))
      })
    }
  })

  it('ends with 2 for a wrong configuration, and tries nothing', async () => {
    await onStage(worldOf(`${ORGANIZATION}${SLACK}`), async ({ simulator, env }) => {
      const heard = await doctor(['--time-zone', 'Mars'], env)
      assert.equal(heard.status, 2)
      assert.match(heard.err, /AUDIT_TIME_ZONE \(--time-zone\) must be an IANA time zone/)
      assert.equal(simulator.requests.size, 0)
    })
  })

  it('says the same as JSON', async () => {
    await onStage(worldOf(`${ORGANIZATION}${SLACK}\ndenied: [{read: traffic}]`), async ({ env }) => {
      const { out } = await doctor(['--json'], env)
      const said = JSON.parse(out)
      assert.deepEqual(Object.keys(said), ['scope', 'run', 'counts', 'checks', 'tool'])
      assert.deepEqual([said.run, said.counts.gaps], ['would have gaps', 1])
      const line = said.checks.find(({ result }: { result: string }) => result === 'gaps')
      assert.deepEqual(Object.keys(line), [
        'check',
        'call',
        'as',
        'on',
        'result',
        'says',
        'fix',
        'command',
        'otherwise',
      ])
      assert.match(line.command, /^gcloud organizations add-iam-policy-binding 99 /)
      assert.equal(line.as, 'serviceAccount:auditor@auditor-1.iam.gserviceaccount.com')
    })
  })

  it('names every option in its help', async () => {
    const { status, out } = await doctor(['--help'], {})
    assert.equal(status, 0)
    for (const word of ['--scope <', '--archive <', '--json', 'SLACK_BOT_TOKEN', 'Exit status']) {
      assert.ok(out.includes(word), word)
    }
  })

  it('posts nothing, stores no record, reads no key string and shows no token', async () => {
    await onStage(
      worldOf(`${ORGANIZATION}${SLACK}\ndenied: [{read: traffic}, {read: search}]`),
      async ({ simulator, env }) => {
        const token = 'xoxb-1234-marked'
        const heard = [await doctor([], { ...env, SLACK_BOT_TOKEN: token })]
        heard.push(await doctor(['--json'], { ...env, SLACK_BOT_TOKEN: token }))
        for (const { out, err } of heard) assert.doesNotMatch(out + err, /xoxb-|marked|Bearer|AIza/)
        assert.deepEqual(simulator.slackMessages(), [])
        assert.deepEqual(simulator.logEntries(), [])
        assert.deepEqual(simulator.violations, [])
      },
    )
  })

  it('is made again without a new object in an archive that keeps everything', async () => {
    await onStage(worldOf(`${ORGANIZATION}${SLACK}`), async (stage) => {
      await examine(stage)
      const { wrong } = await examine(stage)
      assert.deepEqual(wrong, [])
      const names = stage.simulator.buckets
        .get('archive')
        ?.list()
        .map(({ name }) => name)
      assert.deepEqual(names, ['audits/doctor.txt'])
    })
  })

  it('leaves an archive that runs can be written to and verified in', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'doctor-'))
    try {
      await onStage(worldOf(`${ORGANIZATION}${SLACK}`), async ({ env }) => {
        const archived: Record<string, string> = { ...env, AUDIT_ARCHIVE: directory }
        assert.deepEqual((await examine({ env: archived })).wrong, [])
        assert.equal((await callFunction(archived)).status, 200)
        const { diagnosis, wrong } = await examine({ env: archived })
        assert.deepEqual(wrong, [])
        assert.ok(diagnosis.checks.some(({ says }) => says === '1 run of organizations-99'))
        const [out, err] = [new Text(), new Text()]
        const { AUDIT_SCOPE: _, ...unnamed } = archived
        assert.equal(
          await main(['verify'], { out, err, env: unnamed, now: () => NOW }),
          0,
          out.text + err.text,
        )
      })
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})

describe('the checks of the doctor', () => {
  it('try the right of every call, so that a new one cannot be forgotten', () => {
    const covered = new Set(Object.values<Check>(CHECKS).flatMap(({ covers }) => covers))
    assert.deepEqual(
      Object.keys(CALLS).filter((name) => !covered.has(name as keyof typeof CALLS)),
      [],
    )
  })

  it('really make each call that leaves no trace', async () => {
    await onStage(worldOf(`${ORGANIZATION}${SLACK}`), async ({ simulator, env }) => {
      const exporting = { AUDIT_INVENTORY: 'export', AUDIT_EXPORT: 'gs://exports/assets' }
      await examine({ env: { ...env, ...exporting } }, () => NOW, true)
      const untried = Object.values(CALLS)
        .map(({ service, operation }) => `${service.split('.')[0]}.${operation}`)
        .filter((operation) => !simulator.requests.has(operation))
      assert.deepEqual(untried, [
        'cloudasset.exportAssets',
        'cloudasset.operations.get',
        'storage.objects.delete',
      ])
    })
  })

  it('say once that there are no credentials, and why all else is not known', async () => {
    const refused = { status: 401, body: { error: { code: 401, status: 'UNAUTHENTICATED', message: 'No.' } } }
    const { wrong, diagnosis } = await examined(
      SLACK,
      { LOG_PROJECT: 'none' },
      { gates: [async (call, answer) => (call.operation.startsWith('slack') ? answer() : refused)] },
    )
    assert.deepEqual(wrong.map(brief), ['configuration warning', 'searchAllResources fails'])
    assert.match(wrong[1]?.fix ?? '', /gcloud auth application-default login/)
    assert.equal(wrong[1]?.as, 'an unknown identity')
    assert.equal(wrong[1]?.command, 'gcloud auth application-default login')
    assert.match(wrong[1]?.otherwise ?? '', /the run fails/)
    assert.ok(diagnosis.counts.untried > 5)
  })

  it('say once that credentials have no quota project, and never name Google’s own', async () => {
    const { wrong, diagnosis } = await examined(
      SLACK,
      { LOG_PROJECT: 'none' },
      { gates: [async (call, answer) => (call.operation.startsWith('slack') ? answer() : uncharged())] },
    )
    assert.deepEqual(wrong.map(brief), ['configuration warning', 'searchAllResources fails'])
    assert.match(
      wrong[1]?.command ?? '',
      /^gcloud auth application-default set-quota-project PROJECT && gcloud services enable cloudasset/,
    )
    assert.doesNotMatch(JSON.stringify(diagnosis), /--project=764086051850/)
  })

  it('try a right on other projects before it is called missing', async () => {
    const denied = 'denied: [{read: keys, project: gemini-1}]'
    const { diagnosis } = await examined(`${SLACK}\n${denied}`)
    const line = diagnosis.checks.find(({ check }) => check === 'keysList')
    assert.deepEqual(
      [line?.result, line?.says],
      ['works', 'works, as far as projects/103 shows, though not in projects/102'],
    )
  })

  it('name the gaps of the newest run, which a right tried on one project does not show', async () => {
    const denied = 'denied: [{read: traffic, project: gemini-1}]'
    await onStage(worldOf(`${ORGANIZATION}${SLACK}\n${denied}`), async ({ env }) => {
      const archived = { ...env, AUDIT_ARCHIVE: 'gs://archive/audits' }
      const lastRun = async () =>
        (await examine({ env: archived })).diagnosis.checks.find(({ check }) => check === 'archiveGaps')
      assert.deepEqual((await lastRun())?.says, 'no run is remembered')
      const { run } = (await callFunction(archived)).body
      const line = await lastRun()
      assert.equal(line?.result, 'warning')
      assert.match(
        line?.says ?? '',
        new RegExp(`^the run of ${run} could not read the traffic of 1 project \\(`),
      )
      assert.match(line?.fix ?? '', /monitoring.timeSeries.list/)
    })
  })

  it('say of a run without gaps that it had none', async () => {
    await onStage(worldOf(`${ORGANIZATION}${SLACK}`), async ({ env }) => {
      const archived = { ...env, AUDIT_ARCHIVE: 'gs://archive/audits' }
      await callFunction(archived)
      const { diagnosis, wrong } = await examine({ env: archived })
      assert.deepEqual(wrong, [])
      const line = diagnosis.checks.find(({ check }) => check === 'archiveGaps')
      assert.match(line?.says ?? '', / had no gaps$/)
    })
  })

  it('take the address of the organization from wherever a folder lies', async () => {
    const { wrong } = await examined(`${SLACK}\ndenied: [{read: keys}]`, { AUDIT_SCOPE: 'folders/7' })
    assert.match(wrong[0]?.command ?? '', /gcloud resource-manager folders add-iam-policy-binding 7 /)
    assert.match(wrong[0]?.command ?? '', /--role=organizations\/99\/roles\/geminiKeyAuditor$/)
  })
})

describe('the doctor, on what a run is configured with,', () => {
  const logs = [
    ['{retentionDays: 400}', []],
    ['{retentionDays: 399}', ['retention fails']],
    ['{own: null}', ['retention fails']],
    ['{inDefault: true}', ['retention warning']],
  ] as const
  for (const [log, lines] of logs) {
    it(`finds ${lines[0] ?? 'nothing wrong'} for a log ${log}`, async () => {
      assert.deepEqual((await examined(`${SLACK}\nlog: ${log}`)).wrong.map(brief), lines)
    })
  }

  it('gives the command that keeps records long enough', async () => {
    const short = await examined(`${SLACK}\nlog: {retentionDays: 30}`)
    assert.match(
      short.wrong[0]?.command ?? '',
      /^gcloud logging buckets update gemini-key-audit --location=global --retention-days=400 --project=auditor-1$/,
    )
    const none = await examined(`${SLACK}\nlog: {own: null}`)
    assert.match(
      none.wrong[0]?.command ?? '',
      /^gcloud logging buckets create .* && gcloud logging sinks create /,
    )
  })

  it('says what is not set', async () => {
    await onStage(worldOf(`${ORGANIZATION}${SLACK}`), async ({ env }) => {
      const { SLACK_BOT_TOKEN: _, ...silent } = env
      const { wrong } = await examine({ env: { ...silent, LOG_PROJECT: 'none' } })
      assert.deepEqual(
        wrong.map(({ on, result }) => `${on} ${result}`),
        ['SLACK_BOT_TOKEN warning', 'LOG_PROJECT warning'],
      )
    })
  })

  it('reports a policy that cannot be read, one that is wrong, and what of one has run out', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'doctor-'))
    const file = join(directory, 'policy.yaml')
    const withPolicy = async (text: string | undefined) => {
      if (text !== undefined) writeFileSync(file, text)
      return (await examined(SLACK, { AUDIT_POLICY: file })).wrong
    }
    try {
      assert.deepEqual((await withPolicy(undefined)).map(brief), ['policy fails'])
      assert.deepEqual((await withPolicy('exmptions: []')).map(brief), ['policy fails'])
      const until = (day: string) =>
        `exclude: [{project: gone-1, reason: old, approved-by: me@example.com, until: ${day}}]`
      const [ended] = await withPolicy(until('2026-11-22'))
      assert.match(
        `${ended?.result} ${ended?.says}`,
        /^warning the exclusion of projects\/gone-1 ran out on November 22, 2026/,
      )
      const [ending] = await withPolicy(until('2026-12-07'))
      assert.match(`${ending?.result} ${ending?.says}`, /^warning .* ends on December 7, 2026/)
      assert.deepEqual(await withPolicy(until('2026-12-08')), [])
    } finally {
      rmSync(directory, { recursive: true })
    }
  })

  it('looks at the channels of the policy’s routes too', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'doctor-'))
    const file = join(directory, 'policy.yaml')
    try {
      writeFileSync(file, 'routes: [{owner: payments, channel: C0999}]')
      const { wrong } = await examined(SLACK, { AUDIT_POLICY: file })
      assert.deepEqual(
        wrong.map(({ on, result }) => `${on} ${result}`),
        ['slack:C0999 fails'],
      )
    } finally {
      rmSync(directory, { recursive: true })
    }
  })

  it('tries to write where the findings go as OCSF', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'doctor-'))
    try {
      assert.deepEqual((await examined(SLACK, { AUDIT_OCSF: 'gs://exports/ocsf' })).wrong, [])
      writeFileSync(join(directory, 'doctor.txt'), 'something else')
      const changed = await examined(SLACK, { AUDIT_OCSF: directory })
      assert.deepEqual(changed.wrong.map(brief), ['ocsfWrites fails'])
      const blocked = await examined(SLACK, { AUDIT_OCSF: join(directory, 'doctor.txt', 'below') })
      assert.match(blocked.wrong[0]?.fix ?? '', /AUDIT_OCSF \(--ocsf\)/)
    } finally {
      rmSync(directory, { recursive: true })
    }
  })

  it('asks whether findings may be written to Security Command Center, and finds a source that is not there', async () => {
    const settings = { AUDIT_SCC: 'organizations/99/sources/5' }
    assert.deepEqual((await examined(`${SLACK}\nsources: [5]`, settings)).wrong, [])
    const denied = 'denied: [{permission: securitycenter.findings.setMute}]'
    const { wrong } = await examined(`${SLACK}\nsources: [5]\n${denied}`, settings)
    assert.deepEqual(wrong.map(brief), ['securityCenter fails'])
    assert.match(
      wrong[0]?.command ?? '',
      /organizations add-iam-policy-binding 99 .*roles\/geminiKeyAuditorFindings$/,
    )
    const missing = await examined(SLACK, settings)
    assert.deepEqual(missing.wrong.map(brief), ['securityCenter fails'])
  })

  it('finds an archive that cannot be written to, and one whose object was changed', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'doctor-'))
    try {
      writeFileSync(join(directory, 'doctor.txt'), 'something else')
      const { wrong } = await examined(SLACK, { AUDIT_ARCHIVE: directory })
      assert.deepEqual(wrong.map(brief), ['archiveReads fails'])
      const blocked = await examined(SLACK, { AUDIT_ARCHIVE: join(directory, 'doctor.txt', 'below') })
      assert.equal(blocked.wrong[0] && brief(blocked.wrong[0]), 'archiveWrites fails')
      assert.match(blocked.wrong[0]?.fix ?? '', /AUDIT_ARCHIVE \(--archive\)/)
      assert.equal(readFileSync(join(directory, 'doctor.txt'), 'utf8'), 'something else')
    } finally {
      rmSync(directory, { recursive: true })
    }
  })

  it('compares the clock with Google’s', async () => {
    const late = new Date(NOW.getTime() + 5 * 60_000)
    const { wrong } = await examined(SLACK, {}, { now: () => late })
    assert.deepEqual(wrong.map(brief), ['clock warning'])
    assert.match(wrong[0]?.says ?? '', /^300 s behind Google’s$/)
  })
})

describe('a run that failed', () => {
  const SEE_DOCTOR =
    'To see all that a run needs, and what is missing: npx gemini-key-audit doctor --scope organizations/99'

  it('for a right recommends the doctor, once and last, with its scope', async () => {
    const more = 'denied: [{read: keys, reason: disabled}]'
    await onStage(worldOf(`${ORGANIZATION}${SLACK}\n${more}`), async (stage) => {
      const { status, body } = await callFunction(stage.env)
      assert.equal(status, 500)
      const slack = stage.simulator.slackMessages().filter((each) => /^The audit failed: /.test(each.text))
      const err = new Text()
      await main(['audit', '--deliver'], { out: new Text(), err, env: stage.env, now: () => NOW })
      const texts = [
        body.error,
        ...recordsIn(stage.simulator, 'run').map(({ error }) => error),
        err.text.trimEnd(),
      ]
      assert.equal(slack.length, 1)
      for (const text of texts) assert.ok(text.endsWith(SEE_DOCTOR), text)
      for (const text of [...texts, ...slack.map((each) => each.text)]) {
        assert.equal(text.split(SEE_DOCTOR).length, 2)
      }
    })
  })

  const knowing = [
    ['for its configuration', '', { AUDIT_TIME_ZONE: 'Mars', AUDIT_PACE: '0' }],
    ['in its delivery', 'denied: [{read: logs}]', {}],
    ['without credentials', 'denied: [{read: assets, reason: token-scope}]', { AUDIT_INVENTORY: 'assets' }],
  ] as const
  for (const [why, more, env] of knowing) {
    it(`${why} does not recommend the doctor, who finds no more`, async () => {
      await onStage(worldOf(`${ORGANIZATION}${SLACK}\n${more}`), async (stage) => {
        const { status, body } = await callFunction({ ...stage.env, ...env })
        assert.equal(status, 500)
        const err = new Text()
        assert.notEqual(
          await main(['audit', '--deliver'], {
            out: new Text(),
            err,
            env: { ...stage.env, ...env },
            now: () => NOW,
          }),
          0,
        )
        const posted = stage.simulator.slackMessages().map(({ text }) => text)
        for (const text of [body.error, err.text, ...posted]) assert.doesNotMatch(text, /doctor/)
      })
    })
  }
})

describe('a gap', () => {
  it('names the account and the organization in its command, as the doctor does', async () => {
    await onStage(worldOf(`${ORGANIZATION}${SLACK}\ndenied: [{read: keys}]`), async ({ simulator, env }) => {
      assert.equal((await callFunction(env)).status, 200)
      const [gap] = recordsIn(simulator, 'gap')
      assert.equal(
        gap.fix,
        'grant a role that holds apikeys.keys.list: gcloud projects add-iam-policy-binding 102 ' +
          '--member=serviceAccount:auditor@auditor-1.iam.gserviceaccount.com ' +
          '--role=organizations/99/roles/geminiKeyAuditor',
      )
      assert.equal(simulator.requests.get('oauth2.tokeninfo'), 1)
    })
  })

  it('names no account where Google does not say who asked', async () => {
    await onStage(
      worldOf(`${ORGANIZATION}${SLACK}\ndenied: [{read: keys}]`),
      async ({ simulator, env }) => {
        assert.equal((await callFunction(env)).status, 200)
        const [gap] = recordsIn(simulator, 'gap')
        assert.match(gap.fix, /--member=serviceAccount:SERVICE_ACCOUNT_EMAIL --role=organizations\/99\//)
      },
      {
        gates: [
          async (call, answer) =>
            call.operation === 'oauth2.tokeninfo'
              ? { status: 400, body: { error: 'invalid_token' } }
              : answer(),
        ],
      },
    )
  })
})

/** What Google answers a person’s credentials without a quota project. */
function uncharged() {
  const details = [
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: 'SERVICE_DISABLED',
      domain: 'googleapis.com',
      metadata: { consumer: 'projects/764086051850' },
    },
  ]
  const message = 'The API requires a quota project, which is not set by default.'
  return { status: 403, body: { error: { code: 403, status: 'PERMISSION_DENIED', message, details } } }
}
