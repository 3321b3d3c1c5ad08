import assert from 'node:assert/strict'
import type { ArchiveStore } from '../../src/history/archive-store.js'
import { type ClaimOptions, Claims } from '../../src/history/claims.js'
import { ArchiveError } from '../../src/history/error.js'
import type { Lease } from '../../src/history/lease.js'
import { instant, RUN } from '../report/samples.js'
import { onStore, STORES } from './stores.js'

const AT = instant('2026-11-23T07:05:00Z')
const TO = 'slack:C0456'

/** The claims of an attempt whose clock stands still unless it is given another one. */
function claims(store: ArchiveStore, holder: string, options: Partial<ClaimOptions> = {}): Claims {
  return new Claims(store, RUN, { now: () => AT, holder, lifetime: 60_000, pause: 1, ...options })
}

/** A lease that nobody ends would renew its claim while the tests go on. */
const ABANDONED = { lifetime: 3_600_000 }

async function leaseOf(taken: ReturnType<Claims['take']>): Promise<Lease> {
  const lease = await taken
  assert.ok('renew' in lease, 'the delivery is done already')
  return lease
}

const names = (store: ArchiveStore) => store.list('acme/runs/2026-11-23T07-00-00Z/claims/')

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

    it('give a lease at once after one that failed, uncertain if nobody knows what it did', async () => {
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
      const watching = { now: () => instant('2026-11-23T06:00:00Z'), clock: () => (clock += 10_000) }
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

  it('is lost to another attempt that has taken it over, and its holder hears of it', async () => {
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

  it('that somebody changed is an error, not a free lease', async () => {
    await onStore(open, async (store) => {
      await store.create('acme/runs/2026-11-23T07-00-00Z/claims/slack-C0456-1', Buffer.from('x'))
      await assert.rejects(claims(store, 'one').take(TO), /no claim or mark of this program/)
    })
  })
})
