import assert from 'node:assert/strict'
import { type Simulator, startSimulator } from '../../../simulator/simulator.js'
import { readWorldFile } from '../../../simulator/world/file.js'
import { TerraformFolder, withTerraform } from './terraform.js'

/** Where the provider finds the simulator, by the setting of each API. */
const ENDPOINTS: Readonly<Record<string, string>> = {
  cloud_asset: '/v1/',
  cloud_run_v2: '/v2/',
  cloud_scheduler: '/v1/',
  cloudfunctions2: '/v2/',
  iam: '/v1/',
  iam_beta: '/v1/',
  logging: '/v2/',
  monitoring: '/',
  pubsub: '/v1/',
  resource_manager: '/v1/',
  resource_manager_v3: '/v3/',
  resource_manager3: '/v3/',
  secret_manager: '/v1/',
  service_usage: '/v1/',
  storage: '/storage/v1/',
}

/** A root that makes both parts in the sample organization. */
function root(origin: string): string {
  const endpoints = Object.entries(ENDPOINTS).map(
    ([api, path]) => `  ${api}_custom_endpoint = "${origin}${path}"\n`,
  )
  return `provider "google" {
  access_token = "simulated"
${endpoints.join('')}  batching {
    enable_batching = false
  }
}

module "project" {
  source         = "../deploy/terraform/project"
  project        = "acme-security"
  scope          = "organizations/314159265358"
  slack_channel  = "C0123ABCD"
  source_archive = "key-audit.zip"
  inventory      = "export"
  export         = "gs://acme-security-exports"
  export_bucket  = "acme-security-exports"
  events         = "on"
}

module "organization" {
  source       = "../deploy/terraform/organization"
  organization = "314159265358"
  project      = "acme-security"
  scope        = "organizations/314159265358,folders/1001,projects/acme-platform"
  export       = true
  events       = true
  depends_on   = [module.project]
}
`
}

// biome-ignore lint/suspicious/noExplicitAny: whatever was answered
async function ask(simulator: Simulator, path: string, init: RequestInit = {}): Promise<any> {
  const answer = await fetch(`${simulator.origin}${path}`, {
    headers: { authorization: 'Bearer simulated' },
    ...init,
  })
  return answer.json()
}

describe('the Terraform module, applied to the simulator', () => {
  withTerraform('makes an installation, and has nothing to change afterwards', async () => {
    const world = await readWorldFile('worlds/acme.yaml', new Date())
    const simulator = await startSimulator({ world, now: () => new Date() })
    const folder = new TerraformFolder({ 'main.tf': root(simulator.origin), 'key-audit.zip': 'sources' })
    try {
      await folder.succeed('init', '-backend=false')
      await folder.succeed('apply', '-auto-approve', '-parallelism=30')
      const { status, stdout, stderr } = await folder.run('plan', '-detailed-exitcode', '-lock=false')
      assert.equal(status, 0, `${stdout}${stderr}`)
      await assertInstalled(simulator)
      assert.equal(simulator.requests.get('unknown'), undefined, 'everything that was asked is served')
    } finally {
      folder.remove()
      await simulator.stop()
    }
  })
})

/** That the other APIs of the simulator see what was made. */
async function assertInstalled(simulator: Simulator): Promise<void> {
  const archive = simulator.buckets.get('acme-security-gemini-key-audit')
  assert.deepEqual(archive?.settings, {
    name: 'acme-security-gemini-key-audit',
    retention: 400 * 86_400,
    isLocked: false,
  })
  const sources = simulator.buckets.get('acme-security-gemini-key-audit-source')
  assert.deepEqual(
    sources?.list().map(({ content }) => content.subarray().toString()),
    ['sources'],
  )

  const { sinks } = await ask(simulator, '/v2/projects/acme-security/sinks')
  const names = sinks.map(({ name }: { name: string }) => name)
  assert.deepEqual(names.slice(0, 2), ['_Required', '_Default'])
  const own = sinks.find(
    ({ name, createTime }: { name: string; createTime?: string }) =>
      name === 'gemini-key-audit' && createTime,
  )
  assert.equal(own?.filter, 'log_id("gemini-key-audit")')

  const { bindings } = await ask(simulator, '/v1/organizations/314159265358:getIamPolicy', {
    method: 'POST',
    body: '{}',
  })
  assert.deepEqual(bindings, [
    {
      role: 'organizations/314159265358/roles/geminiKeyAuditor',
      members: ['serviceAccount:gemini-key-audit-run@acme-security.iam.gserviceaccount.com'],
    },
    {
      role: 'organizations/314159265358/roles/geminiKeyAuditorEvents',
      members: ['serviceAccount:gemini-key-audit-feed@acme-security.iam.gserviceaccount.com'],
    },
    {
      role: 'organizations/314159265358/roles/geminiKeyAuditorExport',
      members: ['serviceAccount:gemini-key-audit-run@acme-security.iam.gserviceaccount.com'],
    },
  ])
  await assertFed(simulator)
}

/** That changes would come from the feeds through topic and subscription to the function. */
async function assertFed(simulator: Simulator): Promise<void> {
  const topic = 'projects/acme-security/topics/gemini-key-audit-feed'
  for (const scope of ['organizations/314159265358', 'folders/1001', 'projects/acme-platform']) {
    const feed = await ask(simulator, `/v1/${scope}/feeds/gemini-key-audit`)
    assert.equal(feed.contentType, 'RESOURCE')
    assert.equal(feed.feedOutputConfig.pubsubDestination.topic, topic)
    assert.match(feed.condition.expression, /^temporal_asset\.asset\.name\.startsWith/)
  }
  const subscription = await ask(simulator, '/v1/projects/acme-security/subscriptions/gemini-key-audit-feed')
  const url = 'https://gemini-key-audit-feed-abc-ew.a.run.app'
  assert.equal(subscription.topic, topic)
  assert.equal(subscription.pushConfig.pushEndpoint, `${url}/${topic}`)
  assert.deepEqual(subscription.pushConfig.oidcToken, {
    audience: url,
    serviceAccountEmail: 'gemini-key-audit-push@acme-security.iam.gserviceaccount.com',
  })
  const { bindings } = await ask(simulator, `/v1/${topic}:getIamPolicy`)
  const [{ role, members }] = bindings
  assert.equal(role, 'roles/pubsub.publisher')
  assert.match(members[0], /^serviceAccount:service-\d+@gcp-sa-cloudasset\.iam\.gserviceaccount\.com$/)
}
