import assert from 'node:assert/strict'
import { Log, type LogEntry } from '../../../simulator/logging/log.js'
import { NOW } from '../simulated.js'

const DAY = 86_400_000

/** An entry of this log, as old as given. */
function entry(differences: Partial<LogEntry> = {}, age = 0): LogEntry {
  return {
    logName: 'projects/acme/logs/audit',
    insertId: 'a',
    timestamp: new Date(NOW.getTime() - age).toISOString(),
    receiveTimestamp: NOW.toISOString(),
    severity: 'INFO',
    resource: { type: 'global' },
    labels: {},
    textPayload: 'x',
    ...differences,
  }
}

const logOf = (...entries: LogEntry[]) => {
  const log = new Log(30, () => NOW)
  log.write(entries)
  return log
}

describe('a log bucket', () => {
  it('shows entries with the same project, time and insertId once, and exports each', () => {
    const log = logOf(entry(), entry({ logName: 'projects/acme/logs/other' }), entry())
    assert.equal(log.entries().length, 1)
    assert.equal(log.written.length, 3)
  })

  const others: readonly [string, Partial<LogEntry>, number][] = [
    ['another insertId', { insertId: 'b' }, 0],
    ['another time', {}, 1],
    ['another project', { logName: 'projects/other/logs/audit' }, 0],
  ]
  for (const [what, differences, age] of others) {
    it(`shows both where one has ${what}`, () => {
      assert.equal(logOf(entry(), entry(differences, age)).entries().length, 2)
    })
  }

  const ages: readonly [string, number, number][] = [
    ['as old as the retention', 30 * DAY, 1],
    ['older than the retention', 30 * DAY + 1, 0],
    ['24 hours ahead', -DAY, 1],
    ['further ahead', -DAY - 1, 0],
  ]
  for (const [what, age, stored] of ages) {
    it(`${stored ? 'stores' : 'takes without storing'} an entry ${what}`, () => {
      const log = logOf(entry({}, age))
      assert.equal(log.written.length, stored)
      assert.equal(log.dropped, 1 - stored)
    })
  }

  it('only counts if asked to, by the kind of record', () => {
    const log = new Log(30, () => NOW, 'counted')
    log.write([
      entry({ labels: { record: 'key' } }),
      entry({ labels: { record: 'key' } }),
      entry({}, 31 * DAY),
    ])
    assert.deepEqual([[...log.counts], log.written, log.dropped], [[['key', 2]], [], 1])
  })
})
