/** Projects and organizations of the scenarios. */
export const CHANNEL = 'projects/auditor-prod/notificationChannels/17'
export const KEY = 'projects/acme-keys/locations/europe-west3/keyRings/audit/cryptoKeys/records'
export const IMAGE = `europe-west1-docker.pkg.dev/auditor-prod/audit/gemini-key-audit@sha256:${'0a'.repeat(32)}`

/** Calls of the module that are planned together: name, which part or example, and its arguments in HCL. */
const CALLS: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
  ['example_project', 'examples/project', {}],
  ['example_organization', 'examples/organization', {}],
  // as the scripts leave it, for cloudbuild.yaml to deploy
  ['for_the_build', 'project', { notification_channels: `["${CHANNEL}"]`, slack_channel: '"C0123ABCD"' }],
  [
    'export',
    'project',
    {
      export_bucket: '"auditor-prod-exports"',
      inventory: '"export"',
      export: '"gs://auditor-prod-exports"',
      slack_channel: '"C0123ABCD"',
    },
  ],
  [
    'function',
    'project',
    { source_archive: '"key-audit.zip"', slack_channel: '"C0123ABCD"', time_zone: '"Europe/Zurich"' },
  ],
  ['without_slack', 'project', { source_archive: '"key-audit.zip"', slack_secret: '""' }],
  [
    'container',
    'project',
    { image: `"${IMAGE}"`, slack_channel: '"C0123ABCD"', time_zone: '"Europe/Zurich"' },
  ],
  [
    'job',
    'project',
    {
      image: `"${IMAGE}"`,
      run_as: '"job"',
      time_budget: '"23h"',
      slack_channel: '"C0123ABCD"',
      time_zone: '"Europe/Zurich"',
    },
  ],
  // the function of single changes, deployed by the build, from sources, and beside a job
  [
    'events_for_the_build',
    'project',
    {
      events: '"on"',
      notification_channels: `["${CHANNEL}"]`,
      slack_channel: '"C0123ABCD"',
    },
  ],
  [
    'events',
    'project',
    {
      events: '"on"',
      source_archive: '"key-audit.zip"',
      slack_channel: '"C0123ABCD"',
      time_zone: '"Europe/Zurich"',
    },
  ],
  [
    'events_of_a_job',
    'project',
    {
      events: '"on"',
      image: `"${IMAGE}"`,
      run_as: '"job"',
      slack_channel: '"C0123ABCD"',
      time_zone: '"Europe/Zurich"',
    },
  ],
  [
    'in_europe',
    'project',
    {
      source_archive: '"key-audit.zip"',
      slack_channel: '"C0123ABCD"',
      region: '"europe-west3"',
      kms_key: `"${KEY}"`,
      lock: 'true',
    },
  ],
  [
    'renamed',
    'project',
    {
      service: '"emea-key-audit"',
      scope: '"organizations/1,organizations/2"',
      slack_channel: '"C0123ABCD"',
      retention_days: '800',
    },
  ],
  [
    'organization',
    'organization',
    {
      organization: '"123456789012"',
      scope: '"organizations/123456789012,folders/7,projects/acme-web"',
      export: 'true',
      findings: 'true',
      events: 'true',
    },
  ],
  ['first_of_two', 'organization', { organization: '"1"', service: '"emea-key-audit"' }],
  [
    'second_of_two',
    'organization',
    { organization: '"2"', service: '"emea-key-audit"', make_roles: 'false' },
  ],
]

const PROVIDER = `provider "google" {
  access_token = "simulated"
}
`

/** A root that calls the module in every way. */
export function scenarios(): string {
  return PROVIDER + CALLS.map(([name, part, given]) => called(name, part, given)).join('')
}

/** Calls that the module refuses, each with what it says. */
type Refused = readonly [string, Readonly<Record<string, string>>, RegExp]
export const REFUSED: Readonly<Record<string, readonly Refused[]>> = {
  'each variable': [
    ['project', { project: '"Acme Key Audit"' }, /project is the ID of a project/],
    ['project', { scope: '"organizations/1, folders/2"' }, /several with commas and without spaces/],
    ['project', { source_archive: '"nothing.zip"' }, /There is no file at source_archive/],
    ['project', { image: '"gemini-key-audit:latest"' }, /image names a digest/],
    ['project', { run_as: '"cron"' }, /run_as is service or job/],
    ['project', { events: '"yes"' }, /events is on or off/],
    ['project', { service: '"Audit"' }, /service has 2 to 24 lower-case letters/],
    ['project', { region: '"EU"' }, /region is one region/],
    ['project', { policy: '"policy.yaml"' }, /policy is gs:/],
    ['project', { archive: '"acme-audits"' }, /archive is gs:/],
    ['project', { records: '"some"' }, /records is all or relevant/],
    ['project', { pace: '"off"' }, /pace is a number/],
    ['project', { slack_channel: '"#security"' }, /slack_channel is the ID/],
    ['project', { slack_secret_version: '"latest"' }, /latest would change what runs/],
    ['project', { ingress: '"public"' }, /ingress is internal/],
    ['project', { notification_channels: '["security@acme.example"]' }, /Each of notification_channels/],
    ['project', { retention_days: '399' }, /retention_days is from 400/],
    ['project', { kms_key: '"records"' }, /kms_key is projects/],
    ['organization', { organization: '"organizations/1"' }, /without organizations\/ before it/],
  ],
  // what is wrong only with another one is looked at when the rest is right
  'two together': [
    ['project', { source_archive: '"key-audit.zip"', image: `"${IMAGE}"` }, /not both/],
    ['project', { source_archive: '"key-audit.zip"', run_as: '"job"' }, /give image instead/],
    ['project', { inventory: '"export"' }, /go together/],
    ['project', { slack_channel: '""' }, /Without Slack set slack_secret/],
  ],
}

/** A root all of whose calls are refused. */
export function refusedCalls(calls: readonly Refused[]): string {
  const usual = { slack_channel: '"C0123ABCD"', organization: '"1"' }
  return (
    PROVIDER +
    calls.map(([part, given], index) => called(`call_${index}`, part, { ...usual, ...given })).join('')
  )
}

function called(name: string, part: string, given: Readonly<Record<string, string>>): string {
  const usual = { project: '"auditor-prod"', scope: '"organizations/123456789012"', ...given }
  const known: Readonly<Record<string, (name: string) => boolean>> = {
    project: (argument) => argument !== 'organization',
    organization: (argument) => argument !== 'slack_channel' && (argument !== 'scope' || 'scope' in given),
  }
  const lines = Object.entries(usual).flatMap(([argument, value]) =>
    known[part]?.(argument) ? [`  ${argument} = ${value}\n`] : [],
  )
  return `module "${name}" {\n  source = "../deploy/terraform/${part}"\n${lines.join('')}}\n`
}
