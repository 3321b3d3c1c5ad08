import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { Logging, type LoggingOptions } from '@google-cloud/logging'
import { LogLevel, WebClient } from '@slack/web-api'
import { OAuth2Client } from 'google-auth-library'
import { apikeys_v2 } from 'googleapis/build/src/apis/apikeys/index.js'
import { cloudasset_v1 } from 'googleapis/build/src/apis/cloudasset/index.js'
import { cloudresourcemanager_v3 } from 'googleapis/build/src/apis/cloudresourcemanager/index.js'
import { monitoring_v3 } from 'googleapis/build/src/apis/monitoring/index.js'
import { serviceusage_v1 } from 'googleapis/build/src/apis/serviceusage/index.js'
import { storage_v1 } from 'googleapis/build/src/apis/storage/index.js'
import type { Simulator } from '../../simulator/simulator.js'
import { type Ask, SMALL, simulated, worldOf } from './simulated.js'

/** Credentials that any simulator takes. */
function credentials(): OAuth2Client {
  const client = new OAuth2Client()
  client.setCredentials({ access_token: 'simulated' })
  return client
}

const optionsOf = (simulator: Simulator) => ({
  rootUrl: `${simulator.origin}/`,
  auth: credentials(),
  retry: false,
})

describe("the vendors' own clients", () => {
  it('read keys, assets, projects, services and traffic', async () => {
    await simulated(SMALL, async (_ask, simulator) => {
      const options = optionsOf(simulator)
      const keys = await new apikeys_v2.Apikeys(options).projects.locations.keys.list({
        parent: 'projects/102/locations/global',
      })
      assert.equal(keys.data.keys?.length, 4)
      const asset = new cloudasset_v1.Cloudasset(options)
      const assets = await asset.assets.list({
        parent: 'organizations/9',
        assetTypes: ['apikeys.googleapis.com/Key', 'cloudresourcemanager.googleapis.com/Project'],
        contentType: 'RESOURCE',
      })
      assert.equal(assets.data.assets?.length, 8)
      const found = await asset.v1.searchAllResources({
        scope: 'organizations/9',
        query: 'state:ENABLED name:*maps*',
      })
      assert.equal(found.data.results?.[0]?.project, 'projects/102')
      const projects = await new cloudresourcemanager_v3.Cloudresourcemanager(options).projects.search({
        pageSize: 2,
      })
      assert.ok(projects.data.nextPageToken)
      const service = await new serviceusage_v1.Serviceusage(options).services.get({
        name: 'projects/102/services/generativelanguage.googleapis.com',
      })
      assert.equal(service.data.state, 'ENABLED')
      const series = await new monitoring_v3.Monitoring(options).projects.timeSeries.list({
        name: 'projects/acme-web',
        filter: 'metric.type="serviceruntime.googleapis.com/api/request_count"',
        'interval.startTime': '2026-11-20T07:00:00Z',
        'interval.endTime': '2026-11-23T07:00:00Z',
      })
      assert.equal(series.data.timeSeries?.[0]?.points?.length, 3)
    })
  })

  it('get Google’s errors as errors', async () => {
    await simulated(SMALL, async (_ask, simulator) => {
      const list = new apikeys_v2.Apikeys(optionsOf(simulator)).projects.locations.keys.list({
        parent: 'projects/999/locations/global',
      })
      await assert.rejects(list, { status: 403 })
    })
  })

  it('put content into buckets and take it out', async () => {
    await simulated(SMALL, async (_ask, simulator) => {
      const options = optionsOf(simulator)
      const storage = new storage_v1.Storage(options)
      const put = () =>
        storage.objects.insert(
          {
            bucket: 'archive',
            name: 'a/b c',
            ifGenerationMatch: '0',
            media: { body: Readable.from(['content']) },
          },
          { rootUrl: options.rootUrl },
        )
      assert.equal((await put()).data.size, '7')
      await assert.rejects(put, { status: 412 })
      const got = await storage.objects.get(
        { bucket: 'archive', object: 'a/b c', alt: 'media' },
        { responseType: 'text' },
      )
      assert.equal(got.data, 'content')
    })
  })

  it('write log entries and read them back', async () => {
    const write = async (_ask: Ask, simulator: Simulator) => {
      const options: LoggingOptions & { fallback: boolean; protocol: string; authClient: OAuth2Client } = {
        projectId: 'auditor-home',
        apiEndpoint: '127.0.0.1',
        port: Number(new URL(simulator.origin).port),
        fallback: true,
        protocol: 'http',
        authClient: credentials(),
      }
      const logging = new Logging(options)
      const log = logging.log('audit')
      const metadata = {
        insertId: 'a',
        severity: 'ERROR',
        labels: { record: 'key' },
        resource: { type: 'global' },
      }
      await log.write([log.entry(metadata, { verdict: 'overdue', list: [1, 2] })])
      await log.write([log.entry({ ...metadata, insertId: 'b', severity: 'INFO' }, { verdict: 'due' })])
      const [entries] = await logging.getEntries({
        resourceNames: ['projects/auditor-home'],
        filter: 'severity>=WARNING AND labels.record="key"',
      })
      assert.deepEqual(
        entries.map((entry) => entry.data),
        [{ list: [1, 2], verdict: 'overdue' }],
      )
    }
    const now = () => new Date() // Google's client dates entries by the machine's clock
    await simulated(worldOf(SMALL, now()), write, { now })
  })

  it('post to Slack and share files', async () => {
    await simulated(SMALL, async (_ask, simulator) => {
      const slack = new WebClient('xoxb-simulated', {
        slackApiUrl: simulator.slackUrl,
        retryConfig: { retries: 0 },
        logLevel: LogLevel.ERROR,
      })
      const { ts = '' } = await slack.chat.postMessage({ channel: 'C01', text: 'Hello' })
      await slack.filesUploadV2({ channel_id: 'C01', thread_ts: ts, filename: 'keys.csv', content: 'a,b\n' })
      assert.equal(simulator.slackFiles()[0]?.content.toString(), 'a,b\n')
      assert.equal((await slack.conversations.replies({ channel: 'C01', ts })).messages?.length, 2)
      await assert.rejects(slack.chat.postMessage({ channel: 'C99', text: 'x' }), /channel_not_found/)
    })
  })
})
