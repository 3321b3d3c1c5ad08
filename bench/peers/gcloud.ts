import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const APIS = ['APIKEYS', 'CLOUDASSET', 'CLOUDRESOURCEMANAGER', 'SERVICEUSAGE']

/** The version of the installed `gcloud`; undefined where there is none. */
export function gcloudVersion(): string | undefined {
  try {
    const versions = JSON.parse(execFileSync('gcloud', ['version', '--format=json'], { encoding: 'utf8' }))
    return versions['Google Cloud SDK']
  } catch {
    return undefined
  }
}

/** The variables by which `gcloud` asks a simulator, with a token of no worth, and nothing else. */
export function gcloudAt(origin: string): Readonly<Record<string, string>> {
  const home = mkdtempSync(join(tmpdir(), 'gcloud-'))
  const token = join(home, 'token')
  writeFileSync(token, 'simulated')
  return {
    CLOUDSDK_CONFIG: home,
    CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: token,
    CLOUDSDK_CORE_DISABLE_PROMPTS: 'true',
    CLOUDSDK_CORE_CHECK_GCE_METADATA: 'false',
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: 'true',
    CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: 'true',
    ...Object.fromEntries(APIS.map((api) => [`CLOUDSDK_API_ENDPOINT_OVERRIDES_${api}`, `${origin}/`])),
  }
}
