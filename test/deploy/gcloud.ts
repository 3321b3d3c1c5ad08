import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { clockVariables } from '../clock.js'

const run = promisify(execFile)

/** Whether a program is there to be run. */
export function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
}

/** A title that says why a test is skipped. */
export function titled(title: string, program: string): string {
  return isInstalled(program) ? title : `${title}: ${program} is not installed`
}

/** A test that needs gcloud, or is skipped and says so. */
export function withGcloud(title: string, test: () => Promise<void>): Mocha.Test {
  const define = isInstalled('gcloud') ? it : it.skip
  return define(titled(title, 'gcloud'), test).timeout(600_000)
}

/** Gcloud's own environment: a configuration that is thrown away, a token that is good for nothing, no questions. */
function environment(folder: string, endpoints: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const token = join(folder, 'token')
  writeFileSync(token, 'simulated')
  return {
    ...clockVariables(),
    PATH: process.env['PATH'],
    HOME: folder,
    CLOUDSDK_CONFIG: folder,
    CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: token,
    CLOUDSDK_CORE_PROJECT: 'acme-security',
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: '1',
    CLOUDSDK_CORE_DISABLE_FILE_LOGGING: '1',
    CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: '1',
    ...Object.fromEntries(
      Object.entries(endpoints).map(([api, origin]) => [
        `CLOUDSDK_API_ENDPOINT_OVERRIDES_${api.toUpperCase()}`,
        `${origin}/`,
      ]),
    ),
  }
}

/** The real gcloud, which knows no other address for these APIs than the given ones. Rejects when it fails. */
export async function gcloud(
  words: readonly string[],
  endpoints: Readonly<Record<string, string>>,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'gcloud-'))
  try {
    return await run('gcloud', [...words], {
      env: environment(folder, endpoints),
      maxBuffer: 1e8,
      timeout: 300_000,
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Verdict {
  readonly success: boolean
  readonly error_message: string | null
}

/** The commands that gcloud's own parser refuses, with its reasons; it sends nothing. */
export async function refused(commands: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'gcloud-'))
  try {
    const file = join(folder, 'commands.json')
    const lines = [...new Set(commands)]
    writeFileSync(file, JSON.stringify(lines.map((line) => ({ command_string: line }))))
    const { stdout } = await run('gcloud', ['meta', 'lint-gcloud-commands', `--commands-file=${file}`], {
      env: environment(folder, {}),
      maxBuffer: 1e9,
    })
    const verdicts: readonly Verdict[] = JSON.parse(stdout)
    if (verdicts.length !== lines.length) throw new Error(`${verdicts.length} of ${lines.length} were parsed`)
    // gcloud repeats a command in a form of its own, in the order in which they were given
    return new Map(
      lines.flatMap((line, index) => {
        const why = verdicts[index]?.success ? null : verdicts[index]?.error_message
        return why === null ? [] : [[line, `${line}: ${why}`] as const]
      }),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
