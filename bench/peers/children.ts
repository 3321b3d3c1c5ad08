import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** What one or several commands, one after the other, took and said. */
export interface Ran {
  readonly milliseconds: number
  /** The highest resident set size of any of their processes, as the operating system counted it. */
  readonly peakMiB: number
  /** How often a command was run. */
  readonly commands: number
  /** Of the commands that succeeded. */
  readonly outputs: readonly string[]
  /** What those said that failed. */
  readonly complaints: readonly string[]
}

/** Runs its arguments, and writes afterwards to descriptor 3 how much memory the largest process took, in KiB. */
const WATCHED = `
import os, resource, subprocess, sys
status = subprocess.call(sys.argv[1:])
os.write(3, str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss).encode())
sys.exit(status)
`

/** Runs commands one after the other, as a script does. */
export async function run(
  commands: Iterable<readonly string[]> | AsyncIterable<readonly string[]>,
  env: Readonly<Record<string, string>>,
): Promise<Ran> {
  const begun = performance.now()
  const outputs: string[] = []
  const complaints: string[] = []
  let peak = 0
  for await (const command of commands) {
    const { status, output, complaint, kibibytes } = await runOne(command, env)
    peak = Math.max(peak, kibibytes)
    if (status === 0) outputs.push(output)
    else complaints.push(complaint)
  }
  return {
    milliseconds: Math.round(performance.now() - begun),
    peakMiB: Math.round(peak / 1024),
    commands: outputs.length + complaints.length,
    outputs,
    complaints,
  }
}

async function runOne(command: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn('python3', ['-c', WATCHED, ...command], {
    env: { ...process.env, METADATA_SERVER_DETECTION: 'none', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const texts = [1, 2, 3].map((descriptor) => {
    const chunks: Buffer[] = []
    child.stdio[descriptor]?.on('data', (chunk: Buffer) => chunks.push(chunk))
    return chunks
  })
  const [status] = await once(child, 'close')
  const [output = '', complaint = '', kibibytes = ''] = texts.map((chunks) =>
    Buffer.concat(chunks).toString(),
  )
  return { status: Number(status), output, complaint, kibibytes: Number(kibibytes) }
}
