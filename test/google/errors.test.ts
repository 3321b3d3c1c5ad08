import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { afterEach, describe, it } from 'mocha'
import { listKeys } from '../../src/google/apikeys.js'
import { CALLS } from '../../src/google/calls.js'
import { listAssets } from '../../src/google/cloudasset.js'
import { ApiError } from '../../src/google/errors.js'
import { askedToWait } from '../../src/google/failure.js'
import { assertGolden } from '../golden.js'
import { clientOf, collect, refusal, type StandIn, startStandIn } from './stand-in.js'

/** What Google says, in words and in details. */
type Said = Readonly<Partial<Record<'message' | 'reason' | 'consumer' | 'uid', string>>>

describe('an error of an API', () => {
  let standIn: StandIn | undefined

  afterEach(() => standIn?.stop())

  it('says what was being done, for what, why it failed and what to do', () => {
    const reasons = [
      ['PERMISSION_DENIED', {}],
      ['IAM_PERMISSION_DENIED', {}],
      ['SERVICE_DISABLED', { consumer: '111' }],
      ['SERVICE_DISABLED', {}],
      ['NO_QUOTA_PROJECT', { consumer: '764086051850' }],
      ['USER_PROJECT_DENIED', { consumer: 'tools' }],
      ['BILLING_DISABLED', { consumer: '111' }],
      ['CONSUMER_SUSPENDED', { consumer: '111' }],
      ['CONSUMER_INVALID', { consumer: '42' }],
      ['SECURITY_POLICY_VIOLATED', {}],
      ['SECURITY_POLICY_VIOLATED', { perimeterId: 'Qd-7_x' }],
      ['ACCESS_TOKEN_SCOPE_INSUFFICIENT', {}],
      ['UNAUTHENTICATED', {}],
      ['CREDENTIALS', {}],
      ['CREDENTIALS_FILE', { detail: 'GOOGLE_APPLICATION_CREDENTIALS names key.json, which holds no JSON' }],
      ['CREDENTIALS_UNAVAILABLE', {}],
      ['NOT_FOUND', {}],
      ['RATE_LIMIT_EXCEEDED', { consumer: '111' }],
      ['DAILY_QUOTA_EXCEEDED', {}],
      ['INTERNAL', {}],
      ['TIMEOUT', {}],
      ['ECONNRESET', {}],
      ['ENOTFOUND', {}],
      ['DAMAGED_ANSWER', { detail: 'not a JSON object' }],
      ['ANSWER_TOO_LARGE', {}],
      ['REPEATED_PAGE_TOKEN', {}],
      ['OUT_OF_TIME', {}],
      ['STOPPED', { detail: 'SIGTERM' }],
      ['STOPPED', {}],
      ['INVALID_ARGUMENT', { detail: 'Request contains an invalid argument.' }],
      ['SOMETHING_NEW', {}],
    ] as const
    const sentences = reasons.map(
      ([reason, more]) => new ApiError(CALLS.listKeys, 'projects/42', { reason, ...more }).message,
    )
    const denial = { reason: 'PERMISSION_DENIED' }
    const elsewhere = [
      new ApiError(CALLS.listAssets, 'organizations/9', denial),
      new ApiError(CALLS.listAssets, 'projects/acme-web', denial),
      new ApiError(CALLS.searchResources, 'folders/7', denial),
      new ApiError(CALLS.getService, 'projects/42', denial),
      new ApiError(CALLS.listProjects, 'organizations/9', denial),
      new ApiError(CALLS.listFolders, 'folders/7', denial),
      new ApiError(CALLS.getProject, 'projects/42', denial),
      new ApiError(CALLS.getFolder, 'folders/7', denial),
      new ApiError(CALLS.readPolicy, 'gs://acme-audit/policy.yaml', denial),
      new ApiError(CALLS.readObject, 'gs://acme-audits/organizations-9/manifest.json', denial),
      new ApiError(CALLS.deleteExport, 'gs://acme-exports/assets/0', denial),
      new ApiError(CALLS.exportAssets, 'organizations/9', denial),
      new ApiError(CALLS.listKeys, 'projects/42', denial).outsideOrganizations('acme-web'),
      new ApiError(CALLS.exportAssets, 'projects/42', denial).outsideOrganizations('acme-web'),
    ].map(({ message }) => message)
    assertGolden('google/errors.txt', [...sentences, '', ...elsewhere, ''].join('\n'))
  })

  it('takes reason, status and the project that was charged from Google’s details', async () => {
    standIn = await startStandIn(() =>
      refusal(403, 'PERMISSION_DENIED', 'SERVICE_DISABLED', { consumer: 'projects/111', service: 'x' }),
    )
    const error = await failure(collect(listAssets(clientOf(standIn), 'organizations/9', 'x')))
    const { service, operation, subject, reason, status, consumer } = error
    assert.deepEqual(
      { service, operation, subject, reason, status, consumer },
      {
        service: 'cloudasset.googleapis.com',
        operation: 'assets.list',
        subject: 'organizations/9',
        reason: 'SERVICE_DISABLED',
        status: 403,
        consumer: '111',
      },
    )
    assert.match(error.message, /gcloud services enable cloudasset.googleapis.com --project=111/)
  })

  it('carries operation, subject, cause and advice as data, of which the message is made', () => {
    const before = new ApiError(CALLS.listAssets, 'organizations/9', { reason: 'PERMISSION_DENIED' })
    const error = new ApiError(CALLS.listKeys, 'projects/42', { reason: 'SERVICE_DISABLED', consumer: '111' })
    assert.deepEqual(error.problem, {
      code: 'SERVICE_DISABLED',
      doing: 'Listing the API keys of',
      subject: 'projects/42',
      cause: 'apikeys.googleapis.com is not enabled in project 111',
      advice: { say: 'enable it', command: 'gcloud services enable apikeys.googleapis.com --project=111' },
    })
    const both = error.precededBy(before)
    assert.deepEqual(both.problem, { ...error.problem, before: before.problem })
    assert.equal(both.message, `${both.because} (SERVICE_DISABLED); ${both.fix}`)
    assert.equal(both.because, `${before.because} (PERMISSION_DENIED), and then: ${error.because}`)
    assert.equal(both.fix, `${before.fix}; or ${error.fix}`)
  })

  const answers: readonly (readonly [what: string, said: Said, reason: string, sentence: RegExp])[] = [
    [
      'a person’s credentials without a quota project, by Google’s own project',
      {
        message: 'API x has not been used in project 764086051850 before',
        consumer: 'projects/764086051850',
        reason: 'SERVICE_DISABLED',
      },
      'NO_QUOTA_PROJECT',
      /^[^;]* these credentials have no quota project \(NO_QUOTA_PROJECT\); [^;]*GOOGLE_CLOUD_QUOTA_PROJECT[^;]*: gcloud auth application-default set-quota-project PROJECT && gcloud services enable cloudasset\.googleapis\.com apikeys\.googleapis\.com .*--project=PROJECT$/,
    ],
    [
      'the same, by the older one, whatever the reason',
      { message: 'Quota exceeded', consumer: 'projects/32555940559', reason: 'RATE_LIMIT_EXCEEDED' },
      'NO_QUOTA_PROJECT',
      /set-quota-project PROJECT/,
    ],
    [
      'the same, by Google’s words alone',
      { message: 'The x API requires a quota project, which is not set by default.' },
      'NO_QUOTA_PROJECT',
      /set-quota-project PROJECT/,
    ],
    [
      'VPC Service Controls without details',
      {
        message:
          'Request is prohibited by organization’s policy. vpcServiceControlsUniqueIdentifier: Qd7xABCDEFGHIJKLMNOPQRSTUVWXYZabcdefgh-0123_x.',
      },
      'SECURITY_POLICY_VIOLATED',
      /\(identifier Qd7xABCDEFGHIJKLMNOPQRSTUVWXYZabcdefgh-0123_x\)/,
    ],
    [
      'VPC Service Controls with details that hold the identifier',
      { message: 'No.', reason: 'SECURITY_POLICY_VIOLATED', uid: 'u-1' },
      'SECURITY_POLICY_VIOLATED',
      /\(identifier u-1\)/,
    ],
    [
      'a project that was deleted since',
      {
        message: 'Permission denied on resource project 42.',
        reason: 'CONSUMER_INVALID',
        consumer: 'projects/42',
      },
      'CONSUMER_INVALID',
      /project 42 cannot be found, or has been deleted since the inventory was taken .*gcloud projects describe 42$/,
    ],
  ]
  for (const [what, said, reason, sentence] of answers) {
    it(`recognizes ${what}`, async () => {
      standIn = await startStandIn(() => refusalWith(said))
      const error = await failure(collect(listKeys(clientOf(standIn), 'projects/42')))
      assert.equal(error.reason, reason)
      assert.match(error.message, sentence)
      assert.doesNotMatch(error.message, /--project=(764086051850|32555940559)/)
    })
  }

  it('survives details of any shape', async () => {
    for (const details of [
      null,
      7,
      [null, 7, { '@type': 'x' }],
      [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo' }],
    ]) {
      standIn = await startStandIn(() => ({
        status: 403,
        body: { error: { status: 'PERMISSION_DENIED', details } },
      }))
      const error = await failure(collect(listKeys(clientOf(standIn as StandIn), 'projects/1')))
      assert.equal(error.reason, 'PERMISSION_DENIED')
      await standIn.stop()
    }
  })

  it('does not take a reason that is none of Google’s form', async () => {
    standIn = await startStandIn(() => refusal(403, 'PERMISSION_DENIED', '<!channel>'))
    assert.equal(
      (await failure(collect(listKeys(clientOf(standIn), 'projects/1')))).reason,
      'PERMISSION_DENIED',
    )
  })

  it('shows neither token nor key strings, however deep one looks', async () => {
    const message = 'no: Bearer simulated, AIzaMARKEDMARKEDMARKED, ya29.MARKED-x AQ.MARKED\u001b[31m'
    standIn = await startStandIn(() => ({
      status: 400,
      body: { error: { code: 400, message, status: 'FAILED_PRECONDITION', keyString: 'AIzaMARKED' } },
    }))
    const error = await failure(collect(listKeys(clientOf(standIn), 'projects/1')))
    const shown = inspect(error, { depth: 20, showHidden: true })
    assert.match(error.message, /no: Bearer …, AIza…, ya29\.… AQ\.…\[31m \(FAILED_PRECONDITION\)/)
    assert.doesNotMatch(shown, /simulated|MARKED/)
    assert.equal(error.cause, undefined)
  })
})

describe('the time an API asks to be left alone', () => {
  const now = Date.parse('2026-11-23T07:00:00Z')
  const retryInfo = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '2.5s' }
  const rows: readonly (readonly [string, Record<string, string>, readonly unknown[], number | undefined])[] =
    [
      ['seconds', { 'retry-after': '7' }, [], 7000],
      ['zero', { 'retry-after': '0' }, [], 0],
      ['a date', { 'retry-after': 'Mon, 23 Nov 2026 07:00:09 GMT' }, [], 9000],
      ['a date that is past', { 'retry-after': 'Mon, 23 Nov 2026 06:59:00 GMT' }, [], 0],
      [
        'a date, by the clock of the server where there is one',
        { 'retry-after': 'Mon, 23 Nov 2026 09:00:09 GMT', date: 'Mon, 23 Nov 2026 09:00:00 GMT' },
        [],
        9000,
      ],
      ['the body', {}, [{}, retryInfo], 2500],
      ['the header before the body', { 'retry-after': '1' }, [retryInfo], 1000],
      ['nothing', {}, [], undefined],
      ['nonsense', { 'retry-after': 'soon' }, [{ ...retryInfo, retryDelay: 'soon' }], undefined],
    ]
  for (const [name, headers, details, expected] of rows) {
    it(`is taken from ${name}`, () => {
      assert.equal(askedToWait(new Headers(headers), details, now), expected)
    })
  }
})

/** A 403 with details or, without a reason, with words alone. */
function refusalWith({ message, reason, ...metadata }: Said) {
  const info = {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason,
    domain: 'googleapis.com',
    metadata,
  }
  const details = reason === undefined ? [] : [info]
  return { status: 403, body: { error: { code: 403, message, status: 'PERMISSION_DENIED', details } } }
}

async function failure(asking: Promise<unknown>): Promise<ApiError> {
  const error = await asking.then(
    () => assert.fail('succeeded'),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof ApiError, `${error}`)
  return error
}
