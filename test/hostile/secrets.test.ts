import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { inspect } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { type Simulator, startSimulator } from '../../simulator/simulator.js'
import type { Gate, Outcome } from '../../simulator/wire/call.js'
import { main } from '../../src/commands/main.js'
import { settingsFor } from '../../src/commands/sample.js'
import { attempt } from '../../src/run/attempt.js'
import { ACME_POLICY, acme, callFunction, NOW } from '../end-to-end/stage.js'

/** What must never come out, each with a part that is like nothing else. */
const ACCESS = 'ya29.a0MARKEDaccess7Xw3kQ9zPq2LmN8vRt5YbHc1DfGj4KsWe6UiOpZ'
const KEY_STRING = 'AIzaSyMARKEDkeystring0123456789ABCDEFGH'
const AUTH_KEY = 'AQ.Ab8RMARKEDauthkey0123456789abcdefghijklmnopqrstuv'
const SLACK = 'xoxb-1234567890-MARKEDslack-AbCdEfGhIjKlMnOpQrStUvWx'
const ALL = [ACCESS, KEY_STRING, AUTH_KEY, SLACK]

/** The part of a secret that no pattern of ours keeps, as it is, and as base64 and URLs write it. */
function formsOf(secret: string): readonly string[] {
  const core = secret.slice(secret.indexOf('MARKED'))
  const shifted = [0, 1, 2].map((offset) =>
    Buffer.from(`${'x'.repeat(offset)}${core}`)
      .toString('base64')
      .slice(4, 28),
  )
  const coded = [...core].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('')
  return [core.slice(0, 12), ...shifted, coded.slice(0, 36), Buffer.from(core).toString('hex').slice(0, 24)]
}

const FORMS = ALL.flatMap(formsOf)

/** A sentence that repeats every secret in every form, as a server or proxy that logs requests may. */
const ECHO = [
  `Request had Authorization: Bearer ${ACCESS} and key=${KEY_STRING} and ${AUTH_KEY} and token ${SLACK}`,
  ...ALL.map((secret) => Buffer.from(secret).toString('base64')),
  ...ALL.map((secret) => encodeURIComponent(`Bearer ${secret}`)),
].join(' ')

const headers = {
  'x-echo': ECHO,
  'www-authenticate': `Bearer realm="${ACCESS}"`,
  'x-goog-api-key': KEY_STRING,
}

/** Every object of an answer with a key string beside what it has. */
function withKeyStrings(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withKeyStrings)
  if (typeof value !== 'object' || value === null) return value
  const inner = Object.entries(value).map(([name, each]) => [name, withKeyStrings(each)])
  return { ...Object.fromEntries(inner), keyString: KEY_STRING, authKeyString: AUTH_KEY }
}

/** Lists of what Google leaves empty must not become lists by what is added. */
const LISTINGS = /^(apikeys\.keys\.list|cloudasset\.)/

/** Puts secrets into whatever is answered. */
const echoing: Gate = async (call, real) => {
  const outcome: Outcome = await real()
  if (!('status' in outcome)) return outcome
  const { body } = outcome
  const isError = outcome.status >= 400
  const changed = isError ? { error: errorWith(body) } : LISTINGS.test(call.operation) ? keysWith(body) : body
  return { ...outcome, headers: { ...outcome.headers, ...headers }, body: changed }
}

function errorWith(body: unknown): object {
  const error = Object(Object(body)['error'])
  return { ...error, message: `${error.message} ${ECHO}`, token: SLACK, authorization: ACCESS }
}

function keysWith(body: unknown): unknown {
  const entries = Object.entries(Object(body))
  return Object.fromEntries(
    entries.map(([name, each]) => [name, Array.isArray(each) ? withKeyStrings(each) : each]),
  )
}

/** Refuses what is written and posted, with every secret in the refusal. */
const refusing: Gate = async (call, real) => {
  if (call.operation === 'logging.entries.write') {
    const error = { code: 403, message: ECHO, status: 'PERMISSION_DENIED', details: [] }
    return { status: 403, headers, body: { error } }
  }
  if (call.path.startsWith('/api/')) {
    return { status: 200, headers, body: { ok: false, error: 'missing_scope', needed: SLACK, token: SLACK } }
  }
  if (call.operation === 'monitoring.timeSeries.list') {
    return { status: 400, headers, body: { error: { code: 400, message: ECHO, status: ACCESS } } }
  }
  return real()
}

/** Everything that came out of runs, by where it came out. */
class Outputs {
  readonly #texts: [where: string, text: string][] = []

  add(where: string, text: string): void {
    this.#texts.push([where, text])
  }

  addValue(where: string, value: unknown): void {
    this.add(
      where,
      inspect(value, { depth: 30, showHidden: true, maxStringLength: null, maxArrayLength: null }),
    )
    this.add(`${where} as JSON`, JSON.stringify(value) ?? '')
    if (value instanceof Error && value.cause !== undefined) this.addValue(`${where}, cause`, value.cause)
  }

  addFolder(where: string, folder: string): void {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const bytes = readFileSync(join(entry.parentPath, entry.name))
      const whole = entry.name.endsWith('.gz') ? gunzipSync(bytes) : bytes
      this.add(`${where}: ${entry.name}`, whole.toString('utf8'))
    }
  }

  addSimulator(where: string, simulator: Simulator): void {
    this.add(`${where}: log`, JSON.stringify(simulator.logEntries()))
    this.add(`${where}: Slack`, JSON.stringify(simulator.slackMessages()))
    for (const { content, ...file } of simulator.slackFiles()) {
      this.add(`${where}: file`, `${JSON.stringify(file)} ${content}`)
    }
  }

  get size(): number {
    return this.#texts.length
  }

  assertWithoutSecrets(): void {
    const leaks = this.#texts.flatMap(([where, text]) =>
      FORMS.filter((form) => text.toLowerCase().includes(form.toLowerCase())).map((form) => {
        const at = text.toLowerCase().indexOf(form.toLowerCase())
        return `${where}: …${text.slice(Math.max(0, at - 80), at + 60)}…`
      }),
    )
    assert.deepEqual(leaks, [])
  }
}

describe('Secrets', function () {
  this.timeout(60_000)

  const folder = mkdtempSync(join(tmpdir(), 'secrets-'))
  let outputs: Outputs

  beforeEach(() => {
    outputs = new Outputs()
  })

  after(() => rmSync(folder, { recursive: true }))

  /** A simulator whose answers hold secrets, and the settings for it; the Slack token is a secret as well. */
  async function onStage(
    gates: readonly Gate[],
    use: (stage: { simulator: Simulator; env: Record<string, string>; archive: string }) => Promise<void>,
  ): Promise<void> {
    const world = await acme()
    const simulator = await startSimulator({ world, now: () => NOW, gates: [...gates, echoing] })
    const archive = mkdtempSync(join(folder, 'archive-'))
    const settings = {
      AUDIT_PACE: 'off',
      AUDIT_POLICY: ACME_POLICY,
      AUDIT_ARCHIVE: archive,
      SLACK_BOT_TOKEN: SLACK,
    }
    try {
      await use({ simulator, env: { ...settingsFor(simulator), ...settings }, archive })
      outputs.addSimulator('simulator', simulator)
      outputs.addFolder('archive', archive)
    } finally {
      await simulator.stop()
    }
  }

  async function command(args: readonly string[], env: Record<string, string>): Promise<string> {
    const [out, err] = [new PassThrough(), new PassThrough()]
    const texts = { out: '', err: '' }
    out.on('data', (chunk) => {
      texts.out += chunk
    })
    err.on('data', (chunk) => {
      texts.err += chunk
    })
    await main(args, { out, err, env, now: () => NOW })
    outputs.add(`stdout of ${args.join(' ')}`, texts.out)
    outputs.add(`stderr of ${args.join(' ')}`, texts.err)
    return texts.out
  }

  it('would be found in each of their forms', () => {
    for (const secret of ALL) {
      for (const text of [secret, btoa(secret), btoa(`x${secret}`), btoa(`xy${secret}`)]) {
        const seen = new Outputs()
        seen.add('test', `a ${text} b`)
        assert.throws(() => seen.assertWithoutSecrets(), secret)
      }
    }
  })

  it('are in nothing that the function answers, writes, posts or remembers', async () => {
    await onStage([], async ({ simulator, env }) => {
      const reported: unknown[] = []
      const { status, text, headers: answered } = await callFunction(env, { method: 'POST' }, reported)
      outputs.add('answer', `${text} ${JSON.stringify([...answered])}`)
      assert.deepEqual(reported, [])
      assert.equal(status, 200, text)
      assert.ok(simulator.slackFiles().length > 0 && simulator.logEntries().length > 100)
    })
    outputs.assertWithoutSecrets()
  })

  it('are in nothing that is said of deliveries and readings that fail', async () => {
    await onStage([refusing], async ({ env }) => {
      const reported: unknown[] = []
      const { status, text } = await callFunction(env, { method: 'POST' }, reported)
      outputs.add('answer', text)
      outputs.add('standard error', reported.map(String).join('\n'))
      assert.equal(status, 500)
      assert.equal(reported.length, 1)
      const outcome = await attempt({ flags: {}, env }, { now: () => NOW, deliver: true })
      assert.ok(outcome.undelivered.length > 0)
      for (const error of outcome.undelivered) outputs.addValue('undelivered', error)
      outputs.addValue('run record', outcome.run.record)
    })
    outputs.assertWithoutSecrets()
  })

  it('are in nothing that is said of a run that fails', async () => {
    const denying: Gate = async (call, real) => {
      if (call.path.startsWith('/api/') || call.operation.startsWith('logging')) return real()
      return {
        status: 403,
        headers,
        body: { error: { code: 403, message: ECHO, status: ACCESS, details: [ECHO] } },
      }
    }
    await onStage([denying], async ({ env }) => {
      const outcome = await attempt(
        { flags: {}, env: { ...env, AUDIT_POLICY: '' } },
        { now: () => NOW, deliver: true },
      )
      assert.equal(outcome.run.kind, 'failed')
      outputs.addValue('outcome', outcome)
      if (outcome.run.kind === 'failed') outputs.addValue('cause', outcome.run.cause)
      outputs.add(
        'stack',
        outcome.run.kind === 'failed' && outcome.run.cause instanceof Error
          ? `${outcome.run.cause.stack}`
          : '',
      )
    })
    outputs.assertWithoutSecrets()
  })

  it('are in nothing that the command prints or writes, in any format', async () => {
    await onStage([], async ({ env }) => {
      const report = join(mkdtempSync(join(folder, 'report-')), 'report.html')
      for (const format of ['table', 'json', 'ndjson', 'csv']) {
        assert.ok((await command(['audit', '--format', format], env)).length > 1_000)
      }
      await command(['audit', '--preview-slack', '--verbose', '--report', report], env)
      await command(['audit', '--deliver', '--quiet'], env)
      assert.match(await command(['history'], env), /complete/)
      assert.match(await command(['verify'], env), /whole/)
      await command(['doctor'], env)
      outputs.add('report', readFileSync(report, 'utf8'))
    })
    assert.ok(outputs.size > 20)
    outputs.assertWithoutSecrets()
  })

  it('are in nothing that is said of settings in the wrong place', async () => {
    const policy = join(folder, 'secret.yaml')
    writeFileSync(policy, `contact: ${ACCESS}\n${SLACK}: 1\nroutes: [{owner: x, channel: ${SLACK}}]\n`)
    const wrong: readonly Record<string, string>[] = [
      { SLACK_BOT_TOKEN: `${SLACK}\nsecond` },
      { SLACK_BOT_TOKEN: `"${SLACK}"` },
      { SLACK_CHANNEL: SLACK },
      { SLACK_API_URL: `https://${SLACK}@slack.com/api/` },
      { SLACK_API_URL: `https://slack.com/api/?token=${SLACK}` },
      { AUDIT_SCOPE: KEY_STRING },
      { AUDIT_NAME: ACCESS },
      { AUDIT_POLICY: SLACK },
      { AUDIT_POLICY: policy },
      { AUDIT_ARCHIVE: `ftp://user:${SLACK}@host/` },
      { LOG_PROJECT: AUTH_KEY },
      { GOOGLE_API_URL: `http://127.0.0.1:1/?key=${KEY_STRING}` },
      { AUDIT_AS_OF: AUTH_KEY },
    ]
    await onStage([], async ({ env }) => {
      for (const change of wrong) {
        const without = { ...env, AUDIT_ARCHIVE: '' }
        const { status, text } = await callFunction({ ...without, ...change })
        outputs.add(`answer to ${Object.keys(change)}`, text)
        const [name] = Object.keys(change)
        assert.equal(status, 500, `${name}: ${text}`)
        await command(['audit'], { ...without, ...change })
      }
    })
    outputs.assertWithoutSecrets()
  })
})
