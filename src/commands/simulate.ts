import { FAULT_FORM, WHICH } from '../../simulator/gates/fault-rule.js'
import { SETTINGS } from '../../simulator/gates/fault-settings.js'
import { FAULTS } from '../../simulator/gates/faults.js'
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
  /** The address to which changes are reported, made through the simulated APIs. */
  readonly events?: string
}

/** `gemini-key-audit simulate`: serves a simulated organization until it is interrupted. */
export async function runSimulate(flags: SimulateFlags, terminal: Terminal): Promise<ExitStatus> {
  const simulator = await startWorld(flags.world ?? SAMPLE_WORLD, terminal.now, {
    port: flags.port,
    enforce: enforcedBy(flags),
    ...faultsBy(flags),
    ...(flags.events !== undefined && { events: { url: flags.events } }),
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

/** What help says about `--fault`: every form, fault and setting. */
export function faultHelp(): string {
  const settings = Object.entries(SETTINGS).map(([name, { argument, says }]): [string, string] => [
    `${name}=${argument}`,
    says,
  ])
  const faults = Object.entries(FAULTS).map(([name, fault]): [string, string] => {
    const its = fault.settings.length > 0 ? ` (${fault.settings.join(', ')})` : ''
    return [name, fault.says + its]
  })
  return `
Faults: --fault ${FAULT_FORM}
  OPERATION is one as the simulator names it, such as apikeys.keys.list, logging.entries.write or
  slack.chat.postMessage; * stands for any text. An operation that is not there is answered with the list.
  Each rule counts the requests that it means; one that refuses keeps them from the rules behind it.

  npx gemini-key-audit simulate --fault apikeys.keys.list=429@1-2,retry-after=1
  npx gemini-key-audit simulate --fault 'storage.objects.*=503@25%' --seed 7
  npx gemini-key-audit simulate --fault monitoring.timeSeries.list=denied,on=projects/acme-web

FAULT is one of
${rows(faults)}

WHICH requests get it; without it all of them
${rows(Object.entries(WHICH))}

SETTING
${rows(settings)}`
}

function rows(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2
  return rows.map(([name, says]) => `  ${name.padEnd(width)}${says}`).join('\n')
}
