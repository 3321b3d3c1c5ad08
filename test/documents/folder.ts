import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { standIns } from '../deploy/recorded.js'
import { UNCOVERED } from '../end-to-end/stage.js'
import { EXCEPTIONS } from './named.js'

/** `npx` without the second that each start takes: the command is this checkout's, as it is built. */
const NPX = `#!/usr/bin/env bash
[ "$1" = gemini-key-audit ] || { echo "npx $*: not of this package" >&2; exit 127; }
shift
call="$STAND_INS/$$"
if [ "$1" = simulate ]; then
  # it serves until it is interrupted: so it is, once it serves; on a free port, since others may run here
  mkfifo "$call"
  "$NODE" "$PROGRAM" "$@" --port 0 2>"$call" &
  exec 3<"$call"
  if read -r line <&3 && [[ "$line" == Serving* ]]; then kill -INT $!; else echo "$line" >&2; fi
  wait $!
  exit
fi
pwd >"$call.folder"
printf '%s\\0' "$@" >"$call.args"
env -0 >"$call.env"
exec 3<>"/dev/tcp/127.0.0.1/$SERVED"
printf '%s\\n' "$call" >&3
read -r status <&3
cat "$call.out"
cat "$call.err" >&2
exit "$status"
`

/** `npm` itself, but for what the exceptions name. */
const NPM = `#!/usr/bin/env bash
grep -Fxq -- "npm $*" "$EXCEPTIONS" && exit 0
PATH="\${PATH#*:}" exec npm "$@"
`

/** Terraform in a folder of the module that is there; nothing is made. */
const TERRAFORM = `#!/usr/bin/env bash
folder="\${1#-chdir=}"
[ -f "$folder/main.tf" ] && case "$2" in init | apply) exit 0 ;; esac
echo "terraform $*: not in a folder of the module" >&2
exit 1
`

/** Git, for packing what is checked out, which the folder is not. */
const GIT = `#!/usr/bin/env bash
[ "$1" = archive ] && [ -d "$(dirname "\${3#--output=}")" ]
`

/** What of the checkout is in the folder. */
const LINKED = [
  'cloudbuild.yaml',
  'deploy',
  'dist',
  'docs',
  'node_modules',
  'package.json',
  'scripts',
  'src',
  'worlds',
]

export interface Ran {
  /** Commands with an exit status other than 0, as they stand in the script. */
  readonly failed: readonly { readonly status: number; readonly command: string }[]
  /** Calls of gcloud, as their words. */
  readonly gcloud: readonly (readonly string[])[]
  /** Exit status of the shell itself: not 0 where it could not read the script to its end. */
  readonly status: number | null
  readonly said: string
}

/** The built program in a process that waits for the stand-in of npx. */
export class ServedProgram {
  private constructor(
    private readonly process: ChildProcess,
    readonly port: number,
  ) {}

  static async start(): Promise<ServedProgram> {
    const options = { env: { ...process.env, ...UNCOVERED }, execArgv: [] }
    const served = fork(resolve('test/documents/served.mjs'), [resolve('dist/main.js')], options)
    const [port] = await once(served, 'message')
    return new ServedProgram(served, port)
  }

  async end(): Promise<void> {
    if (this.process.kill()) await once(this.process, 'exit')
  }
}

/** A folder like a fresh checkout, in which scripts are run with stand-ins for `npx`, `npm`, `gcloud`, `terraform` and `git`. */
export class Folder {
  readonly #standIns: string
  readonly #given = new Set<string>()

  constructor(
    readonly path: string,
    private readonly port: number,
    private readonly env: Readonly<Record<string, string>>,
  ) {
    this.#standIns = join(path, '.stand-ins')
  }

  async prepare(): Promise<void> {
    await mkdir(this.#standIns)
    for (const name of LINKED) symlinkSync(resolve(name), join(this.path, name))
    standIns(this.#standIns)
    for (const [name, script] of Object.entries({ npx: NPX, npm: NPM, terraform: TERRAFORM, git: GIT })) {
      writeFileSync(join(this.#standIns, name), script)
      chmodSync(join(this.#standIns, name), 0o755)
    }
    writeFileSync(join(this.#standIns, 'exceptions'), `${Object.keys(EXCEPTIONS).join('\n')}\n`)
    writeFileSync(
      join(this.#standIns, 'answers'),
      'secrets versions access\t0\txoxb-simulated\nconfig get account\t0\tada@acme.example\n',
    )
  }

  /** Runs a script to its end, whatever fails in it. */
  async run(script: string): Promise<Ran> {
    const failures = join(this.#standIns, 'failures')
    const calls = join(this.#standIns, 'calls')
    const trap = `set -uo pipefail\ntrap 'printf "%s %s\\036" "$?" "$BASH_COMMAND" >>"$FAILURES"' ERR\n`
    const shell = spawn('bash', ['--norc', '-c', `${trap}${script}\nexit 0`], {
      cwd: this.path,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...UNCOVERED,
        ...this.env,
        PATH: `${this.#standIns}${delimiter}${process.env['PATH']}`,
        SERVED: String(this.port),
        NODE: process.execPath,
        PROGRAM: resolve('dist/cli.js'),
        STAND_INS: this.#standIns,
        EXCEPTIONS: join(this.#standIns, 'exceptions'),
        ANSWERS: join(this.#standIns, 'answers'),
        CALLS: calls,
        FAILURES: failures,
      },
    })
    const [out, err] = await Promise.all([text(shell.stdout), text(shell.stderr), once(shell, 'close')])
    return {
      failed: linesOf(failures, '\x1e').map((line) => ({
        status: Number(line.slice(0, line.indexOf(' '))),
        command: line.slice(line.indexOf(' ') + 1),
      })),
      gcloud: linesOf(calls, '\x1e').map((call) => call.split('\x1f').slice(0, -1)),
      status: shell.exitCode,
      said: `${out}${err}`,
    }
  }

  /** What has been written into the folder, by paths within it. */
  written(): readonly string[] {
    const own = new Set([...LINKED, '.stand-ins', ...this.#given])
    return readdirSync(this.path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.path.length + 1))
      .filter((path) => !own.has(path.split('/')[0] ?? ''))
  }

  /** A file that the reader has; its path. */
  give(name: string, content: string | Buffer): string {
    this.#given.add(name)
    const path = join(this.path, name)
    writeFileSync(path, content)
    return path
  }
}

function linesOf(file: string, end: string): readonly string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split(end).slice(0, -1) : []
}
