import assert from 'node:assert/strict'
import { type Ask, everything, simulated } from '../simulated.js'

const METRIC = 'metric.type="serviceruntime.googleapis.com/api/request_count"'
const BY = ['resource.labels.credential_id', 'resource.labels.service', 'metric.labels.response_code']

/** A world with one project whose only key, `uid-a`, has this traffic. */
const withTraffic = (lines: string, more = '') =>
  `{organization: {number: 9}, projects: [{id: acme-web, ${more} keys: [{id: chosen, uid: uid-a, traffic: [${lines}]}]}]}`

interface Asked {
  readonly start?: string
  readonly end?: string
  readonly filter?: string
  readonly by?: readonly string[]
  readonly more?: Readonly<Record<string, string>>
}

function pathOf({ start, end, filter, by = BY, more = {} }: Asked): string {
  const query = new URLSearchParams({
    filter: filter ?? METRIC,
    'interval.startTime': start ?? '2026-10-12T07:00:00Z',
    'interval.endTime': end ?? '2026-11-23T07:00:00Z',
    'aggregation.alignmentPeriod': '86400s',
    'aggregation.perSeriesAligner': 'ALIGN_SUM',
    'aggregation.crossSeriesReducer': 'REDUCE_SUM',
    ...more,
  })
  for (const field of by) query.append('aggregation.groupByFields', field)
  return `/v3/projects/acme-web/timeSeries?${query}`
}

/** Sums by response code over all points. */
async function sums(ask: Ask, asked: Asked = {}): Promise<Record<string, number>> {
  const { body } = await ask(pathOf(asked))
  const found: Record<string, number> = {}
  for (const series of body.timeSeries ?? []) {
    const code = series.metric.labels.response_code
    for (const point of series.points) found[code] = (found[code] ?? 0) + Number(point.value.int64Value)
  }
  return found
}

describe('Cloud Monitoring', () => {
  it('distinguishes keys by a resource label with their uid, not by their ID', async () => {
    await simulated(withTraffic('{daily: 7}'), async (ask) => {
      const { body } = await ask(pathOf({}))
      assert.deepEqual(body.timeSeries[0].resource, {
        type: 'consumed_api',
        labels: {
          project_id: 'acme-web',
          service: 'generativelanguage.googleapis.com',
          credential_id: 'apikey:uid-a',
        },
      })
      assert.deepEqual(body.timeSeries[0].metric.labels, { response_code: '200' })
    })
  })

  it('gives daily sums as text, newest first', async () => {
    await simulated(withTraffic('{daily: 7}'), async (ask) => {
      const [series] = (await ask(pathOf({}))).body.timeSeries
      assert.equal(series.points.length, 42)
      assert.deepEqual(series.points[0], {
        interval: { startTime: '2026-11-22T07:00:00Z', endTime: '2026-11-23T07:00:00Z' },
        value: { int64Value: '7' },
      })
      assert.ok(series.points[0].interval.endTime > series.points[1].interval.endTime)
    })
  })

  const windows: readonly [string, string, number][] = [
    ['a call right after the start', '{daily: 3, on: 2026-10-12, at: "07:00:01"}', 3],
    ['no call at the start itself', '{daily: 3, on: 2026-10-12, at: "07:00"}', 0],
    ['no call before it', '{daily: 3, on: 2026-10-12, at: "06:59:59"}', 0],
    ['a call at the very end', '{daily: 3, on: 2026-11-23, at: "07:00"}', 3],
    ['no call after the end', '{daily: 3, on: 2026-11-23, at: "07:00:01"}', 0],
  ]
  for (const [what, line, calls] of windows) {
    it(`counts ${what}`, async () => {
      await simulated(withTraffic(line), async (ask) => assert.equal((await sums(ask))['200'] ?? 0, calls))
    })
  }

  it('puts a call at the edge of two days into the earlier one', async () => {
    await simulated(withTraffic('{daily: 3, on: 2026-11-22, at: "07:00"}'), async (ask) => {
      const [series] = (await ask(pathOf({}))).body.timeSeries
      assert.equal(series.points[0].interval.endTime, '2026-11-22T07:00:00Z')
    })
  })

  it('knows nothing of the time to come', async () => {
    await simulated(withTraffic('{daily: 3, on: 2026-11-23, at: "12:00"}'), async (ask) => {
      assert.deepEqual(await sums(ask, { end: '2026-11-24T00:00:00Z' }), {})
    })
  })

  it('has forgotten what is older than six weeks, whatever is asked for', async () => {
    const traffic =
      '{daily: 3, on: 2026-10-12, at: "07:00"}, {code: 403, daily: 1, on: 2026-10-12, at: "07:00:01"}'
    await simulated(withTraffic(traffic), async (ask) => {
      assert.deepEqual(await sums(ask, { start: '2026-09-01T00:00:00Z' }), { 403: 1 })
    })
  })

  it('adds up what is not grouped by', async () => {
    const traffic =
      '{daily: 2, on: 3d ago}, {code: 403, daily: 1, on: 3d ago}, {service: translate, daily: 5, on: 2d ago}'
    await simulated(withTraffic(traffic), async (ask) => {
      assert.deepEqual(await sums(ask), { 200: 7, 403: 1 })
      const { body } = await ask(pathOf({ by: ['resource.labels.service'] }))
      assert.deepEqual(
        body.timeSeries.map(
          (series: { resource: { labels: { service: string } } }) => series.resource.labels.service,
        ),
        ['generativelanguage.googleapis.com', 'translate.googleapis.com'],
      )
      assert.equal(body.timeSeries[0].points[0].value.int64Value, '3')
    })
  })

  it('counts only the call days of a line that has few', async () => {
    await simulated(withTraffic('{daily: 10, every: 7, from: 14d ago, to: now}'), async (ask) => {
      assert.deepEqual(await sums(ask), { 200: 30 })
    })
  })

  const filters: readonly [string, Record<string, number>][] = [
    [`${METRIC} AND resource.labels.credential_id="apikey:uid-a"`, { 200: 1, 403: 1 }],
    [`${METRIC} AND resource.labels.credential_id="apikey:chosen"`, {}],
    [`${METRIC} AND metric.labels.credential_id="apikey:uid-a"`, {}],
    [`${METRIC} AND resource.labels.credential_id=starts_with("apikey:")`, { 200: 1, 403: 1 }],
    [`${METRIC} resource.type="consumed_api" metric.labels.response_code_class="4xx"`, { 403: 1 }],
    [`${METRIC} AND metric.label.response_code != "403"`, { 200: 1 }],
    [`${METRIC} AND metric.labels.response_code=one_of("403","429")`, { 403: 1 }],
    [
      `${METRIC} AND (metric.labels.response_code="403" OR metric.labels.response_code="200")`,
      { 200: 1, 403: 1 },
    ],
  ]
  for (const [filter, found] of filters) {
    it(`filters by ${filter.replace(METRIC, '…')}`, async () => {
      await simulated(
        withTraffic('{daily: 1, on: 3d ago}, {code: 403, daily: 1, on: 3d ago}'),
        async (ask) => {
          assert.deepEqual(await sums(ask, { filter }), found)
        },
      )
    })
  }

  it('pages by points, through the middle of a series', async () => {
    await simulated(withTraffic('{daily: 7}, {code: 403, daily: 1}'), async (ask) => {
      const all = await everything(ask, pathOf({ more: { pageSize: '10' } }), 'timeSeries')
      assert.equal(all.pages, 9) // 84 points
      const points = all.items.flatMap((series) => series.points)
      assert.equal(points.length, 84)
      assert.ok(all.items.some((series) => series.points.length < 10))
    })
  })

  it('leaves an empty list out', async () => {
    await simulated(withTraffic(''), async (ask) =>
      assert.deepEqual((await ask(pathOf({}))).body, { unit: '1' }),
    )
  })

  it('says so under status 200 when it answers in part only', async () => {
    await simulated(
      withTraffic('{daily: 7}, {code: 403, daily: 1}', 'partialTraffic: true,'),
      async (ask) => {
        const { status, body } = await ask(pathOf({}))
        assert.equal(status, 200)
        assert.equal(body.executionErrors.length, 1)
        assert.equal(body.timeSeries.length, 1)
      },
    )
  })

  const refused: readonly [string, Asked, number][] = [
    ['no metric', { filter: 'resource.type="consumed_api"' }, 400],
    ['another metric', { filter: 'metric.type="compute.googleapis.com/x"' }, 404],
    ['a start after the end', { start: '2026-11-24T00:00:00Z' }, 400],
    ['no time at all', { end: 'yesterday' }, 400],
    ['a period of less than a minute', { more: { 'aggregation.alignmentPeriod': '59s' } }, 400],
    ['a filter that is none', { filter: `${METRIC} AND` }, 400],
    ['a field that does not exist', { filter: `${METRIC} AND colour="red"` }, 400],
  ]
  for (const [what, asked, status] of refused) {
    it(`answers ${status} to ${what}`, async () => {
      await simulated(withTraffic('{daily: 1}'), async (ask) =>
        assert.equal((await ask(pathOf(asked))).status, status),
      )
    })
  }
})
