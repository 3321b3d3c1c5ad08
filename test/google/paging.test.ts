import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'mocha'
import { listKeys } from '../../src/google/apikeys.js'
import { listAssets, searchResources } from '../../src/google/cloudasset.js'
import { ApiError } from '../../src/google/errors.js'
import { listKeyTraffic } from '../../src/google/monitoring.js'
import { effectiveRules } from '../../src/google/orgpolicy.js'
import { getFolder, getProject, listFolders, listProjects } from '../../src/google/resourcemanager.js'
import { isEnabled } from '../../src/google/serviceusage.js'
import { clientOf, collect, type StandIn, startStandIn } from './stand-in.js'

describe('listings', () => {
  let standIn: StandIn | undefined

  afterEach(() => standIn?.stop())

  /** A listing of these pages, whose tokens are their positions. */
  async function listing(
    name: string,
    ...pages: readonly (readonly unknown[] | undefined)[]
  ): Promise<StandIn> {
    standIn = await startStandIn(({ query }) => {
      const position = Number(query.get('pageToken') ?? 0)
      const more = position + 1 < pages.length && { nextPageToken: `${position + 1}` }
      const elements = pages[position]
      return { body: { ...(elements && { [name]: elements }), ...more } }
    })
    return standIn
  }

  it('give the elements of all pages in order', async () => {
    const standIn = await listing('keys', [1, 2], [3], [4])
    assert.deepEqual(await collect(listKeys(clientOf(standIn), 'projects/1')), [1, 2, 3, 4])
  })

  it('go on after an empty page with a token, and after one without a list', async () => {
    const standIn = await listing('keys', [1], [], undefined, [2])
    assert.deepEqual(await collect(listKeys(clientOf(standIn), 'projects/1')), [1, 2])
  })

  it('go on after 99 empty pages in a row, and end with an error after 100 that lead on', async () => {
    const empty = (count: number) => Array.from({ length: count }, (): unknown[] => [])
    const some = await listing('keys', ...empty(99), [1], ...empty(99))
    assert.deepEqual(await collect(listKeys(clientOf(some), 'projects/1')), [1])
    await some.stop()
    const endless = await listing('keys', ...empty(101))
    await assert.rejects(collect(listKeys(clientOf(endless), 'projects/1')), { reason: 'ENDLESS_LISTING' })
  })

  /** A listing of texts by position, as many a page as is asked for. */
  async function texts(lengths: readonly number[]): Promise<StandIn> {
    standIn = await startStandIn(({ query }) => {
      const from = Number(query.get('pageToken') ?? 0)
      const to = from + Number(query.get('pageSize'))
      const keys = lengths.slice(from, to).map((length) => 'x'.repeat(length))
      return { body: { keys, ...(to < lengths.length && { nextPageToken: `${to}` }) } }
    })
    return standIn
  }
  const sizesIn = ({ asked }: StandIn) => asked.map(({ query }) => Number(query.get('pageSize')))

  it('ask for half as many elements while a page is too large, and after 8 pages for more again', async () => {
    const lengths = [...Array.from({ length: 10 }, () => 1_000), ...Array.from({ length: 5_000 }, () => 1)]
    const standIn = await texts(lengths)
    const found = await collect(listKeys(clientOf(standIn, { sizeLimit: 5_000 }), 'projects/1'))
    assert.deepEqual(
      found.map((text) => `${text}`.length),
      lengths,
    )
    const sizes = sizesIn(standIn)
    assert.deepEqual(sizes.slice(0, 8), [300, 150, 75, 37, 18, 9, 4, 4])
    assert.deepEqual(sizes.slice(13, 16), [4, 8, 8])
    assert.equal(sizes.at(-1), 300)
  })

  it('end where a single element is too large, and say so', async () => {
    const standIn = await texts([1, 1, 100_000, 1])
    const found: unknown[] = []
    await assert.rejects(
      async () => {
        for await (const page of listKeys(clientOf(standIn, { sizeLimit: 50_000 }), 'projects/1'))
          found.push(...page)
      },
      (error: unknown) => {
        assert.ok(error instanceof ApiError)
        assert.equal(error.reason, 'ANSWER_TOO_LARGE')
        assert.match(error.message, /larger than 16 MiB, however little was asked for/)
        return true
      },
    )
    assert.equal(sizesIn(standIn).at(-1), 1)
    assert.deepEqual(found, ['x', 'x'])
  })

  it('are empty when Google leaves the list out, or says null', async () => {
    for (const body of [{}, { keys: null, nextPageToken: null }, { keys: [], nextPageToken: '' }]) {
      standIn = await startStandIn(() => ({ body }))
      assert.deepEqual(await collect(listKeys(clientOf(standIn), 'projects/1')), [])
      await standIn.stop()
    }
  })

  it('are damaged, not empty, when the list is missing and something foreign is there', async () => {
    standIn = await startStandIn(() => ({ body: { status: 'ok', items: [1, 2] } }))
    const client = clientOf(standIn)
    for (const listed of [
      listKeys(client, 'projects/1'),
      listAssets(client, 'organizations/9', 'x'),
      searchResources(client, 'organizations/9', 'x', 'y'),
      listProjects(client, 'folders/7'),
      listFolders(client, 'folders/7'),
      listKeyTraffic(client, 'projects/1', { start: '', end: '' }),
    ]) {
      await assert.rejects(collect(listed), /was damaged: \w+: missing \(DAMAGED_ANSWER\)/)
    }
    await assert.rejects(effectiveRules(client, 'projects/1', 'c'), /spec: missing \(DAMAGED_ANSWER\)/)
  })

  it('are empty with nothing but what Google documents beside the list', async () => {
    standIn = await startStandIn(() => ({ body: { readTime: '2026-11-23T07:00:00Z', nextPageToken: '' } }))
    assert.deepEqual(await collect(listAssets(clientOf(standIn), 'organizations/9', 'x')), [])
  })

  it('do not look into their elements', async () => {
    const elements = [null, 7, 'text', [], { nested: { __proto__: null } }]
    const standIn = await listing('keys', elements)
    assert.equal((await collect(listKeys(clientOf(standIn), 'projects/1'))).length, elements.length)
  })

  for (const [name, next] of [
    ['leads to itself', (token: string | null) => (token === 'b' ? 'b' : token === 'a' ? 'b' : 'a')],
    ['leads back', (token: string | null) => (token === 'a' ? 'b' : 'a')],
  ] as const) {
    it(`end with an error when a page ${name}, after what they had`, async () => {
      standIn = await startStandIn(({ query }) => {
        const token = query.get('pageToken')
        return { body: { keys: [token], nextPageToken: next(token) } }
      })
      const found: unknown[] = []
      const reading = async () => {
        for await (const page of listKeys(clientOf(standIn as StandIn), 'projects/1')) found.push(...page)
      }
      await assert.rejects(reading, (error) => {
        assert.ok(error instanceof ApiError)
        assert.equal(error.reason, 'REPEATED_PAGE_TOKEN')
        return true
      })
      assert.deepEqual(found, [null, 'a', 'b'])
    })
  }

  it('give the pages before the one that fails', async () => {
    standIn = await startStandIn(({ query }) =>
      query.get('pageToken') ? { status: 400 } : { body: { keys: [1], nextPageToken: 'x' } },
    )
    const found: unknown[] = []
    const reading = async () => {
      for await (const page of listKeys(clientOf(standIn as StandIn), 'projects/1')) found.push(...page)
    }
    await assert.rejects(reading, ApiError)
    assert.deepEqual(found, [1])
  })

  it('raise no unhandled rejection for a page that is not waited for', async () => {
    standIn = await startStandIn(({ query }) =>
      query.get('pageToken') ? { status: 400 } : { body: { keys: [1], nextPageToken: 'x' } },
    )
    for await (const page of listKeys(clientOf(standIn), 'projects/1')) {
      assert.deepEqual(page, [1])
      break
    }
    await new Promise((resolve) => setTimeout(resolve, 50)) // an unhandled rejection would end the process
  })

  it('ask under Google’s real paths, with the largest pages that Google gives', async () => {
    standIn = await startStandIn(({ path }) =>
      path.includes('/services/')
        ? { body: { state: 'DISABLED' } }
        : { body: /(acme|folders\/7)$/.test(path) ? { name: 'folders/7', parent: 'organizations/9' } : {} },
    )
    const client = clientOf(standIn)
    await collect(listAssets(client, 'organizations/9', 'apikeys.googleapis.com/Key'))
    await collect(searchResources(client, 'folders/7', 'serviceusage.googleapis.com/Service', 'a AND b:*c*'))
    await collect(listKeys(client, 'projects/1'))
    await collect(listProjects(client, 'folders/7'))
    await collect(listFolders(client, 'organizations/9'))
    await getProject(client, 'projects/acme')
    assert.deepEqual(await getFolder(client, 'folders/7'), { name: 'folders/7', parent: 'organizations/9' })
    assert.equal(await isEnabled(client, 'projects/1', 'x.googleapis.com'), false)
    assert.deepEqual(
      standIn.asked.map(({ path, query }) => `${path} ${decodeURIComponent(query.toString())}`),
      [
        '/v1/organizations/9/assets assetTypes=apikeys.googleapis.com/Key&contentType=RESOURCE&pageSize=1000',
        '/v1/folders/7:searchAllResources assetTypes=serviceusage.googleapis.com/Service&query=a+AND+b:*c*&readMask=name,state,project&pageSize=500',
        '/v2/projects/1/locations/global/keys pageSize=300&showDeleted=true',
        '/v3/projects parent=folders/7&showDeleted=true&pageSize=300',
        '/v3/folders parent=organizations/9&pageSize=300',
        '/v3/projects/acme ',
        '/v3/folders/7 ',
        '/v1/projects/1/services/x.googleapis.com ',
      ],
    )
  })

  it('take a service without a state for a damaged answer, never for a disabled one', async () => {
    standIn = await startStandIn(() => ({ body: {} }))
    await assert.rejects(isEnabled(clientOf(standIn), 'projects/1', 'x'), /DAMAGED_ANSWER/)
  })
})
