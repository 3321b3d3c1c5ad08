import { execFile, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { isInstalled } from '../gcloud.js'

const run = promisify(execFile)

const GOOGLE = 'registry.terraform.io/hashicorp/google'
/** Where Terraform itself looks for providers before it asks its registry. */
const MIRRORS = [
  join(homedir(), '.terraform.d/plugins'),
  '/usr/local/share/terraform/plugins',
  '/usr/share/terraform/plugins',
]
/** An executable of Google's provider for this machine, or the same packed by xz. */
const PROVIDER = process.env['TERRAFORM_PROVIDER_GOOGLE'] ?? ''

const MINUTE = 60_000

/** Why nothing can be checked with Terraform here; undefined where it can. */
function missing(): string | undefined {
  if (!isInstalled('terraform')) return 'terraform is not installed'
  if (PROVIDER !== '' ? existsSync(PROVIDER) : MIRRORS.some((path) => existsSync(join(path, GOOGLE)))) return
  return PROVIDER === ''
    ? 'TERRAFORM_PROVIDER_GOOGLE names no provider, and no mirror has it'
    : `there is no ${PROVIDER}`
}

/** A test that needs Terraform with Google's provider, or is skipped and says why. */
export function withTerraform(title: string, test: () => Promise<void>): Mocha.Test {
  const why = missing()
  return (why === undefined ? it : it.skip)(why === undefined ? title : `${title}: ${why}`, test).timeout(
    5 * MINUTE,
  )
}

/** Whether Terraform alone is there, which formats without any provider. */
export const hasTerraform = isInstalled('terraform')

export interface Ran {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** A copy of what the module reads, a folder `root` beside it, and Terraform in there. */
export class TerraformFolder {
  readonly #folder = mkdtempSync(join(tmpdir(), 'terraform-'))
  readonly root = join(this.#folder, 'root')

  constructor(files: Readonly<Record<string, string>>) {
    for (const path of ['deploy', 'scheduler.yaml', 'scheduler-job.yaml']) {
      cpSync(path, join(this.#folder, path), { recursive: true })
    }
    mkdirSync(this.root)
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.root, name), text)
    writeFileSync(join(this.#folder, 'terraformrc'), PROVIDER === '' ? '' : mirrored(unpacked()))
  }

  /** Runs Terraform in the root; whatever it says, it asks nobody. */
  async run(...words: readonly string[]): Promise<Ran> {
    const env = {
      PATH: process.env['PATH'],
      HOME: PROVIDER === '' ? homedir() : this.#folder,
      TF_CLI_CONFIG_FILE: join(this.#folder, 'terraformrc'),
      TF_IN_AUTOMATION: '1',
      TF_INPUT: '0',
      CHECKPOINT_DISABLE: '1',
    }
    const options = { cwd: this.root, env, maxBuffer: 1e9, timeout: 4 * MINUTE }
    try {
      return { status: 0, ...(await run('terraform', [...words, '-no-color'], options)) }
    } catch (error) {
      const { code = -1, stdout = '', stderr = '' } = error as { code?: number } & Partial<Ran>
      return { status: code, stdout, stderr: `${stderr}${error}` }
    }
  }

  /** @throws Error with what Terraform said where it fails. */
  async succeed(...words: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await this.run(...words)
    if (status !== 0) throw new Error(`terraform ${words.join(' ')}: ${stdout}${stderr}`)
    return stdout
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

function mirrored(path: string): string {
  const only = `include = ["hashicorp/google"]`
  return `provider_installation {\n  filesystem_mirror {\n    path = "${path}"\n    ${only}\n  }\n}\n`
}

/** The lowest version that the module takes: the provider that is named here stands for that. */
function version(): string {
  const text = readFileSync('deploy/terraform/project/versions.tf', 'utf8')
  return /hashicorp\/google"\s+version = ">= ([\d.]+),/.exec(text)?.[1] ?? '0.0.0'
}

/** A mirror with the provider that the environment names, unpacked once for all that run at the same time. */
function unpacked(): string {
  const seal = createHash('sha256').update(readFileSync(PROVIDER)).digest('hex').slice(0, 12)
  const mirror = join(tmpdir(), `terraform-mirror-${seal}-${version()}`)
  const platform = `linux_${process.arch === 'x64' ? 'amd64' : process.arch}`
  const executable = join(mirror, GOOGLE, version(), platform, `terraform-provider-google_v${version()}`)
  if (existsSync(executable)) return mirror
  mkdirSync(dirname(executable), { recursive: true })
  const part = `${mirror}-part-${process.pid}`
  unpackTo(part)
  renameSync(part, executable)
  return mirror
}

function unpackTo(path: string): void {
  if (!PROVIDER.endsWith('.xz')) {
    symlinkSync(realpathSync(PROVIDER), path)
    return
  }
  const file = openSync(path, 'w', 0o755)
  const { status } = spawnSync('xz', ['--decompress', '--stdout', PROVIDER], {
    stdio: ['ignore', file, 'inherit'],
  })
  closeSync(file)
  if (status !== 0) throw new Error(`${PROVIDER} cannot be unpacked with xz`)
}
