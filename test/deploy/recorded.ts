import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { quote } from 'shlex'

/** Notes each call; answers by the first line of `answers` whose words all stand in the call, or fails with it. */
const GCLOUD = `#!/usr/bin/env bash
{ printf '%s\\037' "$@"; printf '\\036'; } >>"$CALLS"
while IFS=$'\\t' read -r words status answer; do
  if [[ " $* " == *"$words"* ]]; then printf '%b' "$answer"; exit "$status"; fi
done <"$ANSWERS"
`

/** What gcloud answers to a call that holds these words. */
export interface Answer {
  readonly to: string
  readonly with?: string
  readonly status?: number
}

export interface Recorded {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  /** The calls of gcloud, as their words. */
  readonly calls: readonly (readonly string[])[]
}

/** Puts the stand-ins for gcloud and for waiting into a folder; they want CALLS and ANSWERS in the environment. */
export function standIns(folder: string): void {
  for (const [name, script] of Object.entries({ gcloud: GCLOUD, sleep: '#!/bin/sh\n' })) {
    writeFileSync(join(folder, name), script)
    chmodSync(join(folder, name), 0o755)
  }
}

/** Runs a script with bash and with a stand-in for gcloud that notes its calls. */
export function recorded(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
  answers: readonly Answer[] = [],
): Recorded {
  const folder = mkdtempSync(join(tmpdir(), 'recorded-'))
  const CALLS = join(folder, 'calls')
  const ANSWERS = join(folder, 'answers')
  try {
    standIns(folder)
    const lines = answers.map((one) => [one.to, one.status ?? 0, (one.with ?? '').replaceAll('\n', '\\n')])
    writeFileSync(ANSWERS, lines.map((line) => `${line.join('\t')}\n`).join(''))
    const PATH = `${folder}${delimiter}${process.env['PATH']}`
    const { status, stdout, stderr } = spawnSync('bash', ['--norc', ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH, CALLS, ANSWERS, ...env },
      encoding: 'utf8',
    })
    return { status, stdout, stderr, calls: callsIn(CALLS) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function callsIn(file: string): readonly (readonly string[])[] {
  if (!existsSync(file)) return []
  const calls = readFileSync(file, 'utf8').split('\x1e').slice(0, -1)
  return calls.map((call) => call.split('\x1f').slice(0, -1))
}

/** A call as a line for people and for gcloud's parser, which misreads a flag that is quoted as a whole. */
export function lineOf(words: readonly string[]): string {
  const quoted = words.map((word) => {
    const [, flag = '', value = word] = /^(--[\w-]+=)(.*)$/s.exec(word) ?? []
    return `${flag}${quote(value)}`
  })
  return ['gcloud', ...quoted].join(' ')
}

/** The values of a call's flags, by their names; flags without a value have none. */
export function flagsOf(words: readonly string[]): Readonly<Record<string, string>> {
  const flags = words.filter((word) => word.startsWith('--'))
  return Object.fromEntries(
    flags.map((flag) => {
      const [, name = flag, value = ''] = /^(--[^=]+)=(.*)$/s.exec(flag) ?? []
      return [name, value]
    }),
  )
}
