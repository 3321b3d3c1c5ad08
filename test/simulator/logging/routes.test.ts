import assert from 'node:assert/strict'
import { type Ask, posting, SMALL, simulated } from '../simulated.js'

const LOG = 'projects/auditor-home/logs/audit'
const AT = '2026-11-23T07:00:00Z'

/** A write request with these entries, each completed by what is needed. */
const writing = (entries: readonly object[], more: object = {}) =>
  posting({
    logName: LOG,
    resource: { type: 'global' },
    entries: entries.map((entry) => ({ timestamp: AT, jsonPayload: { a: 1 }, ...entry })),
    ...more,
  })
const write = (ask: Ask, entries: readonly object[], more: object = {}) =>
  ask('/v2/entries:write', writing(entries, more))
const list = async (ask: Ask, filter: string, more: object = {}) =>
  (await ask('/v2/entries:list', posting({ resourceNames: ['projects/auditor-home'], filter, ...more }))).body

describe('Cloud Logging', () => {
  it('stores what is written and completes it', async () => {
    await simulated(SMALL, async (ask, simulator) => {
      const { status, body } = await write(
        ask,
        [{ insertId: 'a', severity: 'ERROR', labels: { record: 'key' } }],
        {
          labels: { audit: 'x' },
        },
      )
      assert.deepEqual([status, body], [200, {}])
      const [entry] = simulator.logEntries()
      assert.deepEqual(entry?.labels, { audit: 'x', record: 'key' })
      assert.deepEqual(entry?.resource, { type: 'global', labels: { project_id: 'auditor-home' } })
    })
  })

  it('checks a dry run and stores nothing', async () => {
    await simulated(SMALL, async (ask, simulator) => {
      assert.equal((await write(ask, [{}], { dryRun: true })).status, 200)
      assert.equal((await write(ask, [{ labels: 7 }], { dryRun: true })).status, 400)
      assert.equal(simulator.logEntries().length, 0)
    })
  })

  /** An entry whose JSON is exactly so many bytes long. */
  const ofSize = (bytes: number) => {
    const empty = { timestamp: AT, jsonPayload: { a: '' } }
    return { jsonPayload: { a: 'x'.repeat(bytes - JSON.stringify(empty).length) } }
  }

  it('takes an entry of 256 KiB and none that is larger', async () => {
    await simulated(SMALL, async (ask, simulator) => {
      assert.equal((await write(ask, [ofSize(262_144)])).status, 200)
      const { status, body } = await write(ask, [{}, ofSize(262_145)])
      assert.equal(status, 400)
      assert.match(body.error.message, /exceeds maximum size/)
      assert.equal(simulator.logEntries().length, 1)
    })
  })

  it('takes no request of more than 10 MB', async () => {
    await simulated(SMALL, async (ask) => {
      assert.equal((await write(ask, Array(39).fill(ofSize(262_144)))).status, 200)
      assert.equal((await write(ask, Array(41).fill(ofSize(262_144)))).status, 400)
    })
  })

  const refused: readonly [string, readonly object[], object, number][] = [
    ['no entries', [], {}, 400],
    ['an entry without payload', [{ jsonPayload: undefined }], {}, 400],
    ['a log that has no name', [{}], { logName: 'audit' }, 400],
    ['no resource', [{}], { resource: undefined }, 400],
    ['a field that does not exist', [{ colour: 'red' }], {}, 400],
    ['labels that are no text', [{ labels: { a: 1 } }], {}, 400],
    [
      'more than 64 labels',
      [{ labels: Object.fromEntries(Array.from({ length: 65 }, (_n, i) => [`l${i}`, ''])) }],
      {},
      400,
    ],
    ['an insertId of more than 512', [{ insertId: 'x'.repeat(513) }], {}, 400],
    ['a time that is none', [{ timestamp: 'now' }], {}, 400],
    ['a project that is not there', [{}], { logName: 'projects/nowhere/logs/audit' }, 403],
  ]
  for (const [what, entries, more, status] of refused) {
    it(`answers ${status} to ${what}`, async () => {
      await simulated(SMALL, async (ask, simulator) => {
        assert.equal((await write(ask, entries, more)).status, status)
        assert.equal(simulator.logEntries().length, 0)
      })
    })
  }

  it('is denied where a world says so', async () => {
    await simulated(`${SMALL}\ndenied: [{read: logs, project: auditor-home}]`, async (ask) => {
      assert.equal((await write(ask, [{}])).status, 403)
    })
  })

  const queries: readonly [string, readonly string[]][] = [
    ['', ['a', 'b', 'c']],
    ['severity>=WARNING', ['b', 'c']],
    ['severity=ERROR', ['c']],
    [`logName="${LOG}"`, ['a', 'b', 'c']],
    ['labels.record="key"', ['a', 'b']],
    ['labels."record"!="key"', ['c']],
    ['jsonPayload.verdict="overdue" AND jsonPayload.usage.gemini.accepted>100', ['b']],
    ['jsonPayload.targets="maps"', ['a']],
    ['jsonPayload.verdict:over', ['b']],
    ['jsonPayload.verdict=~"^over|^due"', ['b', 'c']],
    ['insertId=("a" OR "c")', ['a', 'c']],
    ['timestamp>="2026-11-23T07:00:01Z"', ['c']],
    ['NOT labels.record:*', ['c']],
    ['overdue', ['b']],
    ['log_id("audit") severity>=WARNING', ['b', 'c']],
    ['log_id("another")', []],
  ]
  for (const [filter, ids] of queries) {
    it(`finds ${ids.join(', ')} by ${filter || 'nothing'}`, async () => {
      await simulated(SMALL, async (ask) => {
        await write(ask, [
          {
            insertId: 'a',
            labels: { record: 'key' },
            jsonPayload: { verdict: 'compliant', targets: ['maps', 'x'] },
          },
          {
            insertId: 'b',
            severity: 'WARNING',
            labels: { record: 'key' },
            jsonPayload: { verdict: 'overdue', usage: { gemini: { accepted: 1200 } } },
          },
          {
            insertId: 'c',
            severity: 'ERROR',
            timestamp: '2026-11-23T07:00:01Z',
            jsonPayload: { verdict: 'due' },
          },
        ])
        const { entries = [] } = await list(ask, filter)
        assert.deepEqual(
          entries.map((entry: { insertId: string }) => entry.insertId),
          ids,
        )
      })
    })
  }

  it('lists in pages and in the order that is asked for', async () => {
    await simulated(SMALL, async (ask) => {
      await write(
        ask,
        ['a', 'b', 'c'].map((insertId, index) => ({ insertId, timestamp: `2026-11-23T07:00:0${index}Z` })),
      )
      const first = await list(ask, '', { orderBy: 'timestamp desc', pageSize: 2 })
      const second = await list(ask, '', {
        orderBy: 'timestamp desc',
        pageSize: 2,
        pageToken: first.nextPageToken,
      })
      assert.deepEqual(
        [...first.entries, ...second.entries].map((entry) => entry.insertId),
        ['c', 'b', 'a'],
      )
      assert.equal(second.nextPageToken, undefined)
    })
  })

  it('gives payloads back without their order, as a Struct does', async () => {
    await simulated(SMALL, async (ask) => {
      await write(ask, [{ jsonPayload: { b: 1, a: { d: 1, c: 2 } } }])
      const { entries } = await list(ask, '')
      assert.equal(JSON.stringify(entries[0].jsonPayload), '{"a":{"c":2,"d":1},"b":1}')
    })
  })

  for (const body of [{}, { resourceNames: ['projects/auditor-home'], orderBy: 'severity' }]) {
    it(`refuses to list by ${JSON.stringify(body)}`, async () => {
      await simulated(SMALL, async (ask) =>
        assert.equal((await ask('/v2/entries:list', posting(body))).status, 400),
      )
    })
  }
})
