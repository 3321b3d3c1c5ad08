import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { routing } from '../../src/doctor/log-checks.js'
import { CALLS } from '../../src/google/calls.js'
import { ERROR_KINDS, OTHERWISE } from '../../src/google/error-kinds.js'
import { GIVEN, JOB, runStep, scheduling } from './build.js'
import { commandsIn, pages } from './commands.js'
import { refused, withGcloud } from './gcloud.js'
import { lineOf, recorded } from './recorded.js'

const KEY = 'projects/acme-keys/locations/europe-west1/keyRings/audit/cryptoKeys/records'

const COMMANDS = {
  plans: plannedCommands,
  documents: documentedCommands,
  doctor: doctorCommands,
  advice: advisedCommands,
} as const

/** Gcloud reads them all in one call, since most of its time goes into its start. */
let allRefused: ReturnType<typeof refused> | undefined

async function assertTaken(commands: readonly string[]): Promise<void> {
  allRefused ??= refused(Object.values(COMMANDS).flatMap((commandsOf) => commandsOf()))
  const refusals = await allRefused
  assert.deepEqual(
    commands.flatMap((command) => refusals.get(command) ?? []),
    [],
  )
}

describe('gcloud’s own parser', () => {
  withGcloud('takes every command of the scripts’ plans and of the build', () =>
    assertTaken(COMMANDS.plans()),
  )

  withGcloud('takes every command of the documents and of the alerts', () =>
    assertTaken(COMMANDS.documents()),
  )

  withGcloud('takes every command that the doctor prints', () => assertTaken(COMMANDS.doctor()))

  withGcloud('takes every command that a failure advises', () => assertTaken(COMMANDS.advice()))
})

function plannedCommands(): readonly string[] {
  const plans = [
    ['deploy/setup.sh', '--project=auditor-prod', '--lock', '--export-bucket=auditor-prod-exports'],
    ['deploy/setup.sh', '--project=auditor-prod', `--kms-key=${KEY}`, '--export-bucket=auditor-prod-exports'],
    ['deploy/setup.sh', '--project=auditor-prod', '--job'],
    ['deploy/setup.sh', '--project=auditor-prod', '--events', `--kms-key=${KEY}`],
    ['deploy/organization.sh', '--organization=1', '--project=auditor-prod', '--events'],
    ['deploy/organization.sh', '--organization=1', '--project=auditor-prod', '--events', '--remove'],
    ['deploy/organization.sh', '--organization=1', '--project=auditor-prod', '--export'],
    ['deploy/organization.sh', '--organization=1', '--project=auditor-prod', '--remove'],
    ['deploy/teardown.sh', '--project=auditor-prod', '--with-records'],
  ].flatMap(([script = '', ...words]) => {
    const scope = script.includes('organization')
      ? ['--scope=organizations/1,folders/7,projects/acme-web']
      : []
    const channel = '--notification-channel=projects/auditor-prod/notificationChannels/17'
    const needed = script.includes('setup') ? [channel] : []
    const { stdout, status, stderr } = recorded([script, ...words, ...scope, ...needed, '--plan'])
    assert.equal(status, 0, stderr)
    return stdout.split('\n').filter((line) => line.startsWith('gcloud '))
  })
  assert.ok(plans.length > 100)
  // the parser reads no flags file, so what stands in one is given beside it
  const schedule = scheduling('').map((word) =>
    word.startsWith('--flags-file') ? '--schedule=0 7 * * *' : word,
  )
  const job = scheduling('', JOB).map((word) =>
    word.startsWith('--flags-file') ? '--schedule=0 7 * * *' : word,
  )
  const deployed = [GIVEN, JOB, { ...GIVEN, _EVENTS: 'on' }].flatMap(
    (given) => runStep('deploy', given).calls,
  )
  const build = [...deployed, schedule, job].map(lineOf)
  return [...plans, ...build]
}

function documentedCommands(): readonly string[] {
  const commands = Object.entries(pages()).flatMap(([page, text]) =>
    commandsIn(text).map((line) => [page, line] as const),
  )
  for (const page of [
    'docs/deploy.md',
    'docs/platform.md',
    'docs/auditors.md',
    'deploy/alerts/silence.yaml',
  ]) {
    assert.ok(
      commands.some(([from]) => from === page),
      page,
    )
  }
  return commands.map(([, line]) => withoutShell(line))
}

function doctorCommands(): readonly string[] {
  const place = { project: 'projects/acme-key-audit', logName: 'gemini-key-audit' }
  const bucket = (id: string, retentionDays: number) => ({
    name: `projects/acme-key-audit/locations/global/buckets/${id}`,
    retentionDays,
    locked: false,
  })
  const sinkTo = (name: string, id: string, filter: string) => ({
    name,
    destination: `logging.googleapis.com/${bucket(id, 0).name}`,
    filter,
    disabled: false,
    exclusions: [],
  })
  const all = sinkTo('_Default', '_Default', '')
  const own = sinkTo('own', 'own', 'log_id("gemini-key-audit")')
  const outcomes = [
    routing(place, [all], [bucket('_Default', 30)]),
    routing(place, [own], [bucket('own', 30)]),
    routing(place, [all, own], [bucket('_Default', 30), bucket('own', 400)]),
  ].map((outcome) => ('trouble' in outcome ? (outcome.trouble.advice?.command ?? '') : assert.fail()))
  const printed = ['acme', 'ill'].map((name) => readFileSync(`test/golden/doctor/${name}.txt`, 'utf8'))
  const commands = [...outcomes, ...printed]
    .flatMap((text) => text.split(/\n| && /))
    .flatMap((line) => /\bgcloud .*$/.exec(line)?.[0] ?? [])
  assert.ok(commands.length > 6)
  return commands
}

function advisedCommands(): readonly string[] {
  const about = (subject: string, call: keyof typeof CALLS) => ({
    call: CALLS[call],
    subject,
    consumer: '710000000001',
    detail: undefined,
  })
  const subjects = ['organizations/1', 'folders/7', 'projects/acme-web', 'gs://acme-audits/prefix']
  const calls = Object.keys(CALLS) as (keyof typeof CALLS)[]
  const commands = [...ERROR_KINDS.values(), OTHERWISE].flatMap(({ advice }) =>
    subjects.flatMap((subject) =>
      calls.flatMap((call) => advice(about(subject, call)).command?.split(' && ') ?? []),
    ),
  )
  assert.ok(new Set(commands).size > 20)
  return commands.map(withoutShell)
}

/** Variables of the shell and words to be replaced become IDs, since the parser sees no shell and checks IDs. */
function withoutShell(line: string): string {
  return line
    .replaceAll(/--project=[A-Z_]+\b/g, '--project=acme-key-audit')
    .replaceAll(/\$\{?([A-Z_]+)\}?/g, (_all, name: string) => name.toLowerCase().padEnd(6, '-x'))
}
