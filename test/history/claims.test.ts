import assert from 'node:assert/strict'
import type { Place } from '../../src/history/archive-store.js'
import { type ClaimOptions, Claims } from '../../src/history/claims.js'
import { ArchiveError } from '../../src/history/error.js'
import type { Turn } from '../../src/history/lease.js'
import { instant, RUN } from '../report/samples.js'
import { onPlace, PLACES } from './stores.js'

const AT = instant('2026-11-23T07:05:00Z')
const TO = 'slack:C0456'

/** The claims of an attempt whose clock stands still unless it is given another one. */
function claims(place: Place, holder: string, options: Partial<ClaimOptions> = {}): Claims {
  return new Claims(place, RUN, { now: () => AT, holder, lifetime: 60_000, pause: 1, ...options })
}

/** A turn that nobody ends would renew its claim while the tests go on. */
const ABANDONED = { lifetime: 3_600_000 }

async function turnOf(taken: ReturnType<Claims['take']>): Promise<Turn> {
  const turn = await taken
  assert.ok('hold' in turn, 'the delivery is done already')
  return turn
}

const names = (place: Place) => place.list('acme/runs/2026-11-23T07-00-00Z/claims/')

for (const [kind, open] of PLACES) {
  describe(`claims in ${kind}`, () => {
    it('give the first attempt its turn, and the second the mark that it is done', async () => {
      await onPlace(open, async (place) => {
        const turn = await turnOf(claims(place, 'one').take(TO))
        assert.equal(turn.isUncertain, false)
        await turn.done({ at: AT, message: '17.1' })
        assert.deepEqual(await claims(place, 'two').take(TO), { at: AT, message: '17.1' })
        assert.deepEqual(await names(place), ['slack-C0456-1', 'slack-C0456-1.done'])
      })
    })

    it('let the second attempt wait until the first is done', async () => {
      await onPlace(open, async (place) => {
        const turn = await turnOf(claims(place, 'one').take(TO))
        const second = claims(place, 'two').take(TO)
        await turn.done({ at: AT })
        assert.deepEqual(await second, { at: AT })
      })
    })

    it('give a turn at once after one that failed, uncertain if nobody knows what it did', async () => {
      await onPlace(open, async (place) => {
        await (await turnOf(claims(place, 'one').take(TO))).failed(true)
        const second = await turnOf(claims(place, 'two').take(TO))
        assert.equal(second.isUncertain, false)
        await second.failed(false)
        const third = await turnOf(claims(place, 'three').take(TO))
        assert.equal(third.isUncertain, true)
        await third.failed(true)
        const fourth = await turnOf(claims(place, 'four').take(TO))
        assert.equal(fourth.isUncertain, true)
        await fourth.done({ at: AT })
      })
    })
  })
}

describe('a claim', () => {
  const [[, open] = ['', () => assert.fail()]] = PLACES

  it('runs out after its lifetime, and then the next turn is uncertain', async () => {
    await onPlace(open, async (place) => {
      await claims(place, 'dead', ABANDONED).take(TO)
      const late = (at: string) => ({ now: () => instant(at), patience: 0 })
      await assert.rejects(claims(place, 'early', late('2026-11-23T07:05:59Z')).take(TO), ArchiveError)
      const turn = await turnOf(claims(place, 'next', late('2026-11-23T07:06:00Z')).take(TO))
      assert.equal(turn.isUncertain, true)
      assert.deepEqual(await names(place), ['slack-C0456-1', 'slack-C0456-2'])
      await turn.done({ at: AT })
    })
  })

  it('runs out as well for an attempt whose clock has gone back, once it has watched it that long', async () => {
    await onPlace(open, async (place) => {
      await claims(place, 'dead', ABANDONED).take(TO)
      let clock = 0
      const watching = { now: () => instant('2026-11-23T06:00:00Z'), clock: () => (clock += 10_000) }
      const turn = await turnOf(claims(place, 'next', watching).take(TO))
      assert.equal(turn.isUncertain, true)
      assert.ok(clock >= 60_000)
      await turn.done({ at: AT })
    })
  })

  it('is renewed by its holder before it runs out, so that others go on waiting', async () => {
    await onPlace(open, async (place) => {
      let clock = 0
      const turn = await turnOf(claims(place, 'one', { clock: () => clock }).take(TO))
      clock = 19_999
      await turn.hold()
      assert.deepEqual(await names(place), ['slack-C0456-1'])
      clock = 20_000
      await turn.hold()
      assert.deepEqual(await names(place), ['slack-C0456-1', 'slack-C0456-2'])
      await turn.done({ at: AT })
      assert.deepEqual((await names(place)).at(-1), 'slack-C0456-2.done')
    })
  })

  it('is lost to another attempt that has taken it over, and its holder hears of it', async () => {
    await onPlace(open, async (place) => {
      let clock = 0
      const paused = await turnOf(claims(place, 'paused', { clock: () => clock }).take(TO))
      const late = { now: () => instant('2026-11-23T07:06:01Z') }
      await (await turnOf(claims(place, 'next', late).take(TO))).failed(true)
      clock = 61_000
      await assert.rejects(paused.hold(), /another attempt has taken it over/)
    })
  })

  it('is one’s own when the answer to its creation was lost', async () => {
    await onPlace(open, async (place) => {
      const forgetful: Place = {
        name: place.name,
        read: (path) => place.read(path),
        open: (path) => place.open(path),
        createLarge: (path, content) => place.createLarge(path, content),
        list: (folder, from) => place.list(folder, from),
        create: async (path, content) => {
          await place.create(path, content)
          return place.create(path, content)
        },
      }
      const turn = await turnOf(claims(forgetful, 'one').take(TO))
      assert.equal(turn.isUncertain, false)
      await turn.done({ at: AT })
    })
  })

  it('belongs to one of many attempts at once', async () => {
    await onPlace(open, async (place) => {
      let turns = 0
      const attempts = Array.from({ length: 6 }, async (_none, index) => {
        const taken = await claims(place, `${index}`).take(TO)
        if ('at' in taken) return
        turns += 1
        await taken.done({ at: AT })
      })
      await Promise.all(attempts)
      assert.equal(turns, 1)
    })
  })

  it('that somebody changed is an error, not a free turn', async () => {
    await onPlace(open, async (place) => {
      await place.create('acme/runs/2026-11-23T07-00-00Z/claims/slack-C0456-1', Buffer.from('x'))
      await assert.rejects(claims(place, 'one').take(TO), /no claim or mark of this program/)
    })
  })
})
