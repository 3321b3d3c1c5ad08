import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { ConfigError } from '../../../src/errors.js'
import type { Gap, KeyFacts, Run } from '../../../src/model.js'
import type { JudgedKey, Judgement } from '../../../src/policy/judgement.js'
import { builtInPolicy } from '../../../src/policy/policy.js'
import { affectedOf } from '../../../src/records/affected.js'
import { type KeyHistory, keyRecord } from '../../../src/records/key-record.js'
import { recommendingDoctor } from '../../../src/records/recommendation.js'
import type { RunPolicy, WaiverNotice } from '../../../src/records/run-policy.js'
import type { RunFacts } from '../../../src/records/run-record.js'
import { failedRunRecord } from '../../../src/records/run-record.js'
import { digest, failedDigest } from '../../../src/report/digest/digest.js'
import { headline } from '../../../src/report/digest/headline.js'
import { digestText } from '../../../src/report/digest-text.js'
import { LIMITS } from '../../../src/report/slack/limits.js'
import { assertGolden } from '../../golden.js'
import {
  day,
  FACTS,
  finding,
  GAP,
  gathered,
  instant,
  judged,
  KEY,
  NO_POLICY,
  OVERDUE,
  PROJECT,
  RUN,
  runOf,
} from '../samples.js'

interface Scene {
  readonly keys?: readonly JudgedKey[]
  readonly gaps?: readonly Gap[]
  readonly change?: Partial<RunFacts>
  readonly history?: KeyHistory
  readonly policy?: typeof NO_POLICY
}

function factsOf({ keys = [], gaps = [], change = {}, history = {}, policy = NO_POLICY }: Scene) {
  const affected = affectedOf(
    keys
      .filter(({ judgement }) => ['overdue', 'due', 'unknown'].includes(judgement.verdict))
      .map((key) => keyRecord(key, change.run ?? RUN, history)),
  )
  const gathering = change.gaps ?? gathered(gaps)
  const run = runOf(keys, gaps, { ...change, gaps: gathering })
  return { run, affected, gaps: gathering.records(RUN), policy }
}

const told = (scene: Scene) => digest(factsOf(scene))

const golden = (name: string, made: ReturnType<typeof digest>) =>
  assertGolden(`report/digest/${name}.txt`, `${made.message.text}\n\n${digestText(made)}`)

let made = 0
function key(
  judgement: Partial<Judgement>,
  facts: Partial<KeyFacts> = {},
  more: Partial<JudgedKey> = {},
): JudgedKey {
  made += 1
  const name = `projects/123/locations/global/keys/key-${made}`
  const own = { ...KEY, uid: `uid-${made}`, name, displayName: `Key ${made}`, ...facts.key }
  return judged({ facts: { ...FACTS, ...facts, key: own }, judgement: { ...OVERDUE, ...judgement }, ...more })
}

const project = (number: string, id: string) => ({ project: { ...PROJECT, number, id } })
const nothing = (verdict: Judgement['verdict']): Partial<Judgement> => ({ verdict, findings: [] })
const announced = { findings: [finding('standard-key')] }

const sample = (): readonly JudgedKey[] => [
  key({ findings: [finding('dormant-key'), finding('unrestricted-key'), finding('standard-key')] }),
  key({}),
  key({}, project('456', 'acme-app')),
  key(announced, project('789', 'acme-data')),
  key(nothing('unknown'), { type: 'unknown', ...project('456', 'acme-app') }),
  ...(['exempt', 'latent', 'compliant', 'compliant', 'not-affected', 'deleted'] as const).map((verdict) =>
    key(nothing(verdict)),
  ),
]

describe('the digest', () => {
  beforeEach(() => {
    made = 0
  })

  it('of a first run', () => {
    golden('first-run', told({ keys: sample(), policy: { ...NO_POLICY, contact: '#security-help' } }))
  })

  it('of a first run, as Slack gets it', () => {
    const { message } = told({ keys: sample() })
    assertGolden('report/digest/first-run.json', `${JSON.stringify(message.blocks, null, 2)}\n`)
    assertGolden('report/digest/first-run-plain.json', `${JSON.stringify(message.plain, null, 2)}\n`)
  })

  it('of an incomplete run', () => {
    const denied = [1, 2, 3].map((number) => ({ ...GAP, subject: `projects/${number}` }))
    golden('incomplete', told({ keys: sample(), gaps: [...denied, { ...GAP, missing: 'usage' }] }))
  })

  it('of a run in which all is well', () => {
    golden('all-clear', told({ keys: [key(nothing('compliant')), key(nothing('not-affected'))] }))
  })

  it('of a failed run', () => {
    const error =
      'Listing the assets of organizations/9 failed: cloudasset.googleapis.com is not enabled in project 111 (SERVICE_DISABLED); enable it: gcloud services enable cloudasset.googleapis.com --project=111'
    const told = recommendingDoctor(`${error}.`, RUN.scope)
    const failed = failedRunRecord(RUN, RUN.reading, told, { name: 'gemini-key-audit', version: '0.1.0' })
    golden('failed', failedDigest(failed))
  })

  it('of a run that failed for several reasons', () => {
    const { message } = new ConfigError([
      'policy.yaml:3: until: must be a day',
      'policy.yaml:9: unknown name "exmptions"',
    ])
    golden(
      'misconfigured',
      failedDigest(
        failedRunRecord(RUN, RUN.reading, message, { name: 'gemini-key-audit', version: '0.1.0' }),
      ),
    )
  })

  it('of several thousand keys', () => {
    const keys = Array.from({ length: 4_000 }, (_none, index) =>
      key(index % 3 === 0 ? {} : announced, project(`${index % 250}`, `project-${index % 250}`)),
    )
    golden('thousands', told({ keys }))
  })

  it('of names that want to be something else', () => {
    const names = [
      '<!channel>',
      '*bold* _it_ ~no~',
      '\u001b[31mred\u001b[0m',
      'a\n• 0 keys are overdue',
      '👩‍💻 ключ',
      '\u202eevil\u202c مفتاح',
    ]
    const keys = names.map((displayName, index) =>
      key(
        {},
        { ...project(`${index}`, `<@U${index}>&co`), key: { ...KEY, displayName, uid: `u${index}` } },
        { owner: '<!here>' },
      ),
    )
    golden('hostile', told({ keys }))
  })

  it('of the days before deadlines, by another day than its own', () => {
    const run: Run = { ...RUN, asOf: day('2026-05-10'), asOfOverridden: true }
    const due = [
      finding('unrestricted-key', { state: 'due', daysLeft: 40 }),
      finding('standard-key', { state: 'due', daysLeft: 114 }),
    ]
    golden('due', told({ keys: [key({ verdict: 'due', findings: due })], change: { run } }))
  })

  it('of a run with changes, calling the owners of what is new', () => {
    const changes = {
      since: instant('2026-11-22T07:00:00Z'),
      new: 1,
      worse: 0,
      better: 2,
      lost: 0,
      found: 0,
      gone: 0,
    }
    const owners = { ...NO_POLICY.owners, slack: new Map([['payments', 'S0123ABCD']]) }
    const scene = { keys: [key({})], change: { changes }, policy: { owners } }
    golden('changes', told({ ...scene, history: { change: 'new' } }))
    const calls = (change: KeyHistory['change']) =>
      JSON.stringify(told({ ...scene, ...(change && { history: { change } }) }).thread).includes('S0123ABCD')
    assert.deepEqual(
      [calls('new'), calls('worse'), calls('same'), calls(undefined)],
      [true, true, false, false],
    )
  })

  it('of a policy with exclusions, known gaps and lines that want to be looked at', () => {
    const policy: RunPolicy = {
      ...runOf([]).policy,
      exclusions: [
        {
          subject: 'folders/4242',
          until: day('2027-06-30'),
          reason: 'Apps Script projects',
          approvedBy: 'ciso@example.com',
        },
      ],
      notices: [
        {
          kind: 'exemption',
          state: 'endingSoon',
          subject: 'projects/acme-web',
          until: day('2026-12-01'),
          reason: 'vendor SDK',
          approvedBy: 'ciso@example.com',
        },
        {
          kind: 'known-gap',
          state: 'unmatched',
          subject: 'projects/legacy-1',
          until: day('2027-01-31'),
          reason: 'old',
          approvedBy: 'ciso@example.com',
        },
      ],
    }
    golden(
      'policy',
      told({ keys: [key(nothing('compliant'))], change: { policy, told: ['Read project by project.'] } }),
    )
  })

  describe('of a policy under which much holds', () => {
    const exemption = (subject: string, until: string): WaiverNotice => ({
      kind: 'exemption',
      state: 'holding',
      subject,
      until: day(until),
      reason: 'vendor SDK',
      approvedBy: 'ciso@example.com',
    })
    const deadline: WaiverNotice = {
      kind: 'deadline',
      state: 'holding',
      subject: 'standard-key',
      reason: 'planned',
      approvedBy: 'ciso@example.com',
    }
    const holdingBut = (others: number) => {
      const many = Array.from({ length: others }, (_, at) =>
        exemption(`projects/acme-${at}`, `2027-02-2${8 - at}`),
      )
      const policy = { ...runOf([]).policy, holding: [...many, deadline] }
      const text = digestText({
        ...told({ keys: [key(nothing('compliant'))], change: { policy } }),
        thread: [],
      })
      return text.split('Waived by the policy\n')[1]?.split('\n\n')[0]?.split('\n')
    }

    it('names moved deadlines and what ends first, and says where the rest is', () => {
      assert.deepEqual(holdingBut(7), [
        '• deadline for standard-key holds: planned; approved by ciso@example.com',
        ...[6, 5, 4, 3].map(
          (at) =>
            `• exemption for projects/acme-${at} holds (until 2027-02-2${8 - at}): vendor SDK; approved by ciso@example.com`,
        ),
        '• and 3 more in the run record',
      ])
    })

    it('names all where there are five', () => {
      assert.equal(holdingBut(4)?.length, 5)
      assert.ok(holdingBut(5)?.includes('• and 1 more in the run record'))
    })
  })

  describe('never', () => {
    const wholeText = (scene: Scene) => {
      const made = told(scene)
      return `${made.message.text}\n${digestText(made)}`
    }

    it('gives an all-clear when something that matters was not read', () => {
      const said = wholeText({ keys: [key(nothing('compliant'))], gaps: [GAP] })
      assert.match(said, /^Incomplete: /)
      assert.match(said, /\nIncomplete: no overdue or due key in what could be read\n/)
      assert.doesNotMatch(said, /no key is overdue or due/)
    })

    it('gives an all-clear when a key could not be judged', () => {
      const said = wholeText({ keys: [key(nothing('unknown'))] })
      assert.match(said, /no key is known to be overdue or due; 1 key could not be judged/)
      assert.doesNotMatch(said, /no key is overdue or due/)
    })

    it('calls a run incomplete for a gap that could not change a verdict, but tells of it', () => {
      const said = wholeText({ keys: [key(nothing('compliant'))], gaps: [{ ...GAP, missing: 'usage' }] })
      assert.doesNotMatch(said, /Incomplete/)
      assert.match(said, /Not read\n• the traffic of projects\/456/)
    })

    it('says of an announced deadline that anything is rejected, blocked or in force', () => {
      const said = wholeText({ keys: [key(announced)] })
      assert.match(said, /1 standard key in 1 project is past the announced date, September 2026/)
      assert.doesNotMatch(said, /reject|block|in force/)
    })

    it('adds up rules that differ in status', () => {
      const keys = [
        ...Array.from({ length: 3 }, () => key({ findings: [finding('unrestricted-key')] })),
        ...Array.from({ length: 4 }, () => key(announced)),
      ]
      const { message } = told({ keys })
      const said = `${message.text}\n${digestText({ message, thread: [] })}`
      assert.match(said, /3 unrestricted keys/)
      assert.match(said, /4 standard keys/)
      assert.doesNotMatch(said, /(?<!Key )\b7\b(?! keys in 1 project\n)/)
    })

    it('has more than ten replies, nor loses a key without saying so', () => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 30 }), fc.boolean(), (count, withGap) => {
          const keys = Array.from({ length: count }, () => key({}))
          const { thread } = told({ keys, gaps: withGap ? [GAP] : [] })
          assert.ok(thread.length <= 10)
          const shown = thread.filter(({ text }) => text.startsWith('Key ')).length
          const rest = /^(\d+) more affected keys?:/.exec(thread.at(-1)?.text ?? '')?.[1] ?? '0'
          assert.equal(shown + Number(rest), count)
        }),
        { numRuns: 60 },
      )
    })
  })

  it('puts changed keys first into the thread', () => {
    const keys = Array.from({ length: 12 }, () => key({}))
    const run = runOf(keys)
    const affected = affectedOf(
      keys.map((one, index) => keyRecord(one, RUN, index === 11 ? { change: 'worse' } : { change: 'same' })),
    )
    const { thread } = digest({ run, affected, gaps: [], policy: NO_POLICY })
    assert.match(thread[0]?.text ?? '', /^Key 12 /)
  })

  it('has a first line that fits, with the worst news in it', () => {
    const { message } = told({ keys: sample(), gaps: [GAP] })
    const [header] = message.parts
    assert.ok(header?.kind === 'headline' && header.text.length <= LIMITS.header)
    assert.match(header.text, /^Incomplete: 3 unrestricted keys/)
  })

  it('has the long first line as long as Slack takes it as a header, and not a character longer', () => {
    const facts = factsOf({ keys: [key({}), key({})] })
    const room = LIMITS.header - headline({ ...facts, part: '' }).length
    const fits = headline({ ...facts, part: 'x'.repeat(room) })
    assert.equal(fits.length, LIMITS.header)
    assert.match(fits, / in \d+ projects? (is|are) past /)
    assert.ok(headline({ ...facts, part: 'x'.repeat(room + 1) }).length < LIMITS.header)
  })

  it('names the first of many scopes', () => {
    const scope = Array.from({ length: 500 }, (_none, index) => `projects/project-${index}`)
    const { message } = told({ keys: [key({})], change: { run: { ...RUN, scope } } })
    assert.match(
      message.text,
      /audit of projects\/project-0, projects\/project-1, projects\/project-2 and 497 more on/,
    )
    assert.match(message.text, /1 unrestricted key/)
  })

  it('is the same message whatever order the keys were read in', () => {
    const keys = sample()
    assert.deepEqual(told({ keys: keys.toReversed() }), told({ keys }))
  })

  it('speaks of no policy that was not given', () => {
    assert.equal(builtInPolicy().contact, undefined)
    assert.doesNotMatch(digestText(told({})), /questions/)
  })
})
