import assert from 'node:assert/strict'
import { ConfigError } from '../../src/errors.js'
import { CALLS, type Call } from '../../src/google/calls.js'
import { ApiError } from '../../src/google/errors.js'
import type { Day, Instant, Run } from '../../src/model.js'
import { attempt } from '../../src/run/attempt.js'
import { failedRun } from '../../src/run/failed-run.js'

const run: Run = {
  audit: 'acme',
  time: '2026-11-23T07:00:00Z' as Instant,
  reading: '2026-11-23T07:00:01.000Z' as Instant,
  asOf: '2026-11-23' as Day,
  asOfOverridden: false,
  scope: ['organizations/9'],
}

const apiError = (reason: string, status?: number, call: Call = CALLS.listAssets) =>
  new ApiError(call, 'organizations/9', { reason, ...(status === undefined ? {} : { status }) })

describe('a run that failed', () => {
  const rows: [string, unknown, string, boolean, string][] = [
    ['a wrong configuration', new ConfigError('OPTION_WRONG', ['x']), 'configuration', false, 'OPTION_WRONG'],
    [
      'a scope that may not be listed',
      apiError('IAM_PERMISSION_DENIED', 403),
      'platform',
      true,
      'IAM_PERMISSION_DENIED',
    ],
    [
      'a denial',
      apiError('IAM_PERMISSION_DENIED', 403, CALLS.listKeys),
      'platform',
      false,
      'IAM_PERMISSION_DENIED',
    ],
    [
      'an API that is off',
      apiError('SERVICE_DISABLED', 403, CALLS.listKeys),
      'platform',
      false,
      'SERVICE_DISABLED',
    ],
    ['a revoked token', apiError('UNAUTHENTICATED', 401), 'platform', false, 'UNAUTHENTICATED'],
    [
      'a token of too narrow a scope',
      apiError('ACCESS_TOKEN_SCOPE_INSUFFICIENT', 403),
      'platform',
      false,
      'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
    ],
    ['an unavailable API', apiError('UNAVAILABLE', 503), 'platform', true, 'UNAVAILABLE'],
    ['a used-up quota', apiError('RATE_LIMIT_EXCEEDED', 429), 'platform', true, 'RATE_LIMIT_EXCEEDED'],
    ['a lost connection', apiError('ECONNRESET'), 'platform', true, 'ECONNRESET'],
    ['an answer that never came', apiError('TIMEOUT'), 'platform', true, 'TIMEOUT'],
    ['a fault of the program', new TypeError('x is undefined'), 'program', true, 'FAULT'],
    ['anything else that is thrown', 'x', 'program', true, 'FAULT'],
  ]
  for (const [name, cause, fault, retry, code] of rows) {
    it(`by ${name} is the ${fault}'s, and trying again ${retry ? 'may help' : 'is no use'}`, () => {
      const failed = failedRun(run, cause)
      assert.deepEqual([failed.fault, failed.retry, failed.failure.code], [fault, retry, code])
      assert.equal(failed.record.outcome, 'failed')
    })
  }

  it('gives each problem of a configuration the code of its own kind', async () => {
    const env = { AUDIT_PACE: 'fast', AUDIT_POLICY: 'test/policy/absent.yaml' }
    const { run: failed } = await attempt(
      { flags: {}, env },
      { now: () => new Date(run.time), deliver: false },
    )
    assert.ok(failed.kind === 'failed' && failed.cause instanceof ConfigError)
    assert.deepEqual(
      failed.cause.problems.map(({ code, says }) => [code, says.split(/ [(is]/, 1)[0]]),
      [
        ['OPTION_WRONG', 'AUDIT_SCOPE'],
        ['OPTION_WRONG', 'AUDIT_PACE'],
        ['POLICY_UNREADABLE', 'AUDIT_POLICY'],
      ],
    )
  })

  it('says what was being done, why it failed and what to do', () => {
    const { error } = failedRun(run, apiError('IAM_PERMISSION_DENIED', 403)).record
    assert.match(
      error,
      /^Listing the assets of organizations\/9 failed: .*; grant .*\. To see all that a run needs, and what is missing: npx gemini-key-audit doctor --scope organizations\/9$/,
    )
  })

  it('keeps the words of a fault of the program out of what is shown: they may hold anything', () => {
    const { error } = failedRun(run, new TypeError('token ya29.secret')).record
    assert.match(error, /TypeError/)
    assert.doesNotMatch(error, /secret/)
  })
})
