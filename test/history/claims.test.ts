import assert from 'node:assert/strict'
import type { ArchiveStore } from '../../src/history/archive-store.js'
import { ArchiveError } from '../../src/history/archive-store.js'
import { type ClaimOptions, Claims } from '../../src/history/claims.js'
import type { Lease } from '../../src/history/lease.js'
import { canonical, sha256 } from '../../src/records/canonical.js'
import type { JudgedRunRecord } from '../../src/records/run-record.js'
import { instant, RUN } from '../report/samples.js'
import { onStore, STORES } from './stores.js'

const AT = instant('2026-11-23T07:05:00Z')
const TO = 'slack:C0456'

/** Claims look at nothing of a run record but its digest. */
const RECORD = { record: 'run', judgedAt: AT } as JudgedRunRecord
const FOLDER = `acme/runs/2026-11-23T07-00-00Z/claims/${sha256(canonical(RECORD))}/`

/** The claims of an attempt whose clock stands still unless it is given another one. */
function claims(store: ArchiveStore, holder: string, options: Partial<ClaimOptions> = {}): Claims {
  return new Claims(
    store,
    { run: RUN, record: RECORD },
    { now: () => AT, holder, lifetime: 60_000, pause: 1, ...options },
  )
}

/** A lease that nobody ends would renew its claim while the tests go on. */
const ABANDONED = { lifetime: 3_600_000 }

async function leaseOf(taken: ReturnType<Claims['take']>): Promise<Lease> {
  const lease = await taken
  assert.ok('renew' in lease, 'the delivery is done already')
  return lease
}

const names = (store: ArchiveStore) => store.list(FOLDER)

for (const [kind, open] of STORES) {
  describe(`claims in ${kind}`, () => {
    it('give the first attempt its lease, and the second the mark that it is done', async () => {
      await onStore(open, async (store) => {
        const lease = await leaseOf(claims(store, 'one').take(TO))
        assert.equal(lease.isUncertain, false)
        await lease.done({ at: AT, message: '17.1' })
        assert.deepEqual(await claims(store, 'two').take(TO), { at: AT, message: '17.1' })
        assert.deepEqual(await names(store), ['slack-C0456-1', 'slack-C0456-1.done'])
      })
    })

    it('let the second attempt wait until the first is done', async () => {
      await onStore(open, async (store) => {
        const lease = await leaseOf(claims(store, 'one').take(TO))
        const second = claims(store, 'two').take(TO)
        await lease.done({ at: AT })
        assert.deepEqual(await second, { at: AT })
      })
    })

    it('give a lease at once after one that failed, uncertain if it is not known what it did', async () => {
      await onStore(open, async (store) => {
        await (await leaseOf(claims(store, 'one').take(TO))).failed(true)
        const second = await leaseOf(claims(store, 'two').take(TO))
        assert.equal(second.isUncertain, false)
        await second.failed(false)
        const third = await leaseOf(claims(store, 'three').take(TO))
        assert.equal(third.isUncertain, true)
        await third.failed(true)
        const fourth = await leaseOf(claims(store, 'four').take(TO))
        assert.equal(fourth.isUncertain, true)
        await fourth.done({ at: AT })
      })
    })
  })
}

describe('a claim', () => {
  const [[, open] = ['', () => assert.fail()]] = STORES

  it('runs out after its lifetime, and then the next lease is uncertain', async () => {
    await onStore(open, async (store) => {
      await claims(store, 'dead', ABANDONED).take(TO)
      const late = (at: string) => ({ now: () => instant(at), waitLimit: 0 })
      await assert.rejects(claims(store, 'early', late('2026-11-23T07:05:59Z')).take(TO), ArchiveError)
      const lease = await leaseOf(claims(store, 'next', late('2026-11-23T07:06:00Z')).take(TO))
      assert.equal(lease.isUncertain, true)
      assert.deepEqual(await names(store), ['slack-C0456-1', 'slack-C0456-2'])
      await lease.done({ at: AT })
    })
  })

  it('runs out as well for an attempt whose clock has gone back, once it has watched it that long', async () => {
    await onStore(open, async (store) => {
      await claims(store, 'dead', ABANDONED).take(TO)
      let clock = 0
      const watching = { now: () => instant('2026-11-23T07:04:00Z'), clock: () => (clock += 10_000) }
      const lease = await leaseOf(claims(store, 'next', watching).take(TO))
      assert.equal(lease.isUncertain, true)
      assert.ok(clock >= 60_000)
      await lease.done({ at: AT })
    })
  })

  it('is renewed by its holder before it runs out, so that others go on waiting', async () => {
    await onStore(open, async (store) => {
      let clock = 0
      const lease = await leaseOf(claims(store, 'one', { clock: () => clock }).take(TO))
      clock = 19_999
      await lease.renew()
      assert.deepEqual(await names(store), ['slack-C0456-1'])
      clock = 20_000
      await lease.renew()
      assert.deepEqual(await names(store), ['slack-C0456-1', 'slack-C0456-2'])
      await lease.done({ at: AT })
      assert.deepEqual((await names(store)).at(-1), 'slack-C0456-2.done')
    })
  })

  it('is lost to another attempt that has taken it over, and its holder gets an error', async () => {
    await onStore(open, async (store) => {
      let clock = 0
      const paused = await leaseOf(claims(store, 'paused', { clock: () => clock }).take(TO))
      const late = { now: () => instant('2026-11-23T07:06:01Z') }
      await (await leaseOf(claims(store, 'next', late).take(TO))).failed(true)
      clock = 61_000
      await assert.rejects(paused.renew(), /another attempt has taken it over/)
    })
  })

  it('is one’s own when the answer to its creation was lost', async () => {
    await onStore(open, async (store) => {
      const forgetful: ArchiveStore = {
        name: store.name,
        read: (path) => store.read(path),
        open: (path) => store.open(path),
        createLarge: (path, content) => store.createLarge(path, content),
        list: (folder, from) => store.list(folder, from),
        objects: (folder) => store.objects(folder),
        create: async (path, content) => {
          await store.create(path, content)
          return store.create(path, content)
        },
      }
      const lease = await leaseOf(claims(forgetful, 'one').take(TO))
      assert.equal(lease.isUncertain, false)
      await lease.done({ at: AT })
    })
  })

  it('belongs to one of many attempts at once', async () => {
    await onStore(open, async (store) => {
      let leases = 0
      const attempts = Array.from({ length: 6 }, async (_none, index) => {
        const taken = await claims(store, `${index}`).take(TO)
        if ('at' in taken) return
        leases += 1
        await taken.done({ at: AT })
      })
      await Promise.all(attempts)
      assert.equal(leases, 1)
    })
  })
})

describe('what anyone may put among the claims', () => {
  const [[, open] = ['', () => assert.fail()]] = STORES
  const put = (store: ArchiveStore, file: string, content: unknown) =>
    store.create(FOLDER + file, Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)))
  const foreign = { at: AT, holder: 'mallory' }

  const forgeries: readonly (readonly [string, readonly (readonly [string, unknown])[], RegExp])[] = [
    ['a mark without a claim', [['slack-C0456-1.done', foreign]], /^$/],
    ['a mark of no JSON without a claim', [['slack-C0456-1.done', 'x']], /^$/],
    [
      'a mark by another holder than that of its claim',
      [
        ['slack-C0456-1', { ...foreign, at: '2026-11-23T07:00:00Z' }],
        ['slack-C0456-1.done', { at: AT, holder: 'other' }],
      ],
      /C0456-1\.done .*not by the holder of its claim/,
    ],
    ['a claim of no JSON', [['slack-C0456-1', 'x']], /C0456-1 .*no claim or mark/],
    ['a claim by nobody', [['slack-C0456-1', { at: AT }]], /C0456-1 .*no claim or mark/],
    [
      'a claim of a megabyte',
      [['slack-C0456-1', { ...foreign, more: 'x'.repeat(2 ** 20) }]],
      /no claim or mark/,
    ],
    [
      'a claim in the future',
      [['slack-C0456-1', { ...foreign, at: '9999-12-31T00:00:00Z' }]],
      /in the future/,
    ],
    ['a claim with a number beyond all bounds', [[`slack-C0456-${Number.MAX_SAFE_INTEGER}`, foreign]], /^$/],
    ['the last claim that there can be, unreadable', [['slack-C0456-9999', 'x']], /C0456-9999 .*no claim/],
  ]
  for (const [what, files, expected] of forgeries) {
    it(`keeps no delivery from being made: ${what}`, async () => {
      await onStore(open, async (store) => {
        for (const [file, content] of files) await put(store, file, content)
        const at = { now: () => instant('2026-11-23T07:06:00Z'), waitLimit: 0 }
        const lease = await leaseOf(claims(store, 'one', at).take(TO))
        const said = lease.passedOver.map(({ object, why }) => `${object} ${why}`).join()
        assert.match(said, expected)
        await lease.done({ at: AT })
      })
    })
  }

  it('makes no mark that the records have a delivery', async () => {
    await onStore(open, async (store) => {
      await put(store, 'slack-C0456-1.noted', foreign)
      assert.equal(await claims(store, 'one').isNoted(TO), false)
      await (await leaseOf(claims(store, 'one').take(TO))).done({ at: AT })
      assert.equal(await claims(store, 'one').isNoted(TO), false)
      await claims(store, 'two').markNoted(TO)
      assert.equal(await claims(store, 'three').isNoted(TO), true)
    })
  })

  it('cannot be made before the run is remembered, since nobody knows the digest of its record', async () => {
    await onStore(open, async (store) => {
      const other = new Claims(
        store,
        { run: RUN, record: { ...RECORD, judgedAt: instant('2026-11-23T07:04:00Z') } },
        { now: () => AT, holder: 'other' },
      )
      await other.markDone(TO, { at: AT })
      assert.equal(await claims(store, 'one').doneMark(TO), undefined)
    })
  })

  it('is no mark of a delivery that needs no lease, but with a claim it is one', async () => {
    await onStore(open, async (store) => {
      await put(store, 'slack-C0456-1.done', foreign)
      assert.equal(await claims(store, 'one').doneMark(TO), undefined)
      await claims(store, 'one').markDone(TO, { at: AT, message: 'all of it' })
      assert.deepEqual(await claims(store, 'two').doneMark(TO), { at: AT, message: 'all of it' })
    })
  })
})
