import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { afterEach, describe, it } from 'mocha'
import { listKeys } from '../../src/google/apikeys.js'
import { CALLS } from '../../src/google/calls.js'
import { listAssets } from '../../src/google/cloudasset.js'
import { ApiError } from '../../src/google/errors.js'
import { askedToWait } from '../../src/google/waiting.js'
import { assertGolden } from '../golden.js'
import { clientOf, collect, refusal, type StandIn, startStandIn } from './stand-in.js'

describe('an error of an API', () => {
  let standIn: StandIn | undefined

  afterEach(() => standIn?.stop())

  it('says what was being done, for what, why it failed and what to do', () => {
    const reasons = [
      ['PERMISSION_DENIED', {}],
      ['IAM_PERMISSION_DENIED', {}],
      ['SERVICE_DISABLED', { consumer: '111' }],
      ['SERVICE_DISABLED', {}],
      ['USER_PROJECT_DENIED', { consumer: 'tools' }],
      ['BILLING_DISABLED', { consumer: '111' }],
      ['CONSUMER_SUSPENDED', { consumer: '111' }],
      ['SECURITY_POLICY_VIOLATED', {}],
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
      new ApiError(CALLS.readObject, 'gs://acme-audit/policy.yaml', denial),
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

async function failure(asking: Promise<unknown>): Promise<ApiError> {
  const error = await asking.then(
    () => assert.fail('succeeded'),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof ApiError, `${error}`)
  return error
}
