import assert from 'node:assert/strict'
import fc from 'fast-check'
import { OAuth2Client } from 'google-auth-library'
import { RecordLog } from '../../src/deliver/logging.js'
import { canonical, sha256 } from '../../src/records/canonical.js'
import { entryOf } from '../../src/records/entries.js'
import { onStage, smallWorld } from '../end-to-end/stage.js'
import { cases } from './cases.js'
import { digestFacts, records } from './records.js'

/** Cloud Logging's limit of an entry. @see https://cloud.google.com/logging/quotas#log-limits */
const LARGEST_ENTRY = 256 * 1024

/** Bytes of a label's value. */
const LARGEST_LABEL = 64 * 1024

/** UTF-8 cannot carry lone surrogates, which JSON would write as escapes. */
function assertWellFormed(value: object): void {
  JSON.stringify(value, (name, each: unknown) => {
    assert.ok(name.isWellFormed() && (typeof each !== 'string' || each.isWellFormed()), name)
    return each
  })
}

describe('Hostile names in Cloud Logging', function () {
  this.timeout(60_000)

  it('are data: an entry is one entry within the limits, and says what the record says', () => {
    fc.assert(
      fc.property(digestFacts, ({ run, keys, gaps }) => {
        for (const record of [run, ...keys, ...gaps]) {
          const entry = entryOf(record)
          const json = JSON.stringify(entry)
          assert.ok(Buffer.byteLength(json) < LARGEST_ENTRY)
          assertWellFormed(entry)
          assert.deepEqual(JSON.parse(json).payload, JSON.parse(JSON.stringify(record)))
          assert.equal(entry.insertId, sha256(canonical(JSON.parse(json).payload)))
          for (const label of Object.values(entry.labels)) assert.ok(Buffer.byteLength(label) < LARGEST_LABEL)
        }
      }),
      cases(300),
    )
  })

  it('arrive as they were sent, in their order of names', async () => {
    const authClient = new OAuth2Client()
    authClient.setCredentials({ access_token: 'simulated' })
    await onStage(smallWorld('[]'), async ({ simulator }) => {
      const log = new RecordLog({ project: 'auditor-1', logName: 'x', authClient, origin: simulator.origin })
      const entries = fc.sample(records, cases(40)).map((record) => entryOf(record))
      await log.write(entries)
      const arrived = new Map(simulator.logEntries().map((entry) => [entry.insertId, entry]))
      for (const { insertId, payload, labels } of entries) {
        assert.deepEqual(arrived.get(insertId)?.jsonPayload, JSON.parse(JSON.stringify(payload)))
        assert.deepEqual(arrived.get(insertId)?.labels, labels)
      }
    })
  })
})
