import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { digestText } from '../../../src/commands/print.js'
import { AFFECTED_VERDICTS } from '../../../src/model.js'
import { digest, firstLine, sentence } from '../../../src/report/digest/digest.js'
import { headerText, newsLine, quietText } from '../../../src/report/news/headline.js'
import { makeNews } from '../../../src/report/news/news.js'
import { NEWS_KINDS } from '../../../src/report/news/statement.js'
import { tilesOf } from '../../../src/report/news/summary.js'
import { GAP } from '../samples.js'
import { calls, callsOn, type DayKey, dayOf, NO_CALLS, type Scene, UNREAD } from '../scenes.js'

const traffic = fc.constantFrom(
  calls(1_200),
  calls(40, '2026-11-19'),
  callsOn('2026-11-02', 30),
  callsOn('2026-11-20', 0, 12),
  NO_CALLS,
  UNREAD,
)

const key: fc.Arbitrary<DayKey> = fc.record({
  name: fc.constant('Key'),
  is: fc.constantFrom(
    'dormant',
    'unrestricted',
    'restricted',
    'unknown',
    'exempt',
    'compliant',
    'not-affected',
  ),
  traffic,
  history: fc.constantFrom<NonNullable<DayKey['history']>>(
    {},
    { change: 'same' },
    { change: 'new' },
    { change: 'same', previousTraffic: 'accepted' },
  ),
})

const scene: fc.Arbitrary<Scene> = fc.record({
  keys: fc.array(key, { maxLength: 25 }),
  gaps: fc.constantFrom([], [GAP]),
  changes: fc.record({
    new: fc.nat(3),
    fixed: fc.nat(3),
    newStandardKeys: fc.nat(3),
    gone: fc.nat(3),
  }),
  on: fc.constantFrom('2026-11-23', '2026-11-26'),
})

/** Every number of a text, as people write numbers. */
const numbersIn = (text: string) =>
  [...text.matchAll(/\d[\d,]*/g)].map(([number]) => Number(number.replaceAll(',', '')))

describe('the news', () => {
  it('never puts a statement behind a lesser one', () => {
    fc.assert(
      fc.property(scene, (day) => {
        const ranks = makeNews(dayOf(day)).statements.map(({ rank }) => rank)
        assert.deepEqual(
          ranks,
          ranks.toSorted((one, other) => one - other),
        )
        assert.ok(ranks.length > 0)
        assert.ok(ranks.every((rank) => NEWS_KINDS[rank] !== undefined))
      }),
    )
  })

  it('counts each affected key once: in statements, tiles and by rule alike', () => {
    fc.assert(
      fc.property(scene, (day) => {
        const facts = dayOf(day)
        const news = makeNews(facts)
        const { overdue, due, unknown, exempt } = facts.run.counts.verdict
        const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
        const parts = news.statements.filter(({ partOf }) => partOf === 'affected')
        assert.equal(sum(parts.map(({ keys }) => keys)), overdue + due)
        assert.equal(sum(news.partition.map(({ keys }) => keys)), overdue + due)
        assert.equal(sum(tilesOf(news).map(({ count }) => count)), overdue + due + unknown + exempt)
        assert.equal(news.totals.affected, overdue + due)
        for (const { keys, rules } of parts.filter((each) => each.rules.length > 0)) {
          assert.equal(sum(rules.map((rule) => rule.keys)), keys)
        }
      }),
    )
  })

  it('counts in the header what does not fit into it', () => {
    fc.assert(
      fc.property(scene, fc.integer({ min: 20, max: 150 }), (day, length) => {
        const facts = dayOf(day)
        const news = makeNews(facts)
        const header = headerText(news, facts, length)
        const [shown = '', rest] = header.split(', … ')
        const count = [...news.statements.keys()].find((index) => newsLine(news, facts, index + 1) === shown)
        assert.ok(count !== undefined, header)
        assert.ok(header.length <= length || count === 0)
        const left = news.statements.slice(count + 1)
        const once = left.filter(({ partOf }) => partOf !== 'again')
        const keys = (some: typeof left) => some.reduce((sum, each) => sum + each.keys, 0)
        assert.equal(rest ?? '0 more', `${(keys(once) || keys(left)).toLocaleString('en-US')} more`)
      }),
    )
  })

  it('says in the text what it says in the header, in the same words, and no less', () => {
    fc.assert(
      fc.property(scene, (day) => {
        const facts = dayOf(day)
        const { message } = digest(facts)
        const [shown = ''] = firstLine(facts).split(', … ')
        assert.ok(sentence(facts).startsWith(shown), `${sentence(facts)}\n${shown}`)
        assert.equal(message.text, sentence(facts))
        const news = makeNews(facts)
        if (news.isQuiet) return
        for (const statement of news.statements) {
          if (statement.keys > 0) assert.ok(numbersIn(message.text).includes(statement.keys))
        }
      }),
    )
  })

  it('has the same numbers in the quiet line as in all else', () => {
    fc.assert(
      fc.property(scene, (day) => {
        const facts = dayOf({ ...day, on: '2026-11-26', changes: {} })
        const news = makeNews(facts)
        const [counts = '', uses = ''] = quietText(news, facts).split(', as on Wed')
        const { totals } = news
        if (totals.affected > 0) assert.deepEqual(numbersIn(counts), [totals.affected])
        const known = [
          totals.inUsePastDeadline + totals.dueInUse,
          totals.stopped + totals.stoppedEarlier,
          totals.overdueNotKnown + totals.dueNotKnown,
          totals.unjudged,
        ].filter((number) => number > 0)
        assert.deepEqual(numbersIn(uses), known)
      }),
    )
  })

  it('is never quiet about a key that stopped working since the run before', () => {
    const stopped = { name: 'Search', is: 'restricted', traffic: calls(100, '2026-11-20') } as const
    const news = (history: DayKey['history']) =>
      makeNews(dayOf({ keys: [{ ...stopped, ...(history && { history }) }], changes: {} }))
    assert.equal(news({ change: 'same', previousTraffic: 'accepted' }).isQuiet, false)
    assert.equal(news({ change: 'same' }).isQuiet, true)
  })

  it('names the key that lost the most calls, and says how many a week and until when', () => {
    const keys: readonly DayKey[] = [
      { name: 'Small', is: 'unrestricted', traffic: calls(20, '2026-11-20') },
      {
        name: 'Large',
        is: 'restricted',
        project: 'acme-rag-lab',
        owner: 'research',
        traffic: calls(9_000, '2026-11-20'),
      },
    ]
    const { message } = digest(dayOf({ keys }))
    assert.match(
      message.text,
      /^2 keys stopped working\. Largest: Large in acme-rag-lab \(research\), 63,000 calls a week until Nov 20, refused since\./,
    )
  })

  it('says of that key which auth key has probably replaced it, since its calls may have moved', () => {
    const facts = dayOf({ keys: [{ name: 'Large', is: 'restricted', traffic: calls(9_000, '2026-11-20') }] })
    const { largestStopped } = facts.affected
    assert.ok(largestStopped !== undefined)
    const replacement = {
      key: 'projects/1/locations/global/keys/new',
      displayName: 'Large (auth)',
      because: 'It was made later.',
      guess: true,
    } as const
    const moved = { ...facts.affected, largestStopped: { ...largestStopped, replacement } }
    assert.match(
      digest({ ...facts, affected: moved }).message.text,
      /refused since; probably replaced by Large \(auth\)\./,
    )
    assert.doesNotMatch(digest(facts).message.text, /replaced/)
  })

  it('calls no key affected that could not be judged, and leaves none out', () => {
    const facts = dayOf({ keys: [{ name: 'A', is: 'unknown' }] })
    assert.ok(AFFECTED_VERDICTS.includes('unknown'))
    assert.equal(firstLine(facts), 'No Gemini API key is known to be affected, 1 could not be judged')
    assert.doesNotMatch(digestText(digest(facts)), /1 affected/)
  })
})
