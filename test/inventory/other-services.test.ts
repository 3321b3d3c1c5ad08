import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Gate } from '../../simulator/wire/call.js'
import { answering, changing, READ_AT, type Read, read, UNAVAILABLE } from './reading.js'

const SEARCH = 'cloudasset.searchAllResources'

/** Keys of each restriction beside each other. */
const MIXED = `
organization: {number: 9}
folders: [{number: 1, name: one, services: [generativelanguage, translate]}]
projects:
  - id: the-shop
    number: 102
    services: [generativelanguage, translate, maps-backend]
    keys:
      - {name: open}
      - {name: open auth key, serviceAccountEmail: a@b.example}
      - {name: restricted, targets: [generativelanguage]}
      - {name: for others, targets: [maps-backend]}
      - {name: deleted, deleted: 2d ago}
  - {id: only-gemini, number: 103, services: [generativelanguage], keys: [{name: alone}]}
  - {id: switched-off, number: 104, services: [maps-backend], keys: [{name: latent}]}
  - {id: below-one, number: 105, folder: 1, services: [storage], keys: [{name: inheriting}]}
`
/** A project with the Gemini API and others, for each number. */
const projects = (count: number, services: string, key: string) =>
  `organization: {number: 9}\nprojects:\n${Array.from(
    { length: count },
    (_none, at) =>
      `  - {id: project-${at}, number: ${1000 + at}, services: [generativelanguage, ${services}], keys: [{name: key ${at}${key}}]}\n`,
  ).join('')}`

function reachOf({ keys }: Read, name: string) {
  const reach = keys.get(name)?.alsoReaches
  if (reach === undefined) return undefined
  if ('unknown' in reach) return 'unknown'
  return [...reach.services, ...(reach.more === undefined ? [] : [`${reach.more} more`])].join(' ')
}

/** Fails the searches after the first, which is about the Gemini API. */
const laterSearch = (answer: Parameters<typeof answering>[1]) => answering(SEARCH, answer, 1)

describe('what a key without API restriction reaches besides the Gemini API', () => {
  for (const mode of ['auto', 'assets'] as const) {
    it(`is what the search shows enabled in its project, of no other key (${mode})`, async () => {
      const found = await read(MIXED, { mode })
      assert.equal(reachOf(found, 'open'), 'maps-backend.googleapis.com translate.googleapis.com')
      assert.equal(reachOf(found, 'open auth key'), reachOf(found, 'open'))
      assert.equal(reachOf(found, 'alone'), '')
      for (const other of ['restricted', 'for others', 'deleted', 'latent']) {
        assert.equal(reachOf(found, other), undefined, other)
      }
      assert.deepEqual(found.gaps, [])
    })
  }

  it('is not known where the Gemini API is enabled above the project, since other APIs may be as well', async () => {
    assert.equal(reachOf(await read(MIXED), 'inheriting'), 'unknown')
  })

  it('is known of a key that cannot be confirmed', async () => {
    const found = await read(`${MIXED}\ndenied: [{read: keys, project: the-shop}]`)
    assert.equal(found.keys.get('open')?.type, 'unknown')
    assert.equal(reachOf(found, 'open'), 'maps-backend.googleapis.com translate.googleapis.com')
  })

  it('is searched for many projects at once, and for each once', async () => {
    const queries: string[] = []
    const noting: Gate = (call, real) => {
      if (call.operation === SEARCH) queries.push(call.query.get('query') ?? '')
      return real()
    }
    const found = await read(projects(120, 'translate', ''), { gates: [noting] })
    const [first, ...others] = queries
    assert.match(first ?? '', /generativelanguage/)
    // 120 projects, up to 50 in a search
    assert.equal(others.length, 3)
    const searched = others.flatMap((query) => query.match(/project:\d+/g) ?? [])
    assert.equal(searched.length, 120)
    assert.equal(new Set(searched).size, 120)
    for (const name of found.keys.keys()) assert.equal(reachOf(found, name), 'translate.googleapis.com')
  })

  it('is searched for ten projects at once where Google takes no more, and not tried otherwise again', async () => {
    const counts: number[] = []
    const tenAtMost: Gate = (call, real) => {
      const named = call.query.get('query')?.match(/project:\d+/g)?.length ?? 0
      if (call.operation === SEARCH && named > 0) counts.push(named)
      return named > 10 ? answering(SEARCH, { status: 400 })(call, real) : real()
    }
    const found = await read(projects(120, 'translate', ''), { gates: [tenAtMost] })
    assert.equal(counts.filter((named) => named > 10).length, 1)
    assert.equal(
      counts.filter((named) => named <= 10).reduce((sum, named) => sum + named, 0),
      120,
    )
    for (const name of found.keys.keys()) assert.equal(reachOf(found, name), 'translate.googleapis.com')
    assert.deepEqual(found.remarks, [])
  })

  it('costs no request where no key is without API restriction, or none of them reaches the Gemini API', async () => {
    const restricted = projects(30, 'translate', ', targets: [generativelanguage, translate]')
    const latent = projects(30, 'translate', '').replaceAll('generativelanguage, ', '')
    for (const world of [restricted, latent]) {
      const found = await read(world)
      assert.equal(found.requests[SEARCH], 1)
      for (const name of found.keys.keys()) assert.equal(reachOf(found, name), undefined)
    }
  })

  it('names 25 APIs of a project at most, and says how many more there are', async () => {
    const services = Array.from({ length: 40 }, (_none, at) => `api-${at + 10}`)
    const found = await read(projects(1, services.join(', '), ''))
    const reach = found.keys.get('key 0')?.alsoReaches
    assert.ok(reach !== undefined && 'services' in reach)
    assert.equal(reach.services.length, 25)
    assert.deepEqual(reach.services.slice(0, 2), ['api-10.googleapis.com', 'api-11.googleapis.com'])
    assert.equal(reach.more, 15)
  })

  it('is not searched for more than 2,000 projects in one reading', async () => {
    // known auth keys, whose projects are not asked for anything else today
    const found = await read(projects(2_030, 'translate', ', serviceAccountEmail: a@b.example'), {
      rememberedType: () => ({ type: 'auth', readAt: READ_AT }),
      earlierProject: () => ({ leftFor: 0, stake: 'none' }),
    })
    assert.equal(found.requests['apikeys.keys.list'], undefined)
    const reaches = [...found.keys.keys()].map((name) => reachOf(found, name))
    assert.equal(reaches.filter((reach) => reach === 'translate.googleapis.com').length, 2_000)
    assert.equal(reaches.filter((reach) => reach === 'unknown').length, 30)
  })

  const incomplete: readonly (readonly [string, Gate])[] = [
    ['is denied', laterSearch({ status: 403 })],
    ['is out of order', laterSearch(UNAVAILABLE)],
    ['gives no answer', laterSearch('reset')],
    ['breaks off in the middle', brokenOff()],
    ['shows what cannot be read', later(({ results = [] }) => ({ results: [...results, { name: 'x' }] }))],
    ['shows nothing', later(() => ({ results: [] }))],
    ['leaves the Gemini API out', later(({ results }) => ({ results: results.filter(isNotGemini) }))],
  ]
  for (const [what, gate] of incomplete) {
    it(`is unknown, not none, where the search ${what}, and that is no gap`, async () => {
      const found = await read(MIXED, { gates: [gate] })
      assert.equal(reachOf(found, 'open'), 'unknown')
      assert.equal(reachOf(found, 'alone'), 'unknown')
      assert.deepEqual(found.gaps, [])
    })
  }

  it('is unknown where the search for the Gemini API was denied already, which costs no further one', async () => {
    for (const world of [`${MIXED}\ndenied: [{read: search}]`]) {
      const found = await read(world)
      assert.equal(reachOf(found, 'open'), 'unknown')
      assert.equal(found.requests[SEARCH], 1)
    }
    const byProjects = await read(MIXED, { mode: 'projects' })
    assert.equal(reachOf(byProjects, 'open'), 'unknown')
    assert.equal(byProjects.requests[SEARCH], undefined)
  })

  it('is unknown where the search was behind and the project was asked itself', async () => {
    const found = await read(
      MIXED.replace('number: 103,', 'number: 103, missingFromSearch: [generativelanguage],'),
    )
    assert.equal(found.keys.get('alone')?.gemini, 'on')
    assert.equal(reachOf(found, 'alone'), 'unknown')
  })

  it('is asked for no more after a search has failed, and says once what would let it be read', async () => {
    const found = await read(projects(120, 'translate', ''), { gates: [laterSearch({ status: 403 })] })
    assert.equal(found.requests[SEARCH], 2)
    const about = found.remarks.filter((sentence) =>
      /which other APIs keys without API restriction reach/.test(sentence),
    )
    assert.equal(about.length, 1)
    assert.match(about[0] ?? '', /To read it: /)
  })
})

/** Changes the answers of the searches after the first. */
// biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever was answered
function later(change: (body: any) => object): Gate {
  const changed = changing(SEARCH, change)
  return (call, real) => (call.earlier === 0 ? real() : changed(call, real))
}

/** The first page of a later search has a next one, which fails. */
function brokenOff(): Gate {
  const next = later(() => ({ nextPageToken: 'next' }))
  return async (call, real) => {
    if (call.operation === SEARCH && call.query.has('pageToken')) return { status: 403 }
    return next(call, real)
  }
}

function isNotGemini({ name }: { readonly name: string }): boolean {
  return !name.includes('generativelanguage')
}
