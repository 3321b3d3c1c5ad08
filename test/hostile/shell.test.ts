import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { split } from 'shlex'
import { flawedKey } from '../../src/inventory/gap-causes.js'
import type { JudgedKey } from '../../src/policy/judgement-types.js'
import { commandLine } from '../../src/policy/shell.js'
import { KEY } from '../policy/keys.js'
import { cases } from './cases.js'
import { INJECTIONS, names } from './names.js'
import { judgedKeys } from './records.js'

const SHELL = '/bin/bash'

/** What each program that a command may call says that it was given; nothing else can be called. */
const STAND_INS = `
PATH=/nowhere
called() { printf '%s\\0' "$#" "$@" >&3; case " $* " in *--flags-file=-*|*--data-file=-*) while IFS= read -r line; do :; done;; esac; }
gcloud() { called gcloud "$@"; }
mktemp() { printf '%s' "$PWD"; }
tr() { :; }
rm() { :; }
touch() { /usr/bin/touch "$@"; }
`

/** What comes of a script in a folder of its own: the calls of gcloud, and the files that were made. */
function run(script: string): {
  readonly calls: readonly (readonly string[])[]
  readonly files: readonly string[]
} {
  const folder = mkdtempSync(join(tmpdir(), 'hostile-'))
  try {
    const { output, stderr, status } = spawnSync(SHELL, ['--noprofile', '--norc', '-s'], {
      cwd: folder,
      encoding: 'utf8',
      input: STAND_INS + script,
      maxBuffer: 2 ** 28,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    })
    assert.equal(status, 0, stderr)
    const printed = output[3]?.split('\0').slice(0, -1) ?? []
    return { calls: [...callsOf(printed)], files: readdirSync(folder).sort() }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The calls of what `called` prints: the number of words of each, then the words, which may hold anything. */
function* callsOf(printed: readonly string[]): Generator<readonly string[]> {
  for (let at = 0; at < printed.length; ) {
    const end = at + 1 + Number(printed[at])
    yield printed.slice(at + 1, end)
    at = end
  }
}

function describeInBash(title: string, tests: () => void): void {
  if (existsSync(SHELL)) describe(title, tests)
  else describe.skip(`${title} (no ${SHELL})`, tests)
}

/** All steps of a key: its remedy, and what else is to be looked at. */
const stepsOf = ({ remedy, judgement, hygieneSteps }: JudgedKey) => [
  ...remedy.steps,
  ...(judgement.hygiene ?? []).flatMap(({ id }) => hygieneSteps(id)),
]

/** Commands as they are printed in steps: on their own, and at the end of a sentence. */
const commandsOf = (steps: readonly { readonly command?: string }[]) =>
  steps.flatMap(({ command }) => command ?? [])

describeInBash('Hostile names in commands', () => {
  it('are one word each, to the letter', () => {
    const words = fc.sample(names, cases(400)).map((name) => name.replaceAll('\0', '').toWellFormed())
    const { calls, files } = run(words.map((word) => commandLine('gcloud', word)).join('\n'))
    assert.deepEqual(
      calls,
      words.map((word) => ['gcloud', word]),
    )
    assert.deepEqual(files, [])
  })

  it('run nothing but gcloud in any remedy, and give it no option that the remedy has not', () => {
    const steps = fc.sample(judgedKeys, cases(300)).flatMap((judged) => commandsOf(stepsOf(judged)))
    assert.ok(steps.length > 100)
    const { calls, files } = run(steps.join('\n'))
    assert.ok(calls.length >= steps.length / 2)
    assert.deepEqual(
      files.filter((name) => !['key', 'log'].includes(name)),
      [],
    )
    const options = new Set(
      calls.flatMap((call) => call.filter((word) => word.startsWith('-')).map(optionOf)),
    )
    assert.deepEqual(
      [...options].filter((option) => !OPTIONS.includes(option)),
      [],
    )
  })

  it('are not sent to the terminal by pasting a command', () => {
    fc.assert(
      fc.property(judgedKeys, (judged) => {
        for (const command of commandsOf(stepsOf(judged))) {
          assert.doesNotMatch(command, /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Surrogate}]/u)
        }
      }),
      cases(300),
    )
  })

  it('are one word in what makes a gap readable', () => {
    for (const id of Object.values(INJECTIONS).flat()) {
      const { problem } = flawedKey({ ...KEY, name: `projects/1/locations/global/keys/${id}`, flaw: 'it' })
      assert.deepEqual(split(problem.advice.command ?? ''), [
        ...['gcloud', 'services', 'api-keys', 'describe'],
        `projects/1/locations/global/keys/${id}`,
      ])
    }
  })
})

/** All that remedies ask of gcloud. */
const OPTIONS: readonly string[] = [
  '--allowed-application',
  '--allowed-bundle-ids',
  '--allowed-ips',
  '--allowed-referrers',
  '--api-target',
  '--activity-type',
  '--clear-restrictions',
  '--condition',
  '--data-file',
  '--display-name',
  '--effective',
  '--enabled',
  '--filter',
  '--flags-file',
  '--format',
  '--freshness',
  '--limit',
  '--member',
  '--no-user-output-enabled',
  '--project',
  '--query-filter',
  '--replication-policy',
  '--role',
  '--service-account',
]

const optionOf = (word: string) => word.split('=')[0] ?? ''
