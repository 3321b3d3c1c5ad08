import assert from 'node:assert/strict'
import { linesOf } from '../../src/doctor/diagnosis-lines.js'
import { routing } from '../../src/doctor/log-checks.js'
import { apart } from '../../src/doctor/process-checks.js'
import { minutesOf, requestsOf, slowest, total } from '../../src/doctor/size-check.js'
import type { Outcome } from '../../src/doctor/trial.js'
import type { Advice } from '../../src/errors.js'
import { addressed } from '../../src/google/auditor.js'
import type { LogBucket, LogSink } from '../../src/google/logconfig.js'

const result = (outcome: Outcome) => (outcome.kind === 'troubled' ? outcome.trouble.result : outcome.kind)

describe('the clock', () => {
  const clocks: readonly [number, string][] = [
    [0, 'works'],
    [1.4, 'works'],
    [-60, 'works'],
    [60, 'works'],
    [61, 'warning'],
    [-61, 'warning'],
    [86_400, 'warning'],
    [86_401, 'fails'],
    [-86_401, 'fails'],
  ]
  for (const [seconds, expected] of clocks) {
    it(`${expected} at ${seconds} s from Google’s`, () => assert.equal(result(apart(seconds)), expected))
  }
})

const PLACE = { project: 'projects/acme', logName: 'gemini-key-audit' }
const OWN = 'projects/acme/locations/global/buckets/audit'
const bucket = (name: string, retentionDays: number, more: Partial<LogBucket> = {}): LogBucket => ({
  name,
  retentionDays,
  locked: false,
  lifecycleState: 'ACTIVE',
  ...more,
})
const sink = (more: Partial<LogSink>): LogSink => ({
  name: 'audit',
  destination: `logging.googleapis.com/${OWN}`,
  filter: 'logName="projects/acme/logs/gemini-key-audit"',
  disabled: false,
  exclusions: [],
  ...more,
})
const toDefault = (more: Partial<LogSink> = {}): LogSink =>
  sink({
    name: '_Default',
    destination: 'logging.googleapis.com/projects/acme/locations/global/buckets/_Default',
    filter: 'NOT LOG_ID("cloudaudit.googleapis.com/activity")',
    exclusions: [{ filter: 'log_id("gemini-key-audit")' }],
    ...more,
  })
const DEFAULT = bucket('projects/acme/locations/global/buckets/_Default', 30)

/** Sinks and buckets, and what is to be said of them. */
const ROUTINGS: readonly [string, readonly LogSink[], readonly LogBucket[], string][] = [
  ['a bucket of its own', [toDefault(), sink({})], [DEFAULT, bucket(OWN, 400)], 'works'],
  ['one of 399 days', [toDefault(), sink({})], [DEFAULT, bucket(OWN, 399)], 'fails'],
  [
    'a filter by log_id',
    [toDefault(), sink({ filter: 'log_id("gemini-key-audit")' })],
    [bucket(OWN, 400)],
    'works',
  ],
  [
    'a filter of another log',
    [toDefault(), sink({ filter: 'log_id("gemini-key-audit-2")' })],
    [bucket(OWN, 400)],
    'fails',
  ],
  [
    'a filter of a log whose name begins alike',
    [toDefault(), sink({ filter: 'logName=projects/acme/logs/gemini-key-audit-2' })],
    [bucket(OWN, 400)],
    'fails',
  ],
  ['an empty filter', [toDefault(), sink({ filter: '' })], [bucket(OWN, 400)], 'works'],
  [
    'a filter that leaves it out',
    [toDefault(), sink({ filter: 'NOT log_id("gemini-key-audit")' })],
    [bucket(OWN, 400)],
    'fails',
  ],
  ['a sink that is switched off', [toDefault(), sink({ disabled: true })], [bucket(OWN, 400)], 'fails'],
  [
    'a bucket that is being deleted',
    [toDefault(), sink({})],
    [bucket(OWN, 400, { lifecycleState: 'DELETE_REQUESTED' })],
    'fails',
  ],
  ['a bucket that is not there', [toDefault(), sink({})], [DEFAULT], 'fails'],
  ['_Default alone', [toDefault({ exclusions: [] })], [DEFAULT], 'fails'],
  [
    '_Default alone, however long it keeps',
    [toDefault({ exclusions: [] })],
    [{ ...DEFAULT, retentionDays: 3650 }],
    'fails',
  ],
  ['_Default as well', [toDefault({ exclusions: [] }), sink({})], [DEFAULT, bucket(OWN, 400)], 'warning'],
  [
    '_Default as well, the exclusion being off',
    [toDefault({ exclusions: [{ filter: 'log_id("gemini-key-audit")', disabled: true }] }), sink({})],
    [DEFAULT, bucket(OWN, 400)],
    'warning',
  ],
  [
    '_Default switched off',
    [toDefault({ disabled: true, exclusions: [] }), sink({})],
    [DEFAULT, bucket(OWN, 400)],
    'works',
  ],
  [
    'two of its own, one long enough',
    [sink({}), sink({ destination: 'logging.googleapis.com/projects/acme/locations/eu/buckets/old' })],
    [bucket(OWN, 400), bucket('projects/acme/locations/eu/buckets/old', 30)],
    'works',
  ],
]

describe('where records are kept', () => {
  for (const [what, sinks, buckets, expected] of ROUTINGS) {
    it(`${expected} with ${what}`, () => assert.equal(result(routing(PLACE, sinks, buckets)), expected))
  }

  it('is sought under the name that Cloud Logging writes', () => {
    const place = { project: 'projects/acme', logName: 'audit/keys' }
    const named = sink({ filter: 'logName="projects/acme/logs/audit%2Fkeys"' })
    assert.equal(result(routing(place, [named], [bucket(OWN, 400)])), 'works')
  })
})

describe('what a run takes', () => {
  it('is the time of its slowest API, at the pace', () => {
    const small = { projects: 40, keys: 120, gemini: 24 }
    assert.deepEqual(
      [total(requestsOf('assets', small)), minutesOf('assets', small, 90)],
      [3 + 3 * 24, 24 / 216],
    )
    const large = { projects: 100_000, keys: 1_000_000, gemini: 2_000 }
    assert.deepEqual(slowest(requestsOf('assets', large), 90), {
      quota: 'listAssets',
      minutes: 1_100 / 90,
    })
    const each = { projects: 10_000, keys: 5_000, gemini: 200 }
    assert.deepEqual(slowest(requestsOf('projects', each), 50), {
      quota: 'readApiKeys',
      minutes: 10_000 / 120,
    })
  })
})

describe('a command', () => {
  const member = '--member=serviceAccount:SERVICE_ACCOUNT_EMAIL'
  const roles = '--role=organizations/ORGANIZATION_ID/roles/r --role=projects/AUDITOR_PROJECT_ID/roles/r'
  const advice = { say: 'grant it', command: `gcloud ${member} ${roles}` }

  it('names the account, the organization and the project where they are known', () => {
    assert.deepEqual(addressed(advice, {}), advice)
    const account = 'serviceAccount:audit@acme-audit.iam.gserviceaccount.com'
    assert.deepEqual(addressed(advice, { member: account, organization: '9' }), {
      say: 'grant it',
      command: `gcloud --member=${account} --role=organizations/9/roles/r --role=projects/acme-audit/roles/r`,
    })
  })

  it('takes no project from a person, or from a service account of Google’s own', () => {
    for (const who of ['user:me@example.com', 'serviceAccount:1-compute@developer.gserviceaccount.com']) {
      assert.match(addressed(advice, { member: who }).command ?? '', /projects\/AUDITOR_PROJECT_ID\/roles/)
    }
  })
})

describe('a line', () => {
  const plan = {
    scopes: ['organizations/9'],
    isScopeFound: false,
    mode: 'auto',
    timeBudget: 1,
    pace: 90,
  } as const
  const as = { google: 'g', slack: 's', process: 'p' }
  const lineFor = (advice?: Advice) => {
    const trouble = { says: 'no', ...(advice && { advice }) }
    const trial = { check: 'entriesWrite', on: 'x', outcome: { kind: 'troubled', trouble } } as const
    return linesOf({ plan, trials: [trial], standalone: new Map() }, {}, as)[0]
  }

  it('gives what to do in words, and its command and page alone', () => {
    const enabling = lineFor({ say: 'enable it', command: 'gcloud services enable x' })
    assert.equal(enabling?.fix, 'enable it: gcloud services enable x')
    assert.equal(enabling?.command, 'gcloud services enable x')
    const looking = lineFor({ say: 'look', url: 'https://example.com' })
    assert.deepEqual([looking?.fix, looking?.url], ['look: https://example.com', 'https://example.com'])
    assert.equal(lineFor({ say: 'set X' })?.command, undefined)
    assert.equal(lineFor()?.fix, undefined)
  })
})
