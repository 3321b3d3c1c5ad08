import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Asked } from './asked.js'

type Env = Readonly<Record<string, string>>

/** What one measured process took. */
export interface Measured {
  /** From after loading its code until its work was done. */
  readonly milliseconds: number
  /** Of all its threads, in the same time, in milliseconds: does not grow while other processes are at work. */
  readonly cpu: number
  /** Highest resident set size, as the operating system counted it. */
  readonly peakMiB: number
}

/** Runs a script of `measured/` by plain Node; its last line of output is its measurement. */
export async function measure(script: string, env: Env): Promise<Measured> {
  const child = spawn(process.execPath, [new URL(`measured/${script}`, import.meta.url).pathname], {
    env: { ...process.env, METADATA_SERVER_DETECTION: 'none', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${script} ended with ${code}`)
  return JSON.parse(output.trim().split('\n').at(-1) ?? '')
}

/** The simulator in a process of its own. */
export class Simulator {
  readonly #process: ChildProcess
  readonly origin: string
  /** The organization, as a scope. */
  readonly scope: string
  /** The number of the caller's project. */
  readonly project: string

  private constructor(process: ChildProcess, started: Pick<Simulator, 'origin' | 'scope' | 'project'>) {
    this.#process = process
    this.origin = started.origin
    this.scope = started.scope
    this.project = started.project
  }

  static async start(env: Env, script = 'simulator.ts'): Promise<Simulator> {
    const child = fork(new URL(script, import.meta.url).pathname, {
      env: { ...process.env, ...env },
      execArgv: ['--import', 'tsx', '--max-old-space-size=8192'],
    })
    const [started] = await once(child, 'message')
    return new Simulator(child, started)
  }

  /** From now on only what comes in later is counted. */
  forget(): void {
    this.#process.send('forget')
  }

  async asked(): Promise<Asked> {
    const answer = once(this.#process, 'message')
    this.#process.send('tell')
    const [asked] = await answer
    return asked
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit')
    this.#process.send('stop')
    await ended
  }
}
