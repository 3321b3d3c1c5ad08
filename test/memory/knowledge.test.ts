import assert from 'node:assert/strict'
import { withLastAccepted } from '../../src/memory/knowledge.js'
import { keyRecord } from '../../src/records/key-record.js'
import { type Circumstance, judgedAt, knownAt, moment, runAtMoment } from '../history/moments.js'
import { day, instant, traffic } from '../policy/keys.js'

const BEFORE = '2026-11-22'
const EARLIER = instant('2026-11-22T07:00:00Z')
const LATER = instant('2026-11-23T07:00:00Z')
const ACCOUNT = 'bot@acme-web.iam.gserviceaccount.com'
const UNREAD: Circumstance = { type: 'unknown' }
const CALLED: Circumstance = { usage: traffic({ '2026-11-20': { accepted: 5 } }) }
const REFUSED: Circumstance = { usage: traffic({ '2026-11-21': { refused: 5 } }) }

/** What is known after one run, or after a second one that saw the key otherwise. */
function known(first: Circumstance, second?: Circumstance) {
  const before = knownAt(moment({ on: BEFORE, ...first }))
  return second === undefined ? before : knownAt(moment(second), before)
}

describe('What later runs know of a key', () => {
  it('is that of the run that saw it last, and the first day on which it was seen', () => {
    assert.deepEqual(
      [known({}, {})].map(({ verdict, firstSeen, lastSeen }) => ({ verdict, firstSeen, lastSeen })),
      [{ verdict: 'due', firstSeen: EARLIER, lastSeen: LATER }],
    )
  })

  it('names the key, with its own name only where it has one', () => {
    assert.equal(known({}).key.displayName, 'Maps web')
    assert.ok(!('displayName' in known({ key: { displayName: '' } }).key))
  })

  it('keeps its type, its account, its judgement and its traffic while these cannot be read', () => {
    const auth: Circumstance = { type: 'auth', key: { serviceAccountEmail: ACCOUNT } }
    const after = known({ ...auth, ...CALLED }, UNREAD)
    assert.deepEqual([after.key.type, after.boundTo, after.traffic], ['auth', ACCOUNT, 'accepted'])
    assert.equal(after.typeReadAt, EARLIER)
    assert.equal(after.last?.type, 'auth')
    assert.deepEqual([after.verdict, after.last?.on], ['unknown', day(BEFORE)])
  })

  it('takes what a run has read anew', () => {
    const after = known({ ...UNREAD, ...CALLED }, { ...REFUSED, type: 'standard' })
    assert.deepEqual([after.key.type, after.typeReadAt, after.traffic], ['standard', LATER, 'only-refused'])
    assert.deepEqual([after.last?.verdict, after.last?.on], ['due', day('2026-11-23')])
  })

  it('does not take a remembered type for one that was read', () => {
    const evidence = {
      ...moment().facts.evidence,
      type: { from: 'remembered' as const, readAt: EARLIER },
    }
    assert.equal(known({}, { evidence }).typeReadAt, EARLIER)
    assert.equal(known({ evidence }).typeReadAt, undefined)
  })

  it('is nothing of what never was', () => {
    const names = ['last', 'typeReadAt', 'boundTo', 'overdueSince', 'lastAcceptedSeen', 'traffic']
    const first = known(UNREAD)
    assert.deepEqual(
      names.filter((name) => name in first),
      [],
    )
    assert.equal(first.key.type, 'unknown')
  })

  it('has an exemption while one holds', () => {
    assert.deepEqual(known({ exemptUntil: '2026-12-01' }).last?.exemption, {
      rules: ['standard-key'],
      until: day('2026-12-01'),
    })
    assert.ok(!('exemption' in (known({}).last ?? {})))
  })

  it('keeps since when it is overdue while it cannot be judged, and no longer', () => {
    const late = { deadline: '2026-11-01' }
    assert.equal(known(late, { ...late, ...UNREAD }).overdueSince, day(BEFORE))
    assert.equal(known(late, late).overdueSince, day(BEFORE))
    assert.equal(known(late, {}).overdueSince, undefined)
  })
})

describe('The last day with accepted calls', () => {
  const record = (circumstance: Circumstance) => {
    const at = moment(circumstance)
    return keyRecord(judgedAt(at), runAtMoment(at))
  }

  it('is the latest that any run saw', () => {
    assert.equal(known(CALLED, {}).lastAcceptedSeen, day('2026-11-20'))
    assert.equal(known(CALLED, REFUSED).lastAcceptedSeen, day('2026-11-20'))
    const newer = { usage: traffic({ '2026-11-22': { accepted: 1 } }) }
    assert.equal(known(CALLED, newer).lastAcceptedSeen, day('2026-11-22'))
  })

  it('stands in the record, where its traffic is known and where it is not', () => {
    const { usage: read } = withLastAccepted(record(REFUSED), day('2026-10-01'))
    assert.ok(!('unknown' in read))
    assert.equal(read.gemini.lastAcceptedSeen, day('2026-10-01'))
    const { usage: unread } = withLastAccepted(record({}), day('2026-10-01'))
    assert.ok('unknown' in unread)
    assert.equal(unread.lastAcceptedSeen, day('2026-10-01'))
  })

  it('leaves the record as it is where there never was one', () => {
    const plain = record(REFUSED)
    assert.equal(withLastAccepted(plain, undefined), plain)
  })
})
