import assert from 'node:assert/strict'
import { split } from 'shlex'
import { assertGolden } from '../golden.js'
import { GIVEN, PROJECT_ID, scheduling } from './build.js'
import { EVERYTHING, WIRE } from './everything.js'
import { gcloud, withGcloud } from './gcloud.js'
import { onLoopback } from './loopback.js'
import { recorded } from './recorded.js'

const text = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

describe('the real gcloud', () => {
  const JOB = { name: `projects/${PROJECT_ID}/locations/europe-west1/jobs/gemini-key-audit` }
  for (const [verb, jobs] of [
    ['create', ''],
    ['update', 'gemini-key-audit\n'],
  ] as const) {
    withGcloud(`sends this to ${verb} the job of scheduler.yaml`, async () => {
      const words = scheduling(jobs)
      assert.equal(words[2], verb)
      const sent = await onLoopback(JOB, (origin) => gcloud(words, { cloudscheduler: origin }))
      assertGolden(`deploy/scheduler-${verb}.json`, text(sent))
    })
  }

  withGcloud('sends this to build cloudbuild.yaml', async () => {
    const operation = {
      name: 'operations/build/1',
      metadata: {
        '@type': 'type.googleapis.com/google.devtools.cloudbuild.v1.BuildOperationMetadata',
        build: {
          id: '1',
          projectId: PROJECT_ID,
          status: 'QUEUED',
          logUrl: 'https://console.cloud.google.com/1',
        },
      },
    }
    const words = ['builds', 'submit', '--no-source', '--async', '--config=cloudbuild.yaml']
    const more = [`--project=${PROJECT_ID}`, '--region=europe-west1']
    const values = `--substitutions=_SCOPE=${GIVEN._SCOPE},_SLACK_CHANNEL=${GIVEN._SLACK_CHANNEL}`
    const sent = await onLoopback(operation, (origin) =>
      gcloud([...words, ...more, values], { cloudbuild: origin }),
    )
    assertGolden('deploy/build-submit.json', text(sent.filter(({ method }) => method === 'POST')))
  })
})

describe('the listings by which the scripts see what is there', () => {
  const { stdout } = recorded([
    ...['deploy/setup.sh', '--project=auditor-prod', '--plan'],
    '--notification-channel=projects/auditor-prod/notificationChannels/17',
  ])
  const removal = recorded([
    'deploy/organization.sh',
    '--organization=123456789012',
    '--project=auditor-prod',
    '--remove',
    '--plan',
  ])
  const teardown = recorded(['deploy/teardown.sh', '--project=auditor-prod', '--plan'])
  const planned = [stdout, removal.stdout, teardown.stdout]
    .flatMap((text) => text.split('\n'))
    .filter((line) => !line.includes('--show-deleted'))
  const apis = [
    'iam',
    'cloudresourcemanager',
    'secretmanager',
    'logging',
    'monitoring',
    'cloudscheduler',
    'pubsub',
  ]
  // gcloud asks Cloud Run under a name with its region, which no loopback has
  const asked = EVERYTHING.filter(
    ({ to }) => !['run services list', '--show-deleted', 'iam roles list --organization'].includes(to),
  )

  for (const { to, with: printed } of asked) {
    withGcloud(`are printed by the real gcloud as the stand-in prints them: ${to}`, async () => {
      const line = planned.find((one) => one.startsWith('gcloud ') && one.includes(to)) ?? assert.fail(to)
      const endpoints = (origin: string) => ({
        ...Object.fromEntries(apis.map((api) => [api, origin])),
        storage: `${origin}/storage/v1`,
      })
      await onLoopback(WIRE, async (origin) => {
        const answer = await gcloud(split(line).slice(1), endpoints(origin))
        assert.equal(answer.stdout, printed)
      })
    })
  }
})
