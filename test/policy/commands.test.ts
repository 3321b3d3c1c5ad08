import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { quote } from 'shlex'
import { parse } from 'yaml'
import type { Key, Restrictions } from '../../src/model.js'
import { withoutOpenClients } from '../../src/policy/clients.js'
import { judge } from '../../src/policy/judge.js'
import { builtInPolicy } from '../../src/policy/policy.js'
import { hygieneSteps } from '../../src/policy/remedies/account-ways.js'
import {
  clearAndRestore,
  createAuthKey,
  deleteKey,
  restoreRestrictions,
  restrictKey,
  undeleteKey,
} from '../../src/policy/remedies/gcloud.js'
import { remedyFor } from '../../src/policy/remedies.js'
import { commandLine } from '../../src/policy/shell.js'
import { keys, restrictions } from './arbitraries.js'
import { HYGIENE_SITUATIONS } from './hygiene-situations.js'
import { day, facts, KEY, PROJECT, TODAY, targets, UNRESTRICTED } from './keys.js'
import { SITUATIONS } from './situations.js'

/** One call of gcloud: its words, and what it was given as input where it asked for some. */
interface Call {
  readonly words: readonly string[]
  readonly input: string
}

/** Stands in for gcloud: notes each call, and prints what the remedies make use of. */
const GCLOUD = `#!/bin/sh
{ printf '%s\\037' "$@"
  printf '\\035'
  case " $* " in *' --flags-file=- '*|*' --data-file=- '*) cat;; esac
  printf '\\036'; } >>"$CALLS"
case "$*" in
  'projects describe'*) echo acme-found;;
  *'api-keys create'*) echo AQ.the-string; echo 'Result: {"keyString": "AQ.the-string"}' >&2;;
esac
`

describe('The commands of the remedies', () => {
  const folder = mkdtempSync(join(tmpdir(), 'remedies-'))
  const log = join(folder, 'calls')

  before(() => {
    writeFileSync(join(folder, 'gcloud'), GCLOUD)
    chmodSync(join(folder, 'gcloud'), 0o755)
  })

  after(() => rmSync(folder, { recursive: true }))

  /** What a POSIX shell makes of a command, and which calls of gcloud. */
  function run(command: string | undefined): { calls: readonly Call[]; printed: string } {
    assert.ok(command !== undefined)
    writeFileSync(log, '')
    const env = { PATH: `${folder}:${process.env['PATH']}`, CALLS: log, TMPDIR: folder }
    const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { env, encoding: 'utf8' })
    assert.equal(status, 0, stderr)
    const calls = readFileSync(log, 'utf8').split('\x1e').slice(0, -1)
    return { calls: calls.map(callOf), printed: stdout + stderr }
  }

  function callOf(text: string): Call {
    const [words = '', input = ''] = text.split('\x1d')
    return { words: words.split('\x1f').slice(0, -1), input }
  }

  const keyWith = (difference: Partial<Restrictions>): Key => ({
    ...KEY,
    restrictions: { ...UNRESTRICTED, ...difference },
  })

  it('restate every restriction in an update, targets and clients', () => {
    const key = keyWith({
      allowedApplications: [
        { sha1Fingerprint: 'AA:BB', packageName: 'com.acme' },
        { sha1Fingerprint: 'CC:DD', packageName: 'com.acme.beta' },
      ],
    })
    const { calls } = run(restrictKey(key, targets('a.googleapis.com', 'b.googleapis.com')))
    assert.deepEqual(calls, [
      {
        words: [
          ...['services', 'api-keys', 'update', KEY.name],
          ...['--api-target=service=a.googleapis.com', '--api-target=service=b.googleapis.com'],
          '--allowed-application=sha1_fingerprint=AA:BB,package_name=com.acme',
          '--allowed-application=sha1_fingerprint=CC:DD,package_name=com.acme.beta',
        ],
        input: '',
      },
    ])
  })

  it('name the flags of newer releases in comments that every shell passes over', () => {
    const lines = (restrictKey(KEY, targets('a.googleapis.com')) ?? '').split('\n')
    const comments = lines.filter((line) => line.startsWith('# '))
    assert.match(comments.join(), /--append/)
    assert.match(comments.join(), /release 584 .*--no-check-existing-usage/)
    // zsh takes a pasted comment for a command, which fails harmlessly as long as nothing in it is special.
    for (const comment of comments) assert.match(comment, /^# [\w ,.:-]+$/)
  })

  it('give methods and whatever means something to gcloud in a flags file', () => {
    const key = keyWith({ allowedReferrers: ['https://a.example/*', 'x,y', '^:^z', 'two words'] })
    const methods = ['Get*', 'it\'s, "so"']
    const { calls } = run(restrictKey(key, [{ service: 'a.googleapis.com', methods }]))
    assert.deepEqual(calls[0]?.words.slice(4), ['--flags-file=-'])
    assert.deepEqual(parse(calls[0]?.input ?? ''), [
      { '--api-target': { service: 'a.googleapis.com', methods } },
      { '--allowed-referrers': key.restrictions.allowedReferrers },
    ])
  })

  it('show what cannot be printed, so that pasting it sends nothing to a terminal', () => {
    const hostile = '\nEND_OF_INPUT\na\u001b[2J\u0007b\u009b\u2028c\u007f'
    const command = restrictKey(keyWith({ allowedReferrers: [hostile] }), [])
    assert.doesNotMatch((command ?? '').replaceAll('\n', ''), /\p{Cc}|\u2028/u)
    assert.deepEqual(parse(run(command).calls[0]?.input ?? ''), [{ '--allowed-referrers': [hostile] }])
  })

  it('restate whatever the cloud holds, to the letter, but for lists that admit any client', () => {
    fc.assert(
      fc.property(restrictions, (all) => {
        const { calls } = run(restrictKey({ ...KEY, restrictions: all }, all.apiTargets))
        assert.deepEqual(calls.length, 1)
        assert.deepEqual(restated(calls[0] ?? assert.fail()), withoutOpenClients(all))
      }),
      { numRuns: 60 },
    )
  })

  it('lead back to the restrictions of before', () => {
    const servers = { allowedIps: ['192.0.2.1', '192.0.2.2'] }
    const words = (difference: Partial<Restrictions>) =>
      run(restoreRestrictions(keyWith(difference))).calls.map((call) => call.words.slice(3))
    assert.deepEqual(words({}), [[KEY.name, '--clear-restrictions']])
    assert.deepEqual(words(servers), [
      [KEY.name, '--clear-restrictions'],
      [KEY.name, '--allowed-ips=192.0.2.1,192.0.2.2'],
    ])
    assert.deepEqual(words({ ...servers, apiTargets: targets('cloudapis.googleapis.com') }), [
      [KEY.name, '--api-target=service=cloudapis.googleapis.com', '--allowed-ips=192.0.2.1,192.0.2.2'],
    ])
  })

  it('take every other restriction away before they lead back from one to other clients', () => {
    const words = (difference: Partial<Restrictions>) =>
      run(clearAndRestore(keyWith(difference))).calls.map((call) => call.words.slice(3))
    assert.deepEqual(words({}), [[KEY.name, '--clear-restrictions']])
    assert.deepEqual(words({ apiTargets: targets('a.googleapis.com') }), [
      [KEY.name, '--clear-restrictions'],
      [KEY.name, '--api-target=service=a.googleapis.com'],
    ])
  })

  it('are not given where they would leave clients out', () => {
    const cut = keyWith({ allowedIps: ['192.0.2.1'], clientCount: 2 })
    for (const command of [restrictKey(cut, []), restoreRestrictions(cut), clearAndRestore(cut)]) {
      assert.equal(command, undefined)
    }
    assert.doesNotMatch(createAuthKey(cut, PROJECT), /--allowed-ips/)
  })

  it('pass on no list of clients that admits any client', () => {
    const open = keyWith({ allowedIps: ['0.0.0.0/0', '192.0.2.1'] })
    const words = [createAuthKey(open, PROJECT), restrictKey(open, targets('a.googleapis.com'))].flatMap(
      (command) => run(command).calls.flatMap((call) => call.words),
    )
    assert.deepEqual(
      words.filter((word) => word.startsWith('--allowed')),
      [],
    )
  })

  it('create an auth key whose string goes to Secret Manager alone', () => {
    const { calls, printed } = run(createAuthKey(keyWith({ allowedIps: ['192.0.2.1'] }), PROJECT))
    const [create, store] = calls.toSorted(
      (a, b) => (a.words[0] === 'beta' ? -1 : 1) - (b.words[0] === 'beta' ? -1 : 1),
    )
    assert.deepEqual(create?.words, [
      ...[
        'beta',
        'services',
        'api-keys',
        'create',
        '--project=acme-web',
        '--display-name=Search suggestions (auth)',
      ],
      ...['--api-target=service=generativelanguage.googleapis.com', '--allowed-ips=192.0.2.1'],
      '--service-account=gemini-key-1b4e28ba@acme-web.iam.gserviceaccount.com',
      '--format=value(response.keyString)',
    ])
    assert.deepEqual(store?.words.slice(0, 3), ['secrets', 'create', 'gemini-key-1b4e28ba'])
    assert.equal(store?.input, 'AQ.the-string')
    assert.doesNotMatch(printed, /the-string/)
    const left = printed.trim()
    assert.ok(left.startsWith(folder) && existsSync(left), left)
    assert.deepEqual(readdirSync(left), [])
  })

  it('ask gcloud for the ID of a project of which only the number is known', () => {
    const { calls } = run(createAuthKey(KEY, { ...PROJECT, id: PROJECT.number }))
    const words = calls.flatMap((call) => call.words)
    assert.ok(words.includes('--project=acme-found'))
    assert.ok(words.includes('--service-account=gemini-key-1b4e28ba@acme-found.iam.gserviceaccount.com'))
    assert.ok(!words.includes('--project=123'))
  })

  it('know the service accounts of projects with a domain in their ID', () => {
    const { calls } = run(createAuthKey(KEY, { ...PROJECT, id: 'acme.example:web' }))
    const words = calls.flatMap((call) => call.words)
    assert.ok(
      words.includes('--service-account=gemini-key-1b4e28ba@web.acme.example.iam.gserviceaccount.com'),
    )
  })

  it('name new things with characters that are allowed, however hostile the old names are', () => {
    fc.assert(
      fc.property(keys, (key) => {
        fc.pre(!key.name.includes('\0'))
        const words = run(createAuthKey(key, PROJECT)).calls.flatMap((call) => call.words)
        const named = (flag: string) => words.find((word) => word.startsWith(flag))?.slice(flag.length) ?? ''
        assert.match(
          named('--service-account='),
          /^gemini-key-[a-z0-9]{1,8}@acme-web\.iam\.gserviceaccount\.com$/,
        )
        assert.match(named('--display-name='), /^[\p{L}\p{N} ._-]{1,50} \((?:auth|own account)\)$/u)
      }),
      { numRuns: 40 },
    )
  })

  it('say nothing but what fails where the answer may hold a key string', () => {
    for (const command of [deleteKey(KEY), undeleteKey(KEY)]) {
      assert.deepEqual(run(command).calls[0]?.words.slice(3), [KEY.name, '--no-user-output-enabled'])
    }
  })

  it('are taken by bash as well, those inside of sentences too', () => {
    const script = join(folder, 'commands.sh')
    const commands = commandsOfAll()
    writeFileSync(script, commands.join('\n'))
    const { status, stderr } = spawnSync('bash', ['-n', script], { encoding: 'utf8' })
    assert.equal(status, 0, stderr)
    assert.ok(commands.some((command) => command.startsWith('gcloud services api-keys undelete')))
  })

  const isInstalled = spawnSync('sh', ['-c', 'command -v gcloud']).status === 0
  const byGcloud = isInstalled
    ? 'are taken by gcloud’s own parser'
    : 'by gcloud’s own parser: gcloud is not installed'

  ;(isInstalled ? it : it.skip)(byGcloud, () => {
    const calls = commandsOfAll().flatMap((command) => run(command).calls)
    const lines = new Set(calls.map(({ words }) => ['gcloud', ...words].map(quote).join(' ')))
    assert.ok(lines.size > 10)
    const verdicts = lint([...lines], folder)
    assert.equal(verdicts.length, lines.size)
    for (const { command_string: line, success, error_message: why } of verdicts) {
      assert.ok(success, `${line}: ${why}`)
    }
  }).timeout(120_000)
})

/** Every command of every situation once, those that end a sentence included. */
function commandsOfAll(): readonly string[] {
  const ofDeadlines = SITUATIONS.flatMap(({ key, policy = builtInPolicy(), asOf = TODAY }) => {
    const judged = facts(key, day(asOf))
    const { steps } = remedyFor(judged, judge(judged, policy, day(asOf)), policy)
    return steps
  })
  const ofHygiene = HYGIENE_SITUATIONS.flatMap(({ id, key }) => hygieneSteps(id, facts(key)))
  const commands = [...ofDeadlines, ...ofHygiene].flatMap(({ say, command }) => [
    command ?? '',
    /\bgcloud [a-z].*$/.exec(say)?.[0] ?? '',
  ])
  return [...new Set(commands)].filter((command) => command !== '')
}

/** The restrictions that an update sets, as gcloud reads its flags. */
function restated({ words, input }: Call): Restrictions {
  const fromFile = words.includes('--flags-file=-') ? ((parse(input) ?? []) as Record<string, unknown>[]) : []
  const flags = fromFile.length > 0 ? fromFile.flatMap(Object.entries<unknown>) : words.slice(4).map(flagOf)
  const lists = (flag: string) =>
    flags.filter(([name]) => name === flag).flatMap(([, value]) => value as string[])
  const mappings = (flag: string) =>
    flags.filter(([name]) => name === flag).map(([, value]) => value as Record<string, never>)
  return {
    apiTargets: mappings('--api-target').map(({ service = '', methods = [] }) => ({ service, methods })),
    allowedReferrers: lists('--allowed-referrers'),
    allowedIps: lists('--allowed-ips'),
    allowedApplications: mappings('--allowed-application').map((application) => ({
      sha1Fingerprint: application['sha1_fingerprint'] ?? '',
      packageName: application['package_name'] ?? '',
    })),
    allowedBundleIds: lists('--allowed-bundle-ids'),
  }
}

function flagOf(word: string): [name: string, value: unknown] {
  const [, name = '', value = ''] = /^(--[^=]+)=(.*)$/.exec(word) ?? []
  const parts = value.split(',')
  if (name !== '--api-target' && name !== '--allowed-application') return [name, parts]
  return [
    name,
    Object.fromEntries(
      parts.map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
    ),
  ]
}

/** What gcloud’s own parser says of commands; it sends nothing. */
function lint(lines: readonly string[], folder: string) {
  const commands = join(folder, 'commands.json')
  writeFileSync(commands, JSON.stringify(lines.map((line) => ({ command_string: line }))))
  const env = { ...process.env, CLOUDSDK_CONFIG: folder, CLOUDSDK_CORE_DISABLE_PROMPTS: '1' }
  const line = commandLine('gcloud', 'meta', 'lint-gcloud-commands', `--commands-file=${commands}`)
  const { stdout, status, stderr } = spawnSync('sh', ['-c', line], {
    env,
    encoding: 'utf8',
    maxBuffer: 1e9,
  })
  assert.equal(status, 0, stderr)
  return JSON.parse(stdout) as { command_string: string; success: boolean; error_message: string | null }[]
}
