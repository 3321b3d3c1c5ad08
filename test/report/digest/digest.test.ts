import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { digestText } from '../../../src/commands/print.js'
import { ConfigError } from '../../../src/errors.js'
import { AFFECTED_VERDICTS, type Run } from '../../../src/model.js'
import { builtInPolicy } from '../../../src/policy/policy.js'
import { usesOf } from '../../../src/records/affected.js'
import {
  type Failure,
  failureText,
  misconfigured,
  recommendingDoctor,
} from '../../../src/records/recommendation.js'
import type { WaiverNotice } from '../../../src/records/run-policy.js'
import { failedRunRecord, type JudgedRunRecord } from '../../../src/records/run-record.js'
import { wholeBody } from '../../../src/report/digest/body.js'
import { type Digest, digest, failedDigest, firstLine } from '../../../src/report/digest/digest.js'
import { coverage } from '../../../src/report/html/coverage.js'
import { makeNews } from '../../../src/report/news/news.js'
import { LIMITS } from '../../../src/report/slack/limits.js'
import { affectedOf } from '../../affected.js'
import { assertGolden } from '../../golden.js'
import { day, GAP, instant, NO_POLICY, RUN, runOf } from '../samples.js'
import { calls, callsOn, type DayKey, dayOf, NO_CALLS, type Scene, UNREAD } from '../scenes.js'

const golden = (name: string, made: Digest) =>
  assertGolden(`report/digest/${name}.txt`, `${made.message.text}\n\n${digestText(made)}`)

const digestOf = (scene: Scene) => digest(dayOf(scene))

/** So many keys alike. */
function many(count: number, key: DayKey): readonly DayKey[] {
  return Array.from({ length: count }, (_none, index) => ({ ...key, name: `${key.name} ${index + 1}` }))
}

const EMBEDDINGS: DayKey = {
  name: 'Embeddings',
  is: 'restricted',
  project: 'acme-rag-lab',
  owner: 'research',
  traffic: calls(36_000, '2026-11-20'),
}

/** The organization of most days: 12 affected keys, 1 that could not be judged, and others. */
const ORGANIZATION: readonly DayKey[] = [
  { name: 'Chat assistant', is: 'unrestricted', traffic: calls(1_850), owner: 'storefront' },
  { name: 'Agents', is: 'unrestricted', traffic: calls(2_600), project: 'acme-research' },
  { name: 'Notebook', is: 'unrestricted', traffic: callsOn('2026-11-02', 30), owner: '' },
  { name: 'Release notes', is: 'restricted', traffic: calls(85) },
  ...many(4, { name: 'Intern', is: 'dormant' }),
  ...many(2, { name: 'Vision batch', is: 'unrestricted' }),
  { name: 'Partner portal', is: 'restricted', traffic: UNREAD },
  { name: 'Gateway', is: 'unknown', traffic: calls(75), project: 'acme-legacy' },
  { name: 'Vendor SDK', is: 'exempt' },
  ...many(6, { name: 'New', is: 'compliant' }),
  ...many(9, { name: 'Maps', is: 'not-affected' }),
]

const same = (keys: readonly DayKey[]): readonly DayKey[] =>
  keys.map((key) => ({ history: { change: 'same' }, ...key }))

const FAILURE =
  'Listing the assets of organizations/9 failed: cloudasset.googleapis.com is not enabled in project 111 (SERVICE_DISABLED); enable it: gcloud services enable cloudasset.googleapis.com --project=111'
const TOOL = { name: 'gemini-key-audit', version: '0.1.0' }

const notice = (kind: WaiverNotice['kind'], state: WaiverNotice['state'], subject: string): WaiverNotice => ({
  kind,
  state,
  subject,
  until: day('2026-12-01'),
  reason: 'vendor SDK',
  approvedBy: 'ciso@example.com',
})

describe('how old the inventory is that was read', () => {
  const listedAt = (keys: readonly DayKey[]) => {
    const listing = { from: 'assets', readAt: instant('2026-11-23T06:58:00Z') } as const
    return dayOf({ keys, change: { notes: { listing } } })
  }
  const SAID = 'As the inventory showed it on Nov 23 06:58 UTC; changes of the last hours may be missing.'

  for (const [what, keys] of [
    ['a day with affected keys', ORGANIZATION],
    ['a day on which nothing is overdue', [{ name: 'New', is: 'compliant' }]],
  ] as const) {
    it(`is said with the coverage in the digest, below the table and in the report, on ${what}`, () => {
      const facts = listedAt(keys)
      assert.ok(digestText(digest(facts)).includes(SAID))
      assert.ok(JSON.stringify(wholeBody(facts)).includes(SAID))
      assert.ok(coverage(facts).markup.includes(SAID))
    })
  }

  it('is not said where projects were read one by one', () => {
    assert.doesNotMatch(digestText(digestOf({ keys: ORGANIZATION })), /inventory showed/)
  })
})

describe('the digest', () => {
  describe('of', () => {
    const days: Readonly<Record<string, Scene>> = {
      'first-run': {
        keys: [...ORGANIZATION, EMBEDDINGS],
        facts: { policy: { ...NO_POLICY, contact: '#security-help' } },
      },
      tuesday: {
        on: '2026-11-24',
        keys: [
          ...same(ORGANIZATION),
          { name: 'Prototype', is: 'unrestricted', history: { change: 'new', changeCause: 'key' } },
        ],
        changes: {
          since: instant('2026-11-23T07:00:00Z'),
          sinceDay: day('2026-11-23'),
          new: 1,
          newStandardKeys: 1,
          fixed: 1,
          better: 1,
        },
      },
      quiet: { keys: same([...ORGANIZATION, EMBEDDINGS]), changes: {} },
      'quiet-incomplete': { keys: same(ORGANIZATION), gaps: [GAP], changes: {} },
      monday: {
        on: '2026-11-23',
        keys: same([...ORGANIZATION, EMBEDDINGS]),
        changes: { since: instant('2026-11-20T07:00:00Z'), sinceDay: day('2026-11-20') },
      },
      'enforcement-day': {
        keys: [
          ...many(120, { name: 'Search', is: 'restricted', traffic: calls(300, '2026-11-20') }),
          ...many(40, { name: 'Shop', is: 'restricted', traffic: calls(900) }),
          EMBEDDINGS,
        ].map((key) => ({ ...key, history: { change: 'same', previousTraffic: 'accepted' } })),
        changes: { stopped: 121 },
      },
      'stopped-by-402': {
        keys: [
          ...same(ORGANIZATION),
          {
            ...EMBEDDINGS,
            traffic: calls(36_000, '2026-11-20', 'failed'),
            history: { change: 'same', previousTraffic: 'accepted' },
          },
        ],
        changes: { stopped: 1 },
      },
      incomplete: {
        keys: [
          ...same(ORGANIZATION),
          { ...EMBEDDINGS, history: { change: 'same', previousTraffic: 'accepted' } },
        ],
        changes: { stopped: 1, newGaps: 4 },
        gaps: [
          ...[1, 2, 3].map((number) => ({ ...GAP, subject: `projects/${number}` })),
          { ...GAP, missing: 'usage' },
          { ...GAP, subject: 'projects/123/locations/global/keys/broken', reason: 'MALFORMED' },
        ],
      },
      'nothing-overdue': {
        keys: [
          { name: 'Chat', is: 'due', traffic: calls(1_850) },
          { name: 'Batch', is: 'due' },
          ...many(6, { name: 'New', is: 'compliant' }),
        ],
      },
      'nothing-affected': {
        keys: [...many(6, { name: 'New', is: 'compliant' }), { name: 'Maps', is: 'not-affected' }],
      },
      'stopped-half-way': {
        keys: ORGANIZATION,
        gaps: [1, 2, 3, 4].map((number) => ({
          missing: 'keys',
          subject: `projects/${number}`,
          reason: 'STOPPED',
          because: 'The reading was stopped before the keys were listed',
          fix: 'run the audit again',
        })),
      },
      thousands: {
        keys: Array.from({ length: 5_000 }, (_none, index) => ({
          name: `Key ${index}`,
          is: index % 3 === 0 ? 'unrestricted' : 'restricted',
          traffic: index % 2 === 0 ? callsOn('2026-11-22', index) : NO_CALLS,
          project: `project-${index % 250}`,
        })),
      },
      hostile: {
        keys: [
          '<!channel>',
          '*bold* _it_ ~no~',
          '\u001b[31mred\u001b[0m',
          'a\n• 0 keys are overdue',
          '👩‍💻 ключ',
          '\u202eevil\u202c مفتاح',
        ].map((name, index) => ({ name, is: 'unrestricted', project: `<@U${index}>&co`, owner: '<!here>' })),
      },
      'policy-needs-attention': {
        keys: ORGANIZATION,
        policy: {
          exclusions: [
            {
              subject: 'folders/4242',
              until: day('2027-06-30'),
              reason: 'Apps Script',
              approvedBy: 'ciso@example.com',
            },
          ],
          notices: [
            notice('exemption', 'ended', 'projects/acme-web'),
            notice('exemption', 'endingSoon', 'projects/acme-shop'),
            notice('known-gap', 'unmatched', 'projects/legacy-1'),
          ],
          holding: [notice('exemption', 'holding', 'projects/vendor')],
        },
        change: { remarks: ['Read project by project.'] },
      },
      'archive-broken': {
        keys: ORGANIZATION,
        change: {
          archive: ['The run of 2026-11-25T07:00:00Z cannot be compared with: its manifest is damaged.'],
        },
      },
      route: { keys: same(ORGANIZATION), gaps: [GAP], facts: { part: 'payments' } },
    }
    for (const [name, scene] of Object.entries(days)) {
      it(name, () => golden(name, digestOf(scene)))
    }

    it('a first run, as Slack gets it', () => {
      const { message } = digestOf({
        keys: [...ORGANIZATION, EMBEDDINGS],
        facts: { links: [{ label: 'Report', url: 'https://storage.cloud.google.com/audit/report.html' }] },
      })
      assertGolden('report/digest/first-run.json', `${JSON.stringify(message.blocks, null, 2)}\n`)
      assertGolden('report/digest/first-run-plain.json', `${JSON.stringify(message.plain, null, 2)}\n`)
    })

    it('a run by another day than its own', () => {
      const run: Run = { ...RUN, asOf: day('2026-05-10'), asOfOverridden: true }
      golden('other-day', digestOf({ keys: [{ name: 'Chat', is: 'due' }], change: { run }, changes: {} }))
    })

    const failedWith = (failure: Failure, lastKnown?: JudgedRunRecord) =>
      failedDigest(failedRunRecord(RUN, RUN.reading, failureText(failure), TOOL), { failure, lastKnown })

    it('a failed run', () => {
      golden(
        'failed',
        failedWith({
          code: 'IAM_PERMISSION_DENIED',
          reason: `${FAILURE}.`,
          problems: [],
          next: recommendingDoctor(RUN.scope),
        }),
      )
    })

    it('a run that failed after good days', () => {
      const { run, affected } = dayOf({ keys: [...ORGANIZATION, EMBEDDINGS], on: '2026-11-22' })
      golden(
        'failed-after-good-days',
        failedWith(
          { code: 'IAM_PERMISSION_DENIED', reason: `${FAILURE}.`, problems: [] },
          { ...run, uses: usesOf(affected) },
        ),
      )
    })

    it('a run that failed for several reasons', () => {
      const says = ['policy.yaml:3: until: must be a day', 'policy.yaml:9: unknown name "exmptions"']
      const error = new ConfigError('POLICY_WRONG', says)
      golden('misconfigured', failedWith(misconfigured(error.problems)))
    })
  })

  describe('never', () => {
    const wholeText = (scene: Scene) => {
      const made = digestOf(scene)
      return `${made.message.text}\n${digestText(made)}`
    }

    it('says twice what calls may mean that never worked, nor as more than a possibility', () => {
      const said = wholeText({
        keys: [{ name: 'Never', is: 'unrestricted', traffic: calls(100, '2026-10-01', 'failed') }],
      })
      const possibility =
        'Calls answered 402: the billing account may be out of credit, which stops all keys of all its projects. See the billing page of the project in AI Studio.'
      assert.equal(said.split(possibility).length - 1, 1, said)
    })

    it('lists what calls may mean of a key that has stopped, whose steps begin with it', () => {
      const said = wholeText({
        keys: [{ name: 'Stopped', is: 'unrestricted', traffic: calls(100, '2026-11-20', 'failed') }],
      })
      assert.doesNotMatch(said, /What it may mean/)
    })

    it('gives an all-clear when something that matters was not read', () => {
      const said = wholeText({ keys: [{ name: 'A', is: 'compliant' }], gaps: [GAP] })
      assert.match(said, /^Incomplete · no affected key in what could be read\./)
      assert.doesNotMatch(said, /is affected/)
    })

    it('calls a run incomplete for a gap that could not change a verdict, but reports the gap', () => {
      const said = wholeText({ keys: [{ name: 'A', is: 'compliant' }], gaps: [{ ...GAP, missing: 'usage' }] })
      assert.doesNotMatch(said, /Incomplete/)
      assert.match(said, /Could not read: the traffic of 1 project \(permission\)/)
    })

    it('says of an announced deadline that anything is rejected, blocked or in force', () => {
      const said = wholeText({ keys: [{ name: 'A', is: 'restricted' }] })
      assert.match(said, /1 restricted standard key \(announced for September 2026\)/)
      assert.doesNotMatch(said, /reject|block|in force/)
    })

    it('has more than ten replies, nor loses a key without saying so', () => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 30 }), fc.boolean(), (count, withGap) => {
          const keys = many(count, { name: 'Key', is: 'unrestricted' })
          const { thread } = digestOf({ keys, gaps: withGap ? [GAP] : [] })
          assert.ok(thread.length <= 10)
          const shown = thread.filter(({ text }) => text.startsWith('Key ')).length
          const rest = /^(\d+) more affected keys?:/.exec(thread.at(-1)?.text ?? '')?.[1] ?? '0'
          assert.equal(shown + Number(rest), count)
        }),
        { numRuns: 60 },
      )
    })

    it('says a fact twice in the message on a key', () => {
      const { thread } = digestOf({ keys: [EMBEDDINGS], changes: {} })
      const texts = thread[0]?.parts.flatMap((part) => ('text' in part ? [part.text] : [])) ?? []
      assert.equal(texts.filter((text) => text.includes('acme-rag-lab')).length, 1)
      assert.equal(texts.filter((text) => text.includes('1,440,000')).length, 1)
    })
  })

  it('is quiet only where nothing happened, and not on Mondays', () => {
    const conditions: readonly [string, NonNullable<Scene['changes']>, string, boolean][] = [
      ['nothing happened', {}, '2026-11-26', true],
      ['an unaffected key has gone', { gone: 1 }, '2026-11-26', true],
      ['it is a Monday', {}, '2026-11-23', false],
      ['it is a Sunday', {}, '2026-11-22', true],
      ['a key is new', { new: 1 }, '2026-11-26', false],
      ['a key is worse', { worse: 1 }, '2026-11-26', false],
      ['a key is better', { better: 1 }, '2026-11-26', false],
      ['a key is readable again', { found: 1 }, '2026-11-26', false],
      ['a key is no longer readable', { lost: 1 }, '2026-11-26', false],
      ['a key was fixed by deleting it', { gone: 1, fixed: 1 }, '2026-11-26', false],
      ['something is newly unread', { newGaps: 1 }, '2026-11-26', false],
      ['a key stopped working', { stopped: 1 }, '2026-11-26', false],
      ['there is no run to compare with', { since: null }, '2026-11-26', false],
    ]
    for (const [name, changes, on, quiet] of conditions) {
      assert.equal(makeNews(dayOf({ changes, on })).isQuiet, quiet, name)
    }
  })

  it('calls the owners of keys that are new, worse, or stopped working, and of no others', () => {
    const owners = { ...NO_POLICY.owners, slack: new Map([['payments', 'S0123ABCD']]) }
    const calling = (history: DayKey['history'], traffic = calls(100)) =>
      JSON.stringify(
        digestOf({
          keys: [{ name: 'A', is: 'unrestricted', traffic, ...(history && { history }) }],
          changes: { new: 1 },
          facts: { policy: { owners } },
        }).thread,
      ).includes('S0123ABCD')
    assert.deepEqual(
      [{ change: 'new' }, { change: 'worse' }, { change: 'same' }, undefined].map((history) =>
        calling(history as DayKey['history']),
      ),
      [true, true, false, false],
    )
    assert.ok(calling({ change: 'same', previousTraffic: 'accepted' }, calls(100, '2026-11-20')))
  })

  it('reports a change once', () => {
    const said = digestText(digestOf({ changes: { better: 4, gone: 1, fixed: 3, new: 2 } }))
    assert.match(said, /Changed since Wed: 2 new keys · 3 fixed · 2 better or gone for another reason\n/)
  })

  it('says once, above the table, what is to be done with all of its keys', () => {
    const made = digestText({
      ...digestOf({ keys: many(3, { name: 'Key', is: 'unrestricted' }) }),
      thread: [],
    })
    assert.equal(made.match(/replace by an auth key/g)?.length, 1)
  })

  it('puts changed keys first into the thread', () => {
    const keys = many(12, { name: 'Key', is: 'unrestricted' }).map((key, index) => ({
      ...key,
      history: { change: index === 11 ? 'worse' : 'same' } as const,
    }))
    assert.match(digestOf({ keys }).thread[0]?.text ?? '', /^Key 12 /)
  })

  it('has a header that Slack takes, whatever the name of the part', () => {
    const facts = dayOf({
      keys: [...ORGANIZATION, EMBEDDINGS],
      gaps: [GAP],
      facts: { part: 'x'.repeat(500) },
    })
    assert.ok(firstLine(facts).length <= LIMITS.header)
  })

  it('names the first of many scopes', () => {
    const scope = Array.from({ length: 500 }, (_none, index) => `projects/project-${index}`)
    const { message } = digestOf({ change: { run: { ...RUN, scope } } })
    assert.match(
      message.text,
      /keys of projects\/project-0, projects\/project-1, projects\/project-2 and 497 more, /,
    )
  })

  it('is the same message whatever order the keys were read in', () => {
    const facts = dayOf({ keys: [...ORGANIZATION, EMBEDDINGS] })
    const affected = facts.records.filter(({ verdict }) => AFFECTED_VERDICTS.includes(verdict))
    assert.deepEqual(digest({ ...facts, affected: affectedOf(affected.toReversed()) }), digest(facts))
  })

  it('speaks of no policy that was not given', () => {
    assert.equal(builtInPolicy().contact, undefined)
    assert.doesNotMatch(digestText(digestOf({})), /questions/)
  })

  it('ends with 12 digits of its run record, whatever it says', () => {
    for (const made of [
      digestOf({}),
      digestOf({ changes: {} }),
      failedDigest(failedRunRecord(RUN, RUN.reading, 'why', TOOL), {
        failure: { code: 'FAULT', reason: 'why', problems: [] },
      }),
    ]) {
      const last = made.message.parts.at(-1)
      assert.ok(last?.kind === 'small')
      assert.match(last.text, / · [0-9a-f]{4} [0-9a-f]{4} [0-9a-f]{4}$/)
    }
    assert.equal(runOf([]).record, 'run')
  })
})
