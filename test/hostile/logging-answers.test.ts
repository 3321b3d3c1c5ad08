import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { OAuth2Client } from 'google-auth-library'
import { DeliveryError } from '../../src/deliver/delivery.js'
import { RecordLog } from '../../src/deliver/logging.js'
import { entryOf } from '../../src/records/entries.js'
import { record } from '../report/samples.js'
import { rawAnswers } from './answers.js'
import { cases } from './cases.js'
import { type RawServer, startRawServer } from './server.js'

const FIELDS = ['error', 'code', 'message', 'status', 'details', '__proto__', 'constructor', 'toString']
const ERROR_INFO = '@type'
const GOOD: readonly unknown[] = [
  {},
  { error: { code: 400, message: '\u001b[2J no, Bearer ya29.NEVERtold', status: 'INVALID_ARGUMENT' } },
  {
    error: {
      code: 403,
      message: 'off',
      status: 'PERMISSION_DENIED',
      details: [
        {
          [ERROR_INFO]: 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'SERVICE_DISABLED',
          domain: 'googleapis.com',
          metadata: { consumer: 'projects/$(touch canary)' },
        },
      ],
    },
  },
]

describe('Hostile answers of Cloud Logging', function () {
  this.timeout(60_000)

  let server: RawServer

  before(async () => {
    server = await startRawServer()
  })

  after(() => server.stop())

  it('end as written records or as failures that say what to do', async () => {
    const authClient = new OAuth2Client()
    authClient.setCredentials({ access_token: 'ya29.NEVERtold' })
    const limits = { timeout: 50, waitLimit: 10, wait: 1 }
    const options = { project: 'audit-project', logName: 'x', authClient, origin: server.origin, limits }
    const log = new RecordLog(options)
    await fc.assert(
      fc.asyncProperty(rawAnswers(FIELDS, GOOD, [200, 200, 204, 400, 401, 403, 404, 409]), async (answer) => {
        server.answer = () => answer
        const ended = await log.write([entryOf(record())]).catch((error: unknown) => error)
        if (ended === 1) return
        assert.ok(ended instanceof DeliveryError, inspect(ended))
        assert.doesNotMatch(ended.message, /\p{Cc}|NEVERtold|gcloud [^(]*touch canary/u)
        assert.doesNotMatch(inspect(ended, { depth: 10 }), /NEVERtold/)
      }),
      cases(60),
    )
  })
})
