import assert from 'node:assert/strict'
import fc from 'fast-check'
import { addDays } from '../../src/calendar.js'
import type { Instant, Key, KnownUsage, Observation, Usage } from '../../src/model.js'
import { withReplacements } from '../../src/policy/replacement.js'
import { usages } from './arbitraries.js'
import { type Difference, day, instant, observation, TODAY, targets, traffic } from './keys.js'

const UNKNOWN: Usage = { unknown: 'recorded elsewhere' }
const GEMINI = { restrictions: { apiTargets: targets('generativelanguage.googleapis.com') } }

let made = 0

function key(displayName: string, createTime: string, difference: Difference = {}): Observation {
  made += 1
  const name = `projects/123/locations/global/keys/${displayName.replaceAll(' ', '-')}-${made}`
  const { key: change, ...rest } = difference
  return observation({
    ...rest,
    key: { name, displayName, createTime: instant(`${createTime}T00:00:00Z`), ...change },
  })
}

function standard(name: string, usage: Usage = UNKNOWN, difference: Difference = {}): Observation {
  return key(name, '2025-01-01', { ...GEMINI, usage, ...difference })
}

function auth(name: string, usage: Usage = UNKNOWN, difference: Difference = {}): Observation {
  const { key: change, ...rest } = difference
  const bound = { serviceAccountEmail: 'bot@acme-web.iam.gserviceaccount.com', ...change }
  return key(name, '2026-11-01', { ...GEMINI, type: 'auth', usage, key: bound, ...rest })
}

/** Accepted calls on each day from one to another, both included. */
function daily(calls: number, from: string, to: string): Record<string, { accepted: number }> {
  const days: Record<string, { accepted: number }> = {}
  for (let each = day(from); each <= to; each = addDays(each, 1)) days[each] = { accepted: calls }
  return days
}

/** Which auth key is guessed for which standard key, by their display names. */
function guesses(...keys: readonly Observation[]): Record<string, string | undefined> {
  const found = withReplacements(keys)
  return Object.fromEntries(
    found.flatMap(({ key: { displayName }, replacement }) =>
      replacement === undefined ? [] : [[displayName, replacement.displayName]],
    ),
  )
}

function replacementOf(...keys: readonly Observation[]) {
  return withReplacements(keys).find(({ replacement }) => replacement !== undefined)?.replacement
}

const CALLED = traffic(daily(100, '2026-10-12', '2026-11-23'))
const HANDED_OVER = traffic({
  ...daily(100, '2026-10-12', '2026-11-09'),
  ...daily(5, '2026-11-10', '2026-11-23'),
})
const TAKEN_OVER = traffic(daily(95, '2026-11-10', '2026-11-23'))

describe('the guess which auth key replaces a standard key', () => {
  it('takes the one that is called since the calls of the standard key fell, whatever they are named', () => {
    const keys = [
      standard('Search', HANDED_OVER),
      standard('Chat', CALLED),
      auth('bot', TAKEN_OVER),
      auth('other'),
    ]
    assert.deepEqual(guesses(...keys), { Search: 'bot' })
  })

  it('says what it rests on, and gives the calls of both by day', () => {
    const one = auth('bot', TAKEN_OVER)
    const replacement = replacementOf(standard('Search', HANDED_OVER), one, auth('other'))
    assert.deepEqual(
      { ...replacement, calls: replacement?.calls?.slice(-15, -12) },
      {
        key: one.key.name,
        displayName: 'bot',
        because:
          'It was made on November 1, 2026 in the same project; after it was first called on November 10, 2026, the calls of this key fell from 100 to 5 a day.',
        guess: true,
        calls: [
          { day: '2026-11-09', standard: 100, auth: 0 },
          { day: '2026-11-10', standard: 5, auth: 95 },
          { day: '2026-11-11', standard: 5, auth: 95 },
        ],
      },
    )
    assert.equal(replacement?.calls?.length, 43)
  })

  const named: readonly (readonly [string, string, boolean])[] = [
    ['Invoice reader', 'Invoice reader', true],
    ['Invoice reader', 'invoice-reader (auth)', true],
    ['Invoice reader API key', 'Invoice reader (new auth key)', true],
    ['Invoice reader (old)', 'Invoice reader', true],
    ['钥匙', '钥匙 (auth)', true],
    ['Invoice reader', 'Invoice writer', false],
    ['Invoice reader', 'Invoice', false],
    ['API key 1', 'API key 2', false],
    ['API key', 'API key', false], // the name that Google gives says nothing
    ['', '', false],
    ['!', '?', false],
  ]
  for (const [one, other, areAlike] of named) {
    it(`${areAlike ? 'takes' : 'does not take'} “${other}” for “${one}” by their names`, () => {
      const keys = [standard(one), standard('another'), auth(other)]
      assert.equal(replacementOf(...keys)?.displayName, areAlike ? other : undefined)
    })
  }

  it('says that the calls of the auth key are not known where they are not, which is never none', () => {
    const replacement = replacementOf(standard('Search', CALLED), standard('x'), auth('Search (auth)'))
    assert.equal(
      replacement?.because,
      'It was made on November 1, 2026 in the same project and is named alike; its own calls are not known.',
    )
    assert.deepEqual(replacement?.calls?.[0], { day: '2026-10-12', standard: 100 })
  })

  const said: readonly (readonly [string, Usage, Usage, RegExp])[] = [
    [
      'no call of the auth key was accepted',
      CALLED,
      traffic({}, ['storage.googleapis.com']),
      /none of its own calls was accepted yet\.$/,
    ],
    [
      'the calls of the standard key are not known',
      UNKNOWN,
      TAKEN_OVER,
      /the calls of this key are not known\.$/,
    ],
    [
      'both are called as before',
      CALLED,
      TAKEN_OVER,
      /nothing shows yet that the calls of this key have moved to it\.$/,
    ],
  ]
  for (const [what, old, own, words] of said) {
    it(`says so where ${what}`, () => {
      assert.match(replacementOf(standard('Search', old), auth('Search', own))?.because ?? '', words)
    })
  }

  it('takes the only auth key for the only standard key, and says so', () => {
    assert.match(
      replacementOf(standard('one'), auth('other'))?.because ?? '',
      /in the same project, which has no other standard or auth key for the Gemini API; its own calls are not known\.$/,
    )
    assert.deepEqual(guesses(standard('one'), standard('two'), auth('other')), {})
    assert.deepEqual(guesses(standard('one'), auth('other'), auth('another')), {})
  })

  it('does not take the only auth key where its calls are known and came from elsewhere', () => {
    assert.deepEqual(guesses(standard('one', CALLED), auth('other', TAKEN_OVER)), {})
  })

  it('takes an auth key that has the name and the calls before one that has the calls alone', () => {
    const keys = [standard('Search', HANDED_OVER), auth('bot', TAKEN_OVER), auth('Search (auth)', TAKEN_OVER)]
    assert.deepEqual(guesses(...keys), { Search: 'Search (auth)' })
  })

  it('takes the auth key whose calls come nearest to those that were lost', () => {
    const less = traffic(daily(60, '2026-11-10', '2026-11-23'))
    assert.deepEqual(guesses(standard('Search', HANDED_OVER), auth('a', less), auth('b', TAKEN_OVER)), {
      Search: 'b',
    })
  })

  it('of standard keys with the same name takes the one with the most calls', () => {
    const few = traffic(daily(3, '2026-10-12', '2026-11-23'))
    const replaced = [
      standard('Notebook', few),
      standard('Notebook', CALLED),
      standard('Notebook', traffic({})),
    ]
    const found = withReplacements([...replaced, auth('Notebook (auth)')])
    assert.deepEqual(
      found.map(({ replacement }) => replacement !== undefined),
      [false, true, false, false],
    )
  })

  it('guesses nothing where two fit as well as each other', () => {
    assert.deepEqual(guesses(standard('Notebook'), standard('Notebook'), auth('Notebook')), {})
    assert.deepEqual(guesses(standard('Notebook'), auth('Notebook'), auth('Notebook')), {})
  })

  const moved: readonly (readonly [string, KnownUsage, KnownUsage])[] = [
    [
      'fell by less than half',
      traffic({ ...daily(100, '2026-10-12', '2026-11-09'), ...daily(60, '2026-11-10', '2026-11-23') }),
      TAKEN_OVER,
    ],
    [
      'fell two weeks after the other was first called',
      traffic(daily(100, '2026-10-12', '2026-11-14')),
      traffic(daily(95, '2026-10-30', '2026-11-23')),
    ],
    [
      'were ten times as many as those of the other',
      HANDED_OVER,
      traffic(daily(9, '2026-11-10', '2026-11-23')),
    ],
    ['were a tenth of those of the other', HANDED_OVER, traffic(daily(950, '2026-11-10', '2026-11-23'))],
    [
      'were very few',
      traffic(daily(1, '2026-10-12', '2026-11-09')),
      traffic(daily(1, '2026-11-10', '2026-11-23')),
    ],
    [
      'ended two days ago, which may be a weekend',
      traffic(daily(100, '2026-10-12', '2026-11-20')),
      traffic(daily(95, '2026-11-21', '2026-11-23')),
    ],
    [
      'fell when the other may have been called for long',
      HANDED_OVER,
      traffic(daily(95, '2026-10-12', '2026-11-23')),
    ],
  ]
  for (const [what, old, own] of moved) {
    it(`does not take calls for handed over that ${what}`, () => {
      assert.deepEqual(guesses(standard('one', old), standard('two', CALLED), auth('bot', own)), {})
    })
  }

  it('sees a hand-over by and by', () => {
    const old = traffic({
      ...daily(100, '2026-10-12', '2026-11-09'),
      ...daily(70, '2026-11-10', '2026-11-13'),
      ...daily(20, '2026-11-14', '2026-11-23'),
    })
    const own = traffic({
      ...daily(30, '2026-11-10', '2026-11-13'),
      ...daily(80, '2026-11-14', '2026-11-23'),
    })
    assert.deepEqual(guesses(standard('one', old), standard('two', CALLED), auth('bot', own)), { one: 'bot' })
  })

  const others: readonly (readonly [string, Observation, Observation])[] = [
    [
      'an auth key made before the standard key',
      standard('Search'),
      auth('Search', UNKNOWN, { key: { createTime: instant('2024-12-31T23:59:59Z') } }),
    ],
    [
      'an auth key made at the same moment',
      standard('Search'),
      auth('Search', UNKNOWN, { key: { createTime: instant('2025-01-01T00:00:00Z') } }),
    ],
    [
      'a deleted auth key',
      standard('Search'),
      auth('Search', UNKNOWN, { key: { deleteTime: instant('2026-11-20T00:00:00Z') } }),
    ],
    [
      'an auth key for other APIs',
      standard('Search'),
      auth('Search', UNKNOWN, { restrictions: { apiTargets: targets('maps-backend.googleapis.com') } }),
    ],
    ['another standard key', standard('Search'), key('Search', '2026-11-01', GEMINI)],
    [
      'a key of unknown type',
      standard('Search'),
      key('Search', '2026-11-01', { ...GEMINI, type: 'unknown' }),
    ],
    [
      'an auth key for a deleted key',
      standard('Search', UNKNOWN, { key: { deleteTime: instant('2026-11-20T00:00:00Z') } }),
      auth('Search'),
    ],
    [
      'an auth key for a key of other APIs',
      standard('Search', UNKNOWN, { restrictions: { apiTargets: targets('maps-backend.googleapis.com') } }),
      auth('Search'),
    ],
    [
      'an auth key for an open key that calls other APIs alone',
      standard('Search', traffic({}, ['maps-backend.googleapis.com']), { restrictions: {} }),
      auth('Search'),
    ],
    [
      'an auth key where the Gemini API is off',
      standard('Search', UNKNOWN, { gemini: 'off' }),
      auth('Search', UNKNOWN, { gemini: 'off' }),
    ],
  ]
  for (const [what, one, other] of others) {
    it(`never takes ${what}`, () => assert.deepEqual(guesses(one, other), {}))
  }

  it('never takes a key whose time of creation is not known', () => {
    const { createTime: _, ...timeless } = auth('Search').key
    assert.deepEqual(guesses(standard('Search'), { ...auth('Search'), key: timeless }), {})
  })

  it('leaves everything else of the keys as it is', () => {
    const keys = [standard('Search', HANDED_OVER), auth('Search', TAKEN_OVER), standard('Chat')]
    const found = withReplacements(keys)
    assert.deepEqual(
      found.map(({ replacement: _, ...rest }) => rest),
      keys,
    )
    assert.equal(found[2], keys[2])
  })
})

describe('Whatever keys a project has', () => {
  const createTimes: readonly Instant[] = ['2025-01-01', '2026-06-01', '2026-11-01', '2026-11-10'].map(
    (text) => instant(`${text}T00:00:00Z`),
  )
  const called = fc
    .record({ from: fc.nat({ max: 42 }), to: fc.nat({ max: 42 }), calls: fc.constantFrom(1, 20, 100, 110) })
    .map(({ from, to, calls }) => traffic(daily(calls, addDays(TODAY, -from), addDays(TODAY, -to))))
  const someKeys = fc
    .array(
      fc.record({
        name: fc.constantFrom('Search', 'Search (auth)', 'Chat', 'API key', ''),
        createTime: fc.constantFrom(undefined, ...createTimes),
        isAuth: fc.boolean(),
        usage: fc.oneof(called, usages),
      }),
      { maxLength: 8 },
    )
    .map((all) =>
      all.map(({ name, createTime, isAuth, usage }, index) => {
        const { createTime: _, ...whole } = (isAuth ? auth(name) : standard(name)).key
        const own: Key = { ...whole, name: `key-${index}`, ...(createTime && { createTime }) }
        return { ...(isAuth ? auth(name, usage) : standard(name, usage)), key: own }
      }),
    )
  const shuffled = someKeys.chain((keys) =>
    fc.tuple(fc.constant(keys), fc.shuffledSubarray([...keys], { minLength: keys.length })),
  )

  it('the guess does not depend on the order in which they come', () => {
    const byName = (keys: readonly Observation[]) =>
      new Map(withReplacements(keys).map((found) => [found.key.name, found.replacement]))
    fc.assert(
      fc.property(shuffled, ([keys, others]) => {
        const guessed = byName(others)
        for (const [name, replacement] of byName(keys)) assert.deepEqual(guessed.get(name), replacement)
      }),
      { numRuns: 500 },
    )
  })

  it('an auth key is guessed for one standard key at most, is younger, and is an auth key', () => {
    fc.assert(
      fc.property(someKeys, (keys) => {
        const found = withReplacements(keys)
        const pairs = found.flatMap((one) => (one.replacement ? [{ one, other: one.replacement.key }] : []))
        assert.equal(new Set(pairs.map(({ other }) => other)).size, pairs.length)
        for (const { one, other } of pairs) {
          const successor = keys.find((each) => each.key.name === other)
          assert.equal(one.type, 'standard')
          assert.equal(successor?.type, 'auth')
          assert.ok((successor?.key.createTime ?? '') > (one.key.createTime ?? ''))
          assert.equal(one.replacement?.guess, true)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('there are guesses among them', () => {
    const some = fc.sample(someKeys, { numRuns: 200, seed: 1 }).flatMap((keys) => withReplacements(keys))
    assert.ok(some.filter(({ replacement }) => replacement !== undefined).length > 20)
  })
})
