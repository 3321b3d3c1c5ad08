import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** What one measured process took. */
export interface Measured {
  /** From after loading its code until its work was done. */
  readonly milliseconds: number
  /** Highest resident set size of the process, as the operating system counted it. */
  readonly peakMiB: number
}

/** Runs a script of this folder in a process of its own; its last line of output is its measurement. */
export async function measure(script: string, env: Readonly<Record<string, string>>): Promise<Measured> {
  const child = spawn(process.execPath, ['--import', 'tsx', new URL(script, import.meta.url).pathname], {
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

/** Called by a measured script when its work is done. */
export function done(startedAt: number): void {
  const milliseconds = Math.round(performance.now() - startedAt)
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024)
  process.stdout.write(`${JSON.stringify({ milliseconds, peakMiB })}\n`)
}
