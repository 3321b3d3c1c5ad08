import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { listKeys } from '../../src/google/apikeys.js'
import { createGoogle, type GoogleClient } from '../../src/google/client.js'
import { listAssets, searchResources } from '../../src/google/cloudasset.js'
import { ApiError } from '../../src/google/errors.js'
import { listKeyTraffic } from '../../src/google/monitoring.js'
import { effectiveRules } from '../../src/google/orgpolicy.js'
import { getFolder, getProject, listFolders, listProjects } from '../../src/google/resourcemanager.js'
import { isEnabled } from '../../src/google/serviceusage.js'
import { createObject, listObjects, readObject, readPolicyObject } from '../../src/google/storage.js'
import { readProjectKeys } from '../../src/inventory/confirmation.js'
import { readUsage, windowBefore } from '../../src/inventory/usage.js'
import { PROJECT, RUN } from '../report/samples.js'
import { rawAnswers } from './answers.js'
import { cases } from './cases.js'
import { type RawServer, startRawServer } from './server.js'

async function all(pages: AsyncIterable<readonly unknown[]>): Promise<void> {
  for await (const page of pages) assert.ok(Array.isArray(page))
}

/** Every question that is put to Google. */
const QUESTIONS: Readonly<Record<string, (google: GoogleClient) => Promise<unknown>>> = {
  listAssets: (google) => all(listAssets(google, 'organizations/9', 'x')),
  searchResources: (google) => all(searchResources(google, 'organizations/9', 'x', 'y')),
  listKeys: (google) => all(listKeys(google, 'projects/1')),
  readProjectKeys: (google) => readProjectKeys(google, PROJECT),
  listProjects: (google) => all(listProjects(google, 'folders/1')),
  listFolders: (google) => all(listFolders(google, 'folders/1')),
  getProject: (google) => getProject(google, 'projects/1'),
  getFolder: (google) => getFolder(google, 'folders/1'),
  isEnabled: (google) => isEnabled(google, 'projects/1', 'x'),
  effectiveRules: (google) => effectiveRules(google, 'projects/1', 'x'),
  listKeyTraffic: (google) => all(listKeyTraffic(google, 'projects/1', { start: 'a', end: 'b' })),
  readUsage: (google) => readUsage(google, 'projects/1', windowBefore(RUN.reading)),
  readPolicyObject: (google) => readPolicyObject(google, 'bucket', 'object'),
  readObject: (google) => readObject(google, 'bucket', 'object'),
  createObject: (google) => createObject(google, 'bucket', 'object', Buffer.from('x')),
  listObjects: (google) => listObjects(google, 'bucket', 'prefix/', 'prefix/'),
}

const FIELDS = [
  ...['assets', 'results', 'keys', 'projects', 'folders', 'timeSeries', 'items', 'prefixes', 'nextPageToken'],
  ...['error', 'state', 'spec', 'name', 'parent', 'generation', 'kind', 'executionErrors', 'unreachable'],
  ...['__proto__', 'constructor', 'toString', 'then', 'toJSON'],
]

const ERROR_INFO = '@type'
const GOOD: readonly unknown[] = [
  { keys: [{ name: 'projects/123/locations/global/keys/a', uid: 'u', keyString: 'AIzaNEVER' }] },
  { assets: [{ name: 'x' }], nextPageToken: 'x' },
  { timeSeries: [], unit: '1' },
  { kind: 'storage#objects', items: [{ name: 'prefix/x' }] },
  { state: 'ENABLED' },
  {
    error: {
      status: 'PERMISSION_DENIED',
      message: 'no, ya29.NEVERtold0123 and Bearer NEVERtold',
      details: [
        {
          [ERROR_INFO]: 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'SERVICE_DISABLED',
          metadata: { consumer: 'projects/$(touch canary)', quota_limit: '__proto__' },
        },
        { [ERROR_INFO]: 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1e999s' },
      ],
    },
  },
  { error: 'x' },
  { error: { status: '\u001b[31m', message: '\u001b[2J\u202e', details: [{}] } },
]

const STATUSES = [200, 200, 200, 200, 201, 204, 206, 302, 400, 401, 403, 404, 412, 418, 500] as const

describe('Hostile answers of Google', function () {
  this.timeout(60_000)

  let server: RawServer
  let google: GoogleClient

  before(async () => {
    server = await startRawServer()
    const retryPolicy = { retries: 0, first: 1, longest: 1, total: 10 }
    google = createGoogle({ origin: server.origin, pace: 'off', retryPolicy, timeLimit: 5_000 })
  })

  after(() => server.stop())

  it('end as answers or as errors of the API that say what to do, never as faults of the program', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(QUESTIONS)),
        rawAnswers(FIELDS, GOOD, STATUSES),
        async (name, answer) => {
          server.answer = () => answer
          const ended = await QUESTIONS[name]?.(google).then(
            () => undefined,
            (error: unknown) => error,
          )
          if (ended === undefined) return
          assert.ok(ended instanceof ApiError, `${name}: ${inspect(ended)}`)
          assert.match(ended.reason, /^[A-Z][A-Z0-9_]*$/)
          assert.ok(ended.message.length < 2_000)
          assert.doesNotMatch(ended.message, /\p{Cc}|NEVER|touch canary/u)
          assert.doesNotMatch(inspect(ended, { depth: 10 }), /NEVER/)
        },
      ),
      cases(500),
    )
  })

  it('are asked for again from another page only as long as pages are new', async () => {
    let asked = 0
    server.answer = () => {
      asked += 1
      const body = JSON.stringify({ keys: [], nextPageToken: asked % 3 })
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: body.replace(/(\d)}$/, '"$1"}'),
      }
    }
    await assert.rejects(all(listKeys(google, 'projects/1')), { reason: 'REPEATED_PAGE_TOKEN' })
    assert.equal(asked, 4)
  })
})
