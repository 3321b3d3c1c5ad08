import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { CALLS } from '../../src/google/calls.js'
import { ApiError } from '../../src/google/errors.js'
import { isOurOwn } from '../../src/inventory/failures.js'
import { PROJECT } from '../report/samples.js'

describe('a request about a project that failed', () => {
  const rows: readonly (readonly [
    string,
    { reason: string; status?: number; consumer?: string },
    boolean,
  ])[] = [
    [
      'its own API is off, told by its number',
      { reason: 'SERVICE_DISABLED', consumer: PROJECT.number },
      false,
    ],
    ['its own API is off, told by its ID', { reason: 'SERVICE_DISABLED', consumer: PROJECT.id }, false],
    ['the API of another project is off', { reason: 'SERVICE_DISABLED', consumer: 'auditor' }, true],
    ['the API of a project is off that nobody names', { reason: 'SERVICE_DISABLED' }, true],
    ['the auditor has no permission there', { reason: 'IAM_PERMISSION_DENIED', consumer: 'auditor' }, false],
    ['the auditor is not known', { reason: 'UNAUTHENTICATED', status: 401 }, true],
  ]
  for (const [why, failure, expected] of rows) {
    it(`${expected ? 'lies with the auditor' : 'concerns that project alone'} where ${why}`, () => {
      const error = new ApiError(CALLS.listKeys, `projects/${PROJECT.number}`, {
        status: 403,
        ...failure,
      })
      assert.equal(isOurOwn(error, PROJECT), expected)
    })
  }
})
