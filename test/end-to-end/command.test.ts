import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { Gate } from '../../simulator/wire/call.js'
import { OPTIONS, type Option } from '../../src/config/options.js'
import { VERDICTS } from '../../src/model.js'
import { VERDICT_MARKS } from '../../src/report/glossary.js'
import { VERSION } from '../../src/version.js'
import { main } from '../program.js'
import { Text } from '../text.js'
import { ACME_POLICY, acme, NOW, onStage, smallWorld } from './stage.js'

interface Result {
  readonly status: number
  readonly out: string
  readonly err: string
}

async function command(args: readonly string[], env: Record<string, string> = {}): Promise<Result> {
  const [out, err] = [new Text(), new Text()]
  const status = await main(args, { out, err, env, now: () => NOW })
  return { status, out: out.text, err: err.text }
}

const STANDARD = '[{id: one, name: One, created: 400d ago}]'

/** A folder and what is in it is for its user alone. */
function assertPrivate(folder: string): void {
  const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)
  assert.equal(modeOf(folder), '700')
  const within = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  assert.ok(within.length > 0)
  for (const path of within.map((each) => join(folder, each))) {
    assert.equal(modeOf(path), statSync(path).isDirectory() ? '700' : '600', path)
  }
}

describe('the command', () => {
  it('prints its version and its help, and ends with 0', async () => {
    for (const flag of ['--version', '-V']) {
      assert.deepEqual(await command([flag]), { status: 0, out: `${VERSION}\n`, err: '' })
    }
    for (const args of [[], ['help'], ['--help'], ['-h']]) {
      const { status, out, err } = await command(args)
      assert.deepEqual([status, err], [0, ''])
      for (const word of ['audit', 'demo', 'simulate', 'Exit status']) assert.ok(out.includes(word), word)
    }
  })

  for (const name of ['audit', 'demo', 'simulate', 'history', 'verify', 'doctor']) {
    it(`prints the help of ${name} in three ways, and names no option there that it has not`, async () => {
      const { status, out, err } = await command(['help', name])
      assert.deepEqual([status, err], [0, ''])
      for (const flag of ['--help', '-h']) assert.equal((await command([name, flag])).out, out)
      const [options = '', ...rest] = out.split(/\n\n(?=Exit status|Set by|Faults)/)
      for (const [flag] of rest.join('\n').matchAll(/--[a-z-]+/g)) assert.ok(options.includes(flag), flag)
      for (const number of [0, 1, 2]) assert.match(out, new RegExp(`Exit status: .*\\b${number} `, 's'))
      assert.equal(/; 3 /.test(out), ['audit', 'verify'].includes(name))
    })
  }

  it('says in its help what each command really needs', async () => {
    const scope = async (name: string) =>
      /--scope <SCOPE> .*?(?=\n {2}-)/s.exec((await command(['help', name])).out)?.[0]
    for (const name of ['audit', 'doctor']) assert.match((await scope(name)) ?? '', /just one/)
    for (const name of ['history', 'verify']) {
      assert.doesNotMatch((await scope(name)) ?? 'required', /required/)
      assert.match((await command(['help', name])).out, /AUDIT_ARCHIVE;\s+required/)
      assert.match((await command([name])).err, /AUDIT_ARCHIVE \(--archive\) is required/)
    }
  })

  it('names every option in the help of audit, flags and variables', async () => {
    const { out } = await command(['audit', '--help'])
    for (const option of Object.values(OPTIONS) as Option<unknown>[]) {
      assert.ok(out.includes(option.variable), option.variable)
      if (option.flag !== undefined) assert.ok(out.includes(`${option.flag} <`), option.flag)
    }
  })

  const misuses: [string, string[], RegExp][] = [
    ['an unknown command', ['scan'], /unknown command 'scan'/],
    ['a misspelt command', ['audti'], /Did you mean audit\?/],
    ['an unknown flag', ['audit', '--scopes', 'x'], /unknown option '--scopes'\n\(Did you mean --scope\?\)/],
    ['an unknown form of the preview', ['audit', '--preview-slack=xml'], /text, json/],
    ['a secret as a flag', ['audit', '--slack-bot-token', 'x'], /unknown option/],
    ['an unknown format', ['audit', '--format', 'xml'], /table, json, ndjson, csv/],
    ['an unknown --fail-on', ['audit', '--fail-on', 'due,late'], /overdue, due, unknown, gap/],
    ['a wrong port', ['simulate', '--port', '65536'], /port from 0 to 65535/],
    ['a world that is not there', ['simulate', '--world', 'nowhere.yaml'], /nowhere\.yaml/],
    [
      'a wrong configuration',
      ['audit', '--scope', 'acme', '--records', 'x'],
      /AUDIT_SCOPE.*\n.*AUDIT_RECORDS/,
    ],
    [
      'a policy that is not there',
      ['audit', '--scope', 'projects/1', '--policy', 'nowhere.yaml'],
      /nowhere\.yaml.*ENOENT/,
    ],
  ]
  for (const [name, args, message] of misuses) {
    it(`ends with 2 on ${name}, and says what is right`, async () => {
      const { status, out, err } = await command(args)
      assert.equal(status, 2)
      assert.match(err, message)
      assert.equal(out, '')
    })
  }

  it('says in one sentence what the machine refuses', async () => {
    await onStage(smallWorld(STANDARD), async ({ simulator }) => {
      const { status, err } = await command(['simulate', '--port', new URL(simulator.origin).port])
      assert.equal(status, 1)
      assert.match(err, /^gemini-key-audit: listen EADDRINUSE.*name another port[^\n]*\n$/)
    })
    const { status, err } = await command(['demo', '--out', 'package.json/demo'])
    assert.equal(status, 1)
    assert.match(err, /^gemini-key-audit: ENOTDIR[^\n]*directory\n$/)
    if (!existsSync('/proc/self')) return
    const nowhere = await command(['demo', '--out', '/proc/nowhere/demo'])
    assert.equal(nowhere.status, 1)
    assert.match(nowhere.err, /^gemini-key-audit: ENOENT[^\n]*'\/proc\/nowhere'[^\n]*directory\n$/)
  })

  it('prints a table and delivers nothing, unless --deliver is given', async () => {
    await onStage(smallWorld(STANDARD), async ({ simulator, env }) => {
      const { status, out, err } = await command(['audit'], env)
      assert.deepEqual([status, err], [0, ''])
      assert.match(out, /│ ▲ +│ One +│ gemini-1/)
      assert.deepEqual([simulator.logEntries(), simulator.slackMessages()], [[], []])
    })
  })

  it('delivers like the function with --deliver', async () => {
    await onStage(smallWorld(STANDARD), async ({ simulator, env }) => {
      const { status, err } = await command(['audit', '--deliver'], env)
      assert.equal(status, 0)
      assert.equal(simulator.logEntries().length, 3)
      const [digest] = simulator.slackMessages()
      assert.equal(
        err,
        'Delivered: the records to logging:projects/auditor-1/logs/gemini-key-audit\n' +
          `Delivered: the digest to slack:C0456 (${digest?.ts})\n`,
      )
    })
  })

  it('says where a run is remembered, and of a delivery that failed only that', async () => {
    const archive = mkdtempSync(join(tmpdir(), 'gemini-key-audit-test-'))
    try {
      await onStage(smallWorld(STANDARD), async ({ env }) => {
        const silent = { ...env, SLACK_CHANNEL: 'C0NOWHERE' }
        const { status, err } = await command(['audit', '--deliver', '--archive', archive], silent)
        assert.equal(status, 1)
        const lines = err.trimEnd().split('\n')
        assert.deepEqual(
          lines.map((line) => line.slice(0, 25)),
          [
            `Delivered: the run to ${archive.slice(0, 3)}`,
            'Delivered: the records to',
            'Delivered: the report to ',
            'gemini-key-audit: Posting',
          ],
        )
        assert.match(lines[2] ?? '', /report\.html\)$/)
        const quiet = await command(['audit', '--deliver', '--quiet'], env)
        assert.deepEqual(quiet, { status: 0, out: '', err: '' })
      })
    } finally {
      rmSync(archive, { recursive: true })
    }
  })

  it('takes the one organization that the credentials see, where no scope is named, and says so', async () => {
    await onStage(smallWorld(STANDARD), async ({ env: { AUDIT_SCOPE: _, ...env } }) => {
      const { status, out, err } = await command(['audit', '--format', 'json'], env)
      assert.equal(status, 0)
      assert.equal(
        err,
        'Scope: organizations/99 (small.example), the only organization that these credentials see.\n',
      )
      assert.deepEqual(JSON.parse(out).run.scope, ['organizations/99'])
      assert.equal((await command(['audit', '--quiet'], env)).err, '')
      const doctor = await command(['doctor', '--json'], env)
      assert.match(doctor.err, /^Scope: organizations\/99 /)
      const said = JSON.parse(doctor.out)
      assert.deepEqual(said.scope, ['organizations/99'])
      assert.equal(
        said.checks.find(({ check }: { check: string }) => check === 'organizationsSearch').result,
        'works',
      )
    })
  })

  it('asks for a scope where the credentials see no organization, several, or cannot look', async () => {
    const two = ['organizations/1', 'organizations/2'].map((name) => ({
      name,
      displayName: `${name}.example`,
    }))
    const answers = [
      [{ status: 200, body: {} }, /the credentials see no organization; name what is audited/],
      [
        { status: 200, body: { organizations: two } },
        /see 2 organizations \(organizations\/1 and organizations\/2\); name those/,
      ],
      [{ status: 200, body: { organizations: [{ name: 'x' }] } }, /MALFORMED\); name what is audited/],
      [
        { status: 401, body: { error: { code: 401, status: 'UNAUTHENTICATED', message: 'No.' } } },
        /no usable credentials \(UNAUTHENTICATED\); .*gcloud auth application-default login/,
      ],
    ] as const
    for (const [answer, says] of answers) {
      const gate: Gate = (call, next) =>
        call.operation === 'cloudresourcemanager.organizations.search' ? Promise.resolve(answer) : next()
      await onStage(
        smallWorld(STANDARD),
        async ({ env: { AUDIT_SCOPE: _, ...env } }) => {
          for (const name of ['audit', 'doctor']) {
            const { status, out, err } = await command([name], env)
            assert.deepEqual([status, out], [2, ''])
            assert.match(err, /AUDIT_SCOPE \(--scope\) is required: /)
            assert.match(err, says)
          }
        },
        { gates: [gate] },
      )
    }
  })

  it('names the variable whose file of credentials is missing', async () => {
    const before = process.env['GOOGLE_APPLICATION_CREDENTIALS']
    process.env['GOOGLE_APPLICATION_CREDENTIALS'] = '/nowhere/key.json'
    try {
      const { status, err } = await command(['audit', '--scope', 'organizations/99'])
      assert.equal(status, 1)
      assert.match(
        err,
        /GOOGLE_APPLICATION_CREDENTIALS names \/nowhere\/key\.json, which cannot be read \(ENOENT\)/,
      )
      assert.doesNotMatch(err, /doctor/)
    } finally {
      if (before === undefined) delete process.env['GOOGLE_APPLICATION_CREDENTIALS']
      else process.env['GOOGLE_APPLICATION_CREDENTIALS'] = before
    }
  })

  it('previews the digest and its thread as text, with nothing sent', async () => {
    await onStage(await acme(), async ({ simulator, env }) => {
      const { status, out, err } = await command(['audit', '--preview-slack', '--policy', ACME_POLICY], env)
      assert.deepEqual([status, err], [0, ''])
      assert.match(out, /^Incomplete/)
      assert.ok(out.split('\n---\n').length > 2)
      assert.doesNotMatch(out, /block-kit-builder|"blocks"/)
      assert.deepEqual([simulator.logEntries(), simulator.slackMessages()], [[], []])
    })
  })

  it('previews the digest as JSON that Slack takes, and its link, with nothing sent', async () => {
    await onStage(await acme(), async ({ simulator, env }) => {
      const { status, out, err } = await command(
        ['audit', '--preview-slack=json', '--policy', ACME_POLICY],
        env,
      )
      assert.deepEqual([status, err], [0, ''])
      assert.deepEqual([simulator.logEntries(), simulator.slackMessages()], [[], []])
      const [json = '', link = ''] = out.split(/\n\n(?=https:)/)
      const { text, blocks } = JSON.parse(json)
      const [builder, payload = ''] = link.trim().split('#')
      assert.equal(builder, 'https://app.slack.com/block-kit-builder/')
      assert.deepEqual(JSON.parse(decodeURIComponent(payload)), { blocks })
      const posted = await fetch(`${simulator.slackUrl}chat.postMessage`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          authorization: `Bearer ${env['SLACK_BOT_TOKEN']}`,
        },
        body: JSON.stringify({ channel: env['SLACK_CHANNEL'], text, blocks }),
      })
      assert.equal(((await posted.json()) as { ok: boolean }).ok, true)
    })
  })

  it('writes the report to a file, and ends with 1 where it cannot', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'report-'))
    try {
      await onStage(smallWorld(STANDARD), async ({ env }) => {
        const file = join(directory, 'some', 'report.html')
        assert.equal((await command(['audit', '--quiet', '--report', file], env)).status, 0)
        assert.match(readFileSync(file, 'utf8'), /^<!doctype html>/)
        assertPrivate(join(directory, 'some'))
        const refused = await command(['audit', '--quiet', '--report', directory], env)
        assert.equal(refused.status, 1)
        assert.match(refused.err, /Writing the report to .* failed: .*EISDIR/)
      })
    } finally {
      rmSync(directory, { recursive: true })
    }
  })

  it('writes several forms of one run, and refuses a form that it does not know', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'outputs-'))
    try {
      await onStage(smallWorld(STANDARD), async ({ env }) => {
        const file = (name: string) => join(directory, name)
        const outputs = [
          ['csv', 'keys.csv'],
          ['ndjson', 'records.ndjson'],
          ['json', 'run.json'],
          ['table', 'table.txt'],
          ['html', 'report.html'],
        ].flatMap(([form, name = '']) => ['--output', `${form}=${file(name)}`])
        const { status, out } = await command(['audit', ...outputs], env)
        assert.equal(status, 0)
        assertPrivate(directory)
        const text = (name: string) => readFileSync(file(name), 'utf8')
        const { run, keys } = JSON.parse(text('run.json'))
        const records = text('records.ndjson').trimEnd().split('\n')
        assert.deepEqual(JSON.parse(records.at(-1) ?? ''), run)
        for (const { key } of keys) assert.ok(text('keys.csv').includes(key.name))
        assert.equal(text('table.txt').split('\n')[0], out.split('\n')[0])
        assert.match(text('report.html'), /^<!doctype html>/)
        const refused = await command(['audit', '--output', 'sarif=x.json'], env)
        assert.equal(refused.status, 2)
        assert.match(
          refused.err,
          /It must be FORMAT=FILE, with one of table, json, ndjson, csv, ocsf, html\./,
        )
      })
    } finally {
      rmSync(directory, { recursive: true })
    }
  })

  it('prints nothing with --quiet but data that is asked for', async () => {
    await onStage(smallWorld(STANDARD), async ({ env }) => {
      assert.deepEqual(await command(['audit', '--quiet'], env), { status: 0, out: '', err: '' })
      const { out, err } = await command(['audit', '--quiet', '--format', 'csv'], env)
      assert.match(out, /^audit,run,asOf,/)
      assert.equal(err, '')
      const found = await command(['audit', '--quiet', '--fail-on', 'overdue'], env)
      assert.deepEqual([found.status, found.out], [3, ''])
      assert.equal(found.err, 'gemini-key-audit: --fail-on found 1 overdue key.\n')
      assert.notEqual((await command(['audit', '--quiet'], { ...env, AUDIT_SCOPE: 'acme' })).err, '')
    })
  })

  it('prints the steps and the requests with --verbose, on standard error', async () => {
    await onStage(smallWorld(STANDARD), async ({ env }) => {
      const { out, err } = await command(['audit', '--verbose', '--format', 'json'], env)
      assert.equal(JSON.parse(out).keys.length, 1)
      assert.match(err, /^.+: \d+( of \d+)?\n/)
      assert.match(err, /\nRequests: \d+\n {2}\S+ \S+: \d+\n/)
    })
  })

  for (const [one, other] of [
    ['--quiet', '--verbose'],
    ['--preview-slack', '--deliver'],
  ] as const) {
    it(`takes ${one} and ${other} for a mistake together`, async () => {
      const { status, err } = await command(['audit', one, other, '--scope', 'projects/1'])
      assert.equal(status, 2)
      assert.match(err, /cannot be used with/)
    })
  }

  it('prints JSON with the run, its keys and its gaps', async () => {
    await onStage(await acme(), async ({ env }) => {
      const { out } = await command(['audit', '--format', 'json', '--policy', ACME_POLICY], env)
      const { run, keys, gaps } = JSON.parse(out)
      assert.equal(keys.length, run.counts.keys + run.counts.verdict.deleted)
      assert.deepEqual(
        new Set(gaps.map((gap: { missing: string }) => gap.missing)),
        new Set(['keys', 'type', 'usage']),
      )
      for (const verdict of VERDICTS) {
        assert.ok(
          keys.some((key: { verdict: string }) => key.verdict === verdict),
          verdict,
        )
      }
    })
  })

  it('prints NDJSON with the run record last, each line a record', async () => {
    await onStage(smallWorld(STANDARD), async ({ env }) => {
      const { out } = await command(['audit', '--format', 'ndjson'], env)
      const records = out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).record)
      assert.deepEqual(records, ['key', 'run'])
    })
  })

  it('prints CSV that a CSV parser reads, with a row for each key', async () => {
    await onStage(await acme(), async ({ env }) => {
      const { out } = await command(['audit', '--format', 'csv'], env)
      const rows: Record<string, string>[] = parse(out, { columns: true })
      assert.ok(rows.length > 100)
      assert.ok(rows.every((row) => row['uid'] && row['name']?.startsWith('projects/')))
      const texts = rows.flatMap(({ daysLeft: _, ...row }) => Object.values(row))
      assert.deepEqual(
        texts.filter((cell) => /^[=+\-@\t\r]/.test(cell)),
        [],
      )
      assert.ok(rows.some((row) => row['displayName']?.startsWith("'=HYPERLINK(")))
    })
  })

  it('takes a flag before a variable', async () => {
    await onStage(smallWorld(STANDARD), async ({ env }) => {
      const { out } = await command(['audit', '--scope', 'projects/gemini-1', '--format', 'json'], env)
      assert.deepEqual(JSON.parse(out).run.scope, ['projects/gemini-1'])
    })
  })

  const found: [string, string, number][] = [
    ['overdue', STANDARD, 3],
    ['due', STANDARD, 0],
    ['unknown', STANDARD, 0],
    ['gap', STANDARD, 0],
    ['due,overdue', STANDARD, 3],
    ['overdue', '[]', 0],
  ]
  for (const [what, keys, expected] of found) {
    it(`ends with ${expected} on --fail-on ${what} for ${keys === '[]' ? 'no key' : 'an overdue key'}`, async () => {
      await onStage(smallWorld(keys), async ({ env }) => {
        assert.equal((await command(['audit', '--fail-on', what], env)).status, expected)
      })
    })
  }

  it('ends with 3 on --fail-on gap when a project cannot be read, and says so first', async () => {
    const deny: Gate = (call, answer) =>
      call.operation === 'apikeys.keys.list'
        ? Promise.resolve({
            status: 403,
            body: { error: { code: 403, status: 'PERMISSION_DENIED', message: 'no' } },
          })
        : answer()
    await onStage(
      smallWorld(STANDARD),
      async ({ env }) => {
        const { status, out } = await command(['audit', '--fail-on', 'gap'], env)
        assert.equal(status, 3)
        assert.match(out, /^Incomplete/)
        assert.match(out, /apikeys\.keys\.list/)
        assert.equal((await command(['audit', '--fail-on', 'unknown'], env)).status, 3)
      },
      { gates: [deny] },
    )
  })

  it('ends with 1 when nothing can be read, and prints no table', async () => {
    const deny: Gate = (call, answer) =>
      /^cloud/.test(call.operation)
        ? Promise.resolve({
            status: 403,
            body: { error: { code: 403, status: 'PERMISSION_DENIED', message: 'no' } },
          })
        : answer()
    await onStage(
      smallWorld(STANDARD),
      async ({ env }) => {
        const { status, out, err } = await command(['audit'], env)
        assert.deepEqual([status, out], [1, ''])
        assert.match(err, /^gemini-key-audit: .*organizations\/99/)
      },
      { gates: [deny] },
    )
  })

  it('ends with 1 when Slack refuses the digest, after printing the table', async () => {
    await onStage(smallWorld(STANDARD), async ({ env }) => {
      const { status, out, err } = await command(['audit', '--deliver'], {
        ...env,
        SLACK_CHANNEL: 'C0NOWHERE',
      })
      assert.equal(status, 1)
      assert.match(out, /overdue/)
      assert.match(err, /channel_not_found/)
    })
  })
})

describe('the demo', () => {
  const out = mkdtempSync(join(tmpdir(), 'gemini-key-audit-test-'))
  after(() => rmSync(out, { recursive: true }))

  it('shows the digest and a key of every verdict, and leaves what was delivered in files', async () => {
    const { status, out: text, err } = await command(['demo', '--out', out])
    assertPrivate(out)
    assert.deepEqual([status, err], [0, ''])
    assert.match(text, /What Slack got\n\nIncomplete/)
    for (const verdict of VERDICTS) {
      assert.match(text, new RegExp(`│ ${VERDICT_MARKS[verdict].replace('?', '\\?')} `))
    }
    const records = readFileSync(join(out, 'records.ndjson'), 'utf8').trimEnd().split('\n')
    assert.equal(JSON.parse(records.at(-1) ?? '').record, 'run')
    assert.ok(JSON.parse(readFileSync(join(out, 'slack.json'), 'utf8')).length > 1)
    for (const file of ['records.ndjson', 'keys.csv', 'slack.json', 'policy.yaml']) {
      assert.ok(text.includes(join(out, file)), file)
    }
  })
})
