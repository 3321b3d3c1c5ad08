import assert from 'node:assert/strict'
import { startSimulator } from '../../simulator/simulator.js'
import { NOW, smallWorld } from '../end-to-end/stage.js'

interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever was answered
  readonly body: any
}
type Ask = (method: string, path: string, body?: unknown) => Promise<Answer>

async function asked(use: (ask: Ask) => Promise<void>): Promise<void> {
  const simulator = await startSimulator({ world: smallWorld('[]'), now: () => NOW })
  try {
    await use(async (method, path, body) => {
      const answer = await fetch(`${simulator.origin}${path}`, {
        method,
        headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
    })
  } finally {
    await simulator.stop()
  }
}

const SECRETS = '/v1/projects/auditor-1/secrets'
const replication = { userManaged: { replicas: [{ location: 'europe-west1' }] } }

describe('the simulator’s installation', () => {
  it('keeps what is made, and gives it back, changed and listed, until it is deleted', async () => {
    await asked(async (ask) => {
      const made = await ask('POST', `${SECRETS}?secretId=slack`, { replication })
      assert.deepEqual(made.body, {
        createTime: '2026-11-23T07:00:00Z',
        name: 'projects/auditor-1/secrets/slack',
        replication,
      })
      assert.deepEqual((await ask('GET', `${SECRETS}/slack`)).body, made.body)
      const changed = await ask('PATCH', `${SECRETS}/slack?updateMask=labels`, {
        labels: { team: 'security' },
        annotations: { not: 'asked for' },
      })
      assert.deepEqual(changed.body, { ...made.body, labels: { team: 'security' } })
      assert.deepEqual((await ask('GET', SECRETS)).body, { secrets: [changed.body] })
      assert.equal((await ask('DELETE', `${SECRETS}/slack`)).status, 200)
      assert.equal((await ask('GET', `${SECRETS}/slack`)).status, 404)
    })
  })

  it('refuses a name that is taken, fields that are unknown, and a resource without a name', async () => {
    await asked(async (ask) => {
      await ask('POST', `${SECRETS}?secretId=slack`, { replication })
      const answers = [
        await ask('POST', `${SECRETS}?secretId=slack`, { replication }),
        await ask('POST', `${SECRETS}?secretId=other`, { replikation: replication }),
        await ask('POST', SECRETS, { replication }),
        await ask('PATCH', `${SECRETS}/missing?updateMask=labels`, {}),
        await ask('POST', '/v1/projects/auditor-1/serviceAccounts', {
          accountId: 'Audit',
          serviceAccount: {},
        }),
      ]
      assert.deepEqual(
        answers.map(({ status }) => status),
        [409, 400, 400, 404, 400],
      )
    })
  })

  it('sets a policy only on what its writer has read', async () => {
    await asked(async (ask) => {
      const path = '/v1/projects/auditor-1'
      const read = await ask('POST', `${path}:getIamPolicy`, {})
      const condition = { title: 'sources', expression: 'true' }
      const bindings = [{ role: 'roles/run.builder', members: ['user:ada@acme.example'], condition }]
      const set = (etag: string) =>
        ask('POST', `${path}:setIamPolicy`, { policy: { version: 3, etag, bindings } })
      assert.equal((await set(read.body.etag)).status, 200)
      assert.equal((await set(read.body.etag)).status, 409)
      const after = await ask('POST', `${path}:getIamPolicy`, {})
      assert.deepEqual([after.body.version, after.body.bindings], [3, bindings])
    })
  })

  it('finds an account by its email alone', async () => {
    await asked(async (ask) => {
      await ask('POST', '/v1/projects/auditor-1/serviceAccounts', {
        accountId: 'audit-run',
        serviceAccount: { displayName: 'Runs' },
      })
      const email = 'audit-run@auditor-1.iam.gserviceaccount.com'
      const { body } = await ask('GET', `/v1/projects/-/serviceAccounts/${email}`)
      assert.deepEqual([body.email, body.displayName, body.projectId], [email, 'Runs', 'auditor-1'])
    })
  })

  it('enables services for those who ask afterwards', async () => {
    await asked(async (ask) => {
      const state = async () =>
        (await ask('GET', '/v1/projects/auditor-1/services/storage.googleapis.com')).body.state
      assert.equal(await state(), 'DISABLED')
      await ask('POST', '/v1/projects/auditor-1/services:batchEnable', {
        serviceIds: ['storage.googleapis.com'],
      })
      assert.equal(await state(), 'ENABLED')
    })
  })

  it('shows sinks, exclusions and buckets that were made beside those of every project', async () => {
    await asked(async (ask) => {
      const project = '/v2/projects/auditor-1'
      await ask('POST', `${project}/locations/europe-west1/buckets:createAsync?bucketId=audit`, {
        retentionDays: 400,
        cmekSettings: null,
      })
      await ask('POST', `${project}/sinks?uniqueWriterIdentity=true`, { name: 'audit', destination: 'x' })
      await ask('POST', `${project}/exclusions`, { name: 'audit', filter: 'log_id("audit")' })
      const { buckets } = (await ask('GET', `${project}/locations/-/buckets`)).body
      assert.deepEqual(
        buckets.slice(-1).map(({ name, retentionDays }: Answer['body']) => [name, retentionDays]),
        [['projects/auditor-1/locations/europe-west1/buckets/audit', 400]],
      )
      const { sinks } = (await ask('GET', `${project}/sinks`)).body
      assert.ok(sinks.some(({ name }: Answer['body']) => name === 'audit'))
      const usual = sinks.find(({ name }: Answer['body']) => name === '_Default')
      assert.ok(usual.exclusions.some(({ name }: Answer['body']) => name === 'audit'))
    })
  })

  it('makes buckets that keep what is in them, in places that are written large', async () => {
    await asked(async (ask) => {
      const named = { name: 'audits-of-acme', location: 'europe-west1' }
      const make = (body: object) => ask('POST', '/storage/v1/b?project=auditor-1', body)
      const made = await make({ ...named, retentionPolicy: { retentionPeriod: '86400' } })
      assert.deepEqual([made.body.location, made.body.projectNumber], ['EUROPE-WEST1', '1'])
      assert.equal((await make(named)).status, 409)
      assert.equal((await make({ name: 'A' })).status, 400)
      await ask('POST', '/upload/storage/v1/b/audits-of-acme/o?uploadType=media&name=run', 'x')
      assert.equal((await ask('DELETE', '/storage/v1/b/audits-of-acme/o/run')).status, 403)
      assert.equal((await ask('DELETE', '/storage/v1/b/audits-of-acme')).status, 409)
      await ask('PATCH', '/storage/v1/b/audits-of-acme', { retentionPolicy: null })
      assert.equal((await ask('DELETE', '/storage/v1/b/audits-of-acme/o/run')).status, 204)
      assert.equal((await ask('DELETE', '/storage/v1/b/audits-of-acme')).status, 204)
    })
  })

  it('deploys a function in an operation that is done at once, with a URL', async () => {
    await asked(async (ask) => {
      const path = '/v2/projects/auditor-1/locations/europe-west1/functions'
      const { body } = await ask('POST', `${path}?functionId=audit`, { buildConfig: {}, serviceConfig: {} })
      assert.equal(body.done, true)
      assert.match(body.response.serviceConfig.uri, /^https:\/\/audit-/)
    })
  })
})
