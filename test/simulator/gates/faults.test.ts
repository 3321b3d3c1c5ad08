import assert from 'node:assert/strict'
import { request } from 'node:http'
import { FAULTS, type FaultName } from '../../../simulator/gates/faults.js'
import { SettingsError } from '../../../simulator/settings-error.js'
import { startSimulator } from '../../../simulator/simulator.js'
import { type Ask, everything, type Heard, NOW, SMALL, simulated, worldOf } from '../simulated.js'

const KEYS = '/v2/projects/102/locations/global/keys'
const OTHERS = '/v2/projects/103/locations/global/keys'
const ASSETS = '/v1/organizations/9/assets?contentType=RESOURCE&assetTypes=apikeys.googleapis.com/Key'
const SLACK = '/api/auth.test'
const slackToken = { headers: { authorization: 'Bearer xoxb-1' } }

/** What came of asking under some faults. */
async function under(faults: readonly string[], use: (ask: Ask) => Promise<void>, seed?: number) {
  await simulated(SMALL, use, { faults, ...(seed !== undefined && { seed }) })
}

const statusOf = async (heard: Promise<Heard>) => (await heard).status

describe('faults on demand', () => {
  const refusals: readonly [FaultName, number, string][] = [
    ['denied', 403, 'IAM_PERMISSION_DENIED'],
    ['off', 403, 'SERVICE_DISABLED'],
    ['429', 429, 'RATE_LIMIT_EXCEEDED'],
    ['500', 500, 'INTERNAL'],
    ['503', 503, 'UNAVAILABLE'],
  ]
  for (const [fault, status, reason] of refusals) {
    it(`${fault} is answered in the words of Google: ${status} ${reason}`, async () => {
      await under([`apikeys.keys.list=${fault}`], async (ask) => {
        const heard = await ask(KEYS)
        const { error } = heard.body
        assert.deepEqual([heard.status, error.details?.[0].reason ?? error.status], [status, reason])
      })
    })
  }

  const others: readonly [FaultName, number, string, number, string][] = [
    ['denied', 403, 'forbidden', 200, 'restricted_action'],
    ['off', 403, 'accessNotConfigured', 200, 'account_inactive'],
    ['429', 429, 'rateLimitExceeded', 429, 'ratelimited'],
    ['500', 500, 'backendError', 500, 'internal_error'],
    ['503', 503, 'backendError', 503, 'service_unavailable'],
  ]
  for (const [fault, status, reason, slackStatus, code] of others) {
    it(`${fault} is answered by Cloud Storage and Slack in their own words`, async () => {
      await under([`storage.*=${fault}`, `slack.*=${fault}`], async (ask) => {
        const stored = await ask('/storage/v1/b/archive/o')
        assert.deepEqual([stored.status, stored.body.error.errors[0].reason], [status, reason])
        const answer = await ask(SLACK, slackToken)
        assert.deepEqual([answer.status, answer.body.ok, answer.body.error], [slackStatus, false, code])
      })
    })
  }

  it('Retry-After is in seconds, or a date by the clock of the service', async () => {
    const faults = [
      'apikeys.keys.list=429@1,retry-after=7',
      'apikeys.keys.list=503@1,retry-after=7,skew=3600',
    ]
    await under(faults, async (ask) => {
      assert.equal((await ask(KEYS)).headers.get('retry-after'), '7')
      const { headers } = await ask(KEYS)
      const seconds = (name: string) => (Date.parse(headers.get(name) ?? '') - NOW.getTime()) / 1000
      assert.deepEqual([seconds('date'), seconds('retry-after')], [3600, 3607])
    })
  })

  it('a skewed clock dates whole answers', async () => {
    await under(['apikeys.keys.list=clock-skew,skew=-60'], async (ask) => {
      const { headers, body } = await ask(KEYS)
      assert.equal(Date.parse(headers.get('date') ?? ''), NOW.getTime() - 60_000)
      assert.ok(body.keys.length > 0)
    })
  })

  it('a reset connection answers nothing', async () => {
    await under(['apikeys.keys.list=reset'], async (ask) => {
      await assert.rejects(ask(KEYS), TypeError)
    })
  })

  it('a hanging service answers nothing, and lets itself be ended', async () => {
    await under(['apikeys.keys.list=hang'], async (ask) => {
      await assert.rejects(ask(KEYS, { signal: AbortSignal.timeout(50) }), { name: 'TimeoutError' })
    })
  })

  it('a broken-off answer announces more than comes', async () => {
    await under(['apikeys.keys.list=broken-off'], async (ask) => {
      await assert.rejects(ask(KEYS), TypeError)
    })
  })

  it('a truncated answer is no JSON, and as long as it says', async () => {
    await under(['apikeys.keys.list=truncated'], async (ask) => {
      await assert.rejects(ask(KEYS), SyntaxError)
    })
  })

  it('wrong types come in fields, or in elements', async () => {
    const faults = ['apikeys.keys.list=wrong-types@1', 'apikeys.keys.list=wrong-elements@2']
    await under(faults, async (ask) => {
      assert.deepEqual((await ask(KEYS)).body, { keys: { wrong: 'type' } })
      assert.deepEqual((await ask(KEYS)).body.keys[0], 'wrong type')
      assert.equal((await ask(KEYS)).body.keys[0].displayName, 'Chat')
    })
  })

  it('a page of a proxy is HTML under 200', async () => {
    await under(['apikeys.keys.list=html'], async (ask) => {
      const { status, headers } = await ask(KEYS)
      assert.deepEqual([status, headers.get('content-type')], [200, 'text/html; charset=UTF-8'])
    })
  })

  it('an oversized answer is as large as asked for, valid to its end, and never held whole', async () => {
    await under(['apikeys.keys.list=oversized,bytes=300000'], async (ask) => {
      const { headers, body } = await ask(KEYS)
      assert.equal(headers.get('content-length'), null)
      assert.ok(body.padding.length >= 300_000)
      assert.ok(body.keys.length > 0)
    })
    const simulator = await startSimulator({ world: worldOf(SMALL), faults: ['apikeys.keys.list=oversized'] })
    const sent = await new Promise<number>((resolve, reject) => {
      request(`${simulator.origin}${KEYS}`, { headers: { authorization: 'Bearer x' } }, (response) => {
        let bytes = 0
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length
          if (bytes > 1e6) response.destroy()
        })
        response.on('close', () => resolve(bytes))
      })
        .on('error', reject)
        .end()
    })
    assert.ok(sent > 1e6 && sent < 2 ** 30, `${sent}`)
    await simulator.stop()
  })

  describe('in listings', () => {
    const names = async (ask: Ask) => {
      const { items, pages } = await everything(ask, ASSETS, 'assets')
      return { found: items.map(({ name }) => name.split('/').at(-1)), pages }
    }

    it('an empty page leads to the page that was asked for', async () => {
      let whole: unknown[] = []
      await under([], async (ask) => {
        whole = (await names(ask)).found
      })
      await under(['cloudasset.assets.list=empty-page@/2,page-size=2'], async (ask) => {
        const { found, pages } = await names(ask)
        assert.deepEqual(found, whole)
        assert.ok(pages > whole.length / 2, `${pages} pages`)
      })
    })

    it('empty pages without end have tokens without end', async () => {
      await under(['cloudasset.assets.list=empty-page'], async (ask) => {
        const tokens = new Set<string>()
        for (let token = ''; tokens.size < 5; tokens.add(token)) {
          const { body } = await ask(`${ASSETS}&pageToken=${token}`)
          assert.equal(body.assets, undefined)
          token = body.nextPageToken
        }
      })
    })

    it('a repeated token leads to the first page again', async () => {
      await under(['cloudasset.assets.list=repeated-token,page-size=1'], async (ask) => {
        const [first, second] = [await ask(ASSETS), await ask(`${ASSETS}&pageToken=again`)]
        assert.deepEqual(second.body, first.body)
        assert.equal(first.body.nextPageToken, 'again')
      })
    })

    it('tokens that have expired keep every page but the first', async () => {
      await under(['cloudasset.assets.list=expired-token,page-size=1'], async (ask) => {
        const { nextPageToken } = (await ask(ASSETS)).body
        const { status, body } = await ask(`${ASSETS}&pageToken=${nextPageToken}`)
        assert.deepEqual([status, body.error.status], [400, 'INVALID_ARGUMENT'])
      })
    })

    it('a shifted page repeats the last element of the page before', async () => {
      await under(['cloudasset.assets.list=shifted-page,page-size=2'], async (ask) => {
        const { found } = await names(ask)
        const twice = found.filter((name, index) => found.indexOf(name) !== index)
        assert.equal(twice.length, Math.ceil(new Set(found).size / 2) - 1)
      })
    })
  })

  describe('which requests get them', () => {
    const which: readonly [string, readonly number[]][] = [
      ['', [403, 403, 403, 403, 403]],
      ['@2', [200, 403, 200, 200, 200]],
      ['@2-3', [200, 403, 403, 200, 200]],
      ['@3-', [200, 200, 403, 403, 403]],
      ['@/2', [200, 403, 200, 403, 200]],
      ['@0%', [200, 200, 200, 200, 200]],
      ['@100%', [403, 403, 403, 403, 403]],
    ]
    for (const [text, expected] of which) {
      it(`"${text}": ${expected.join(', ')}`, async () => {
        await under([`apikeys.keys.list=denied${text}`], async (ask) => {
          const statuses: number[] = []
          for (const _ of expected) statuses.push(await statusOf(ask(KEYS)))
          assert.deepEqual(statuses, expected)
        })
      })
    }

    it('only those that the rule means: by operation', async () => {
      await under(['cloudasset.*=denied'], async (ask) => {
        assert.deepEqual([await statusOf(ask(ASSETS)), await statusOf(ask(KEYS))], [403, 200])
      })
    })

    it('only those that the rule means: by address, which the others do not count for', async () => {
      await under(['apikeys.keys.list=denied@2,on=projects/103'], async (ask) => {
        const statuses = [OTHERS, KEYS, KEYS, OTHERS].map((path) => () => statusOf(ask(path)))
        const heard: number[] = []
        for (const status of statuses) heard.push(await status())
        assert.deepEqual(heard, [200, 200, 200, 403])
      })
    })

    it('by chance, the same ones with the same seed, in whatever order they come', async () => {
      const paths = Array.from({ length: 40 }, (_none, at) => `${KEYS}?pageSize=${at + 1}`)
      const hit = async (order: readonly string[], seed: number) => {
        const hits: string[] = []
        await under(
          ['apikeys.keys.list=denied@50%'],
          async (ask) => {
            for (const path of order) if ((await ask(path)).status === 403) hits.push(path)
          },
          seed,
        )
        return hits.sort()
      }
      const [once, reversed, otherwise] = [
        await hit(paths, 7),
        await hit(paths.toReversed(), 7),
        await hit(paths, 8),
      ]
      assert.deepEqual(reversed, once)
      assert.notDeepEqual(otherwise, once)
      assert.ok(once.length > 8 && once.length < 32, `${once.length} of 40`)
    })
  })

  describe('that are written wrongly', () => {
    const wrong: readonly [string, RegExp][] = [
      ['nonsense', /^--fault nonsense: must be OPERATION=FAULT\[@WHICH\]\[,SETTING=VALUE\]…, such as/],
      ['apikeys.keys.lst=429', /no operation apikeys\.keys\.lst; there are .*apikeys\.keys\.list/],
      ['apikeys.keys.list=418', /no fault "418"; there are .*429/],
      ['apikeys.keys.list=', /no fault ""/],
      ['apikeys.keys.list=429@0', /"@0" must be one of @3, @1-2/],
      ['apikeys.keys.list=429@3-1', /"@3-1" must be one of/],
      ['apikeys.keys.list=429@101%', /"@101%" must be one of/],
      ['apikeys.keys.list=429@/0', /"@\/0" must be one of/],
      ['apikeys.keys.list=429@', /"@" must be one of/],
      ['apikeys.keys.list=reset,retry-after=1', /reset has no setting "retry-after"; it has on$/],
      ['apikeys.keys.list=429,retry-after', /retry-after=SECONDS: "" is not allowed/],
      ['apikeys.keys.list=429,retry-after=soon', /retry-after=SECONDS: "soon" is not allowed/],
      ['apikeys.keys.list=429,__proto__=1', /429 has no setting "__proto__"/],
      ['apikeys.keys.list=constructor', /no fault "constructor"/],
    ]
    for (const [text, words] of wrong) {
      it(`${text} is refused with what is allowed`, async () => {
        await assert.rejects(startSimulator({ world: worldOf(SMALL), faults: [text] }), (error) => {
          assert.ok(error instanceof SettingsError)
          assert.match(error.message, words)
          return true
        })
      })
    }

    it('all of them are reported at once', async () => {
      await assert.rejects(
        startSimulator({ world: worldOf(SMALL), faults: ['a', 'b'] }),
        /^SettingsError: 2 problems/,
      )
    })
  })

  it('every fault says what it does', () => {
    for (const [name, { says }] of Object.entries(FAULTS)) assert.ok(says.length > 10, name)
  })
})
