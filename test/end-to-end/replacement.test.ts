import assert from 'node:assert/strict'
import { keysOf } from '../../src/history/judged-run.js'
import type { KeyRecord } from '../../src/records/key-record.js'
import { attempt } from '../program.js'
import { assertRecords } from '../record-forms.js'
import { NOW, onStage, smallWorld } from './stage.js'

const GEMINI = 'targets: [generativelanguage]'

/** The records of the keys of one project, by display name. */
async function recordsOf(keys: string): Promise<Readonly<Record<string, KeyRecord>>> {
  const found: KeyRecord[] = []
  await onStage(smallWorld(`[${keys}]`), async ({ env }) => {
    const { run } = await attempt({ flags: {}, env }, { now: () => NOW, deliver: false })
    assert.ok(run.kind === 'judged')
    for await (const record of keysOf(run)) found.push(record)
  })
  assertRecords(found)
  return Object.fromEntries(found.map((record) => [record.key.displayName ?? '', record]))
}

const OLD = `{id: old, name: Search, ${GEMINI}, created: 400d ago, traffic: [{daily: 90, to: 2026-11-13}, {daily: 2, from: 2026-11-14}]}`
const BOUND = `${GEMINI}, serviceAccountEmail: search@gemini-1.iam.gserviceaccount.com`

describe('the record of a standard key', () => {
  it('names the auth key that probably replaces it, with why, as a guess, and the calls of both', async () => {
    const { Search } = await recordsOf(
      `${OLD}, {id: new, name: Search (auth), ${BOUND}, created: 2026-11-12, traffic: [{daily: 85, from: 2026-11-14}]}`,
    )
    assert.equal(Search?.verdict, 'overdue')
    assert.deepEqual(
      { ...Search?.replacement, calls: Search?.replacement?.calls?.slice(-11, -9) },
      {
        key: 'projects/2/locations/global/keys/new',
        displayName: 'Search (auth)',
        because:
          'It was made on November 12, 2026 in the same project and is named alike; after it was first called on November 14, 2026, the calls of this key fell from 90 to 2 a day.',
        guess: true,
        calls: [
          { day: '2026-11-13', standard: 90, auth: 0 },
          { day: '2026-11-14', standard: 2, auth: 85 },
        ],
      },
    )
  })

  it('says of an auth key without series that its calls are not known', async () => {
    const records = await recordsOf(`${OLD}, {id: new, name: Search (auth), ${BOUND}, created: 2026-11-12}`)
    const replacement = records['Search']?.replacement
    assert.match(replacement?.because ?? '', /; its own calls are not known\.$/)
    assert.deepEqual(replacement?.calls?.at(-1), { day: '2026-11-23', standard: 2 })
    assert.ok('unknown' in (records['Search (auth)']?.usage ?? {}))
  })

  it('names none where none was made later', async () => {
    const { Search } = await recordsOf(`${OLD}, {id: new, name: Search (auth), ${BOUND}, created: 500d ago}`)
    assert.equal(Search?.replacement, undefined)
  })
})
