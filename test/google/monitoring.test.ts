import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'mocha'
import { ApiError } from '../../src/google/errors.js'
import { listKeyTraffic } from '../../src/google/monitoring.js'
import { effectiveRules } from '../../src/google/orgpolicy.js'
import { clientOf, collect, type StandIn, startStandIn } from './stand-in.js'

const INTERVAL = { start: '2026-10-12T00:00:00Z', end: '2026-11-24T00:00:00Z' }

describe('the traffic of a project', () => {
  let standIn: StandIn | undefined

  afterEach(() => standIn?.stop())

  it('is asked in one request, by the label of the resource, in sums of a day', async () => {
    standIn = await startStandIn(() => ({ body: { unit: '1' } }))
    assert.deepEqual(await collect(listKeyTraffic(clientOf(standIn), 'projects/1', INTERVAL)), [])
    const [asked, ...more] = standIn.asked
    assert.deepEqual(more, [])
    assert.equal(asked?.path, '/v3/projects/1/timeSeries')
    assert.deepEqual(
      [...(asked?.query ?? [])],
      [
        [
          'filter',
          'metric.type="serviceruntime.googleapis.com/api/request_count" AND resource.type="consumed_api" AND resource.labels.credential_id=starts_with("apikey:")',
        ],
        ['interval.startTime', '2026-10-12T00:00:00Z'],
        ['interval.endTime', '2026-11-24T00:00:00Z'],
        ['aggregation.alignmentPeriod', '86400s'],
        ['aggregation.perSeriesAligner', 'ALIGN_SUM'],
        ['aggregation.crossSeriesReducer', 'REDUCE_SUM'],
        ['aggregation.groupByFields', 'resource.labels.credential_id'],
        ['aggregation.groupByFields', 'resource.labels.service'],
        ['aggregation.groupByFields', 'metric.labels.response_code'],
        ['view', 'FULL'],
        ['pageSize', '100000'],
      ],
    )
  })

  it('keeps its question from page to page', async () => {
    standIn = await startStandIn(({ query }) =>
      query.get('pageToken')
        ? { body: { timeSeries: [2] } }
        : { body: { timeSeries: [1], nextPageToken: 'next' } },
    )
    assert.deepEqual(await collect(listKeyTraffic(clientOf(standIn), 'projects/1', INTERVAL)), [1, 2])
    const [first, second] = standIn.asked.map(({ query }) => new URLSearchParams(query))
    second?.delete('pageToken')
    assert.equal(second?.toString(), first?.toString())
  })

  for (const partial of [
    { executionErrors: [{ code: 4, message: 'deadline exceeded' }] },
    { unreachable: ['us-east1'] },
    { unreachable: 'us-east1' },
  ]) {
    it(`is not known from an answer with ${JSON.stringify(partial)}`, async () => {
      standIn = await startStandIn(() => ({ body: { timeSeries: [1], ...partial } }))
      const { asked } = standIn
      const reading = collect(listKeyTraffic(clientOf(standIn), 'projects/1', INTERVAL))
      await assert.rejects(reading, (error) => {
        assert.ok(error instanceof ApiError)
        assert.equal(error.reason, 'INCOMPLETE_ANSWER')
        assert.equal(
          error.because,
          'Reading the traffic of projects/1 failed: monitoring.googleapis.com could answer only in part, and said so',
        )
        return true
      })
      assert.equal(asked.length, 1)
    })
  }

  for (const whole of [{}, { executionErrors: [], unreachable: [] }, { unreachable: null }]) {
    it(`is known from an answer with ${JSON.stringify(whole)}`, async () => {
      standIn = await startStandIn(() => ({ body: { timeSeries: [1], ...whole } }))
      assert.deepEqual(await collect(listKeyTraffic(clientOf(standIn), 'projects/1', INTERVAL)), [1])
    })
  }

  it('is not known where a later page is partial', async () => {
    standIn = await startStandIn(({ query }) =>
      query.get('pageToken')
        ? { body: { timeSeries: [2], executionErrors: [{}] } }
        : { body: { timeSeries: [1], nextPageToken: 'next' } },
    )
    await assert.rejects(
      collect(listKeyTraffic(clientOf(standIn), 'projects/1', INTERVAL)),
      /INCOMPLETE_ANSWER/,
    )
  })
})

describe('an effective policy', () => {
  let standIn: StandIn | undefined

  afterEach(() => standIn?.stop())

  async function rulesFrom(body: unknown) {
    standIn = await startStandIn(() => ({ body }))
    return effectiveRules(clientOf(standIn), 'projects/1', 'iam.managed.some')
  }

  it('is asked of the project, by the name of the constraint', async () => {
    await rulesFrom({ spec: {} })
    assert.deepEqual(
      standIn?.asked.map(({ path, query }) => [path, query.toString()]),
      [['/v2/projects/1/policies/iam.managed.some:getEffectivePolicy', '']],
    )
  })

  it('has its rules, with what they say of enforcement and their parameters', async () => {
    const rules = [{ enforce: true, parameters: { allowedServices: ['a'] } }, { enforce: false }, {}]
    assert.deepEqual(await rulesFrom({ name: 'n', spec: { rules } }), rules)
  })

  it('has none where Google leaves them out', async () => {
    for (const body of [{}, { spec: null }, { spec: {} }, { spec: { rules: null } }]) {
      assert.deepEqual(await rulesFrom(body), [])
      await standIn?.stop()
    }
  })

  it('says nothing of enforcement where that is no boolean', async () => {
    const rules = [{ enforce: 'yes', parameters: 7 }]
    assert.deepEqual(await rulesFrom({ spec: { rules } }), [{ enforce: undefined, parameters: undefined }])
  })
})
