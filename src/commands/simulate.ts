import type { Enforced, SimulatorOptions } from '../../simulator/simulator.js'
import { commandLine } from '../policy/shell.js'
import { SAMPLE_WORLD, settingsFor, startWorld } from './sample.js'
import { EXIT, type ExitStatus, type Terminal, write } from './terminal.js'

export interface SimulateFlags {
  readonly port: number
  readonly world?: string
  /** Seconds of the quota's minute; true for 60. */
  readonly quota?: number | true
  /** Milliseconds. */
  readonly latency?: number
  readonly fault?: readonly string[]
  readonly seed?: number
}

/** `gemini-key-audit simulate`: serves a simulated organization until it is interrupted. */
export async function runSimulate(flags: SimulateFlags, terminal: Terminal): Promise<ExitStatus> {
  const simulator = await startWorld(flags.world ?? SAMPLE_WORLD, terminal.now, {
    port: flags.port,
    enforce: enforcedBy(flags),
    ...faultsBy(flags),
  })
  const lines = Object.entries(settingsFor(simulator)).map(
    ([variable, value]) => `export ${commandLine(`${variable}=${value}`)}`,
  )
  await write(terminal.out, `${lines.join('\n')}\n`)
  // listens before it says how to end it
  const end = interrupted()
  await write(
    terminal.err,
    `Serving ${simulator.world.organization.domain} on ${simulator.origin}; end it with Ctrl+C.\n`,
  )
  await end
  await simulator.stop()
  return EXIT.done
}

/** What of the simulator's options the flags for faults say. */
export function faultsBy({
  fault,
  seed,
}: Pick<SimulateFlags, 'fault' | 'seed'>): Pick<SimulatorOptions, 'faults' | 'seed'> {
  return { ...(fault && { faults: fault }), ...(seed !== undefined && { seed }) }
}

function enforcedBy({ quota, latency }: SimulateFlags): Enforced {
  return {
    ...(quota !== undefined && { quota: quota === true ? {} : { minute: quota } }),
    ...(latency !== undefined && { latency }),
  }
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}
