import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { ConfigError } from '../../src/errors.js'
import type { Day } from '../../src/model.js'
import { GOOGLE_DEADLINES } from '../../src/policy/deadlines.js'
import { parsePolicy } from '../../src/policy/file.js'
import { builtInPolicy, type Policy } from '../../src/policy/policy.js'
import { assertGolden } from '../golden.js'
import { day, TODAY } from './keys.js'

const parse = (text: string, asOf: Day = TODAY) => parsePolicy(text, 'policy.yaml', asOf)

function problemsOf(text: string, asOf?: Day): readonly string[] {
  try {
    parse(text, asOf)
  } catch (error) {
    if (error instanceof ConfigError) return error.sentences
    throw error
  }
  return []
}

/** What a policy says, without where it comes from. */
function content({ source: _, text: __, sha256: ___, ...rest }: Policy) {
  return rest
}

const WHY = 'reason: r, approved-by: a'

describe('A policy file', () => {
  it('that is the example in the documentation can be read', () => {
    const text = readFileSync(new URL('../../docs/policy.example.yaml', import.meta.url), 'utf8')
    const policy = parse(text)
    const decision = {
      reason: 'keys for emergencies have no traffic by design',
      approvedBy: 'ciso@example.com',
    }
    assert.equal(policy.source, 'policy.yaml')
    assert.equal(policy.text, text)
    assert.deepEqual(policy.deadlines['standard-key'], {
      ...GOOGLE_DEADLINES['standard-key'],
      date: '2027-03-31',
      precision: 'day',
      checked: '2026-11-20',
      moved: { reason: "Google's new date", approvedBy: 'ciso@example.com' },
    })
    assert.deepEqual(
      policy.overrides.map(({ deadline: { rule }, until }) => [rule, until]),
      [
        ['dormant-key', '2027-06-30'],
        ['standard-key', undefined],
      ],
    )
    assert.deepEqual(policy.deadlines['dormant-key'].moved, { ...decision, until: '2027-06-30' })
    assert.equal(policy.deadlines['unrestricted-key'], GOOGLE_DEADLINES['unrestricted-key'])
    assert.deepEqual(policy.hygiene, ['standard-key-unrestricted'])
    assert.deepEqual(
      policy.exclude.map(({ subject }) => subject),
      ['folders/4242', 'projects/sandbox-1'],
    )
    assert.deepEqual(
      policy.exemptions.map(({ subject, rules }) => [subject, rules]),
      [
        ['projects/123456789/locations/global/keys/vendor-sdk', ['standard-key']],
        ['folders/7', ['unrestricted-key', 'standard-key']],
      ],
    )
    assert.deepEqual(policy.knownGaps, [
      {
        kind: 'known-gap',
        subject: 'projects/legacy-1',
        missing: 'usage',
        until: '2027-01-31',
        reason: "the partner's contract does not let us see its traffic",
        approvedBy: 'ciso@example.com',
      },
    ])
    assert.deepEqual(policy.owners, {
      labels: ['owner', 'team'],
      folders: new Map([['folders/7', 'payments']]),
      slack: new Map([['payments', 'S0123ABCD']]),
    })
    assert.deepEqual(policy.routes, [
      { by: 'owner', subject: 'payments', channel: 'C0456EFGH' },
      { by: 'folder', subject: 'folders/7', channel: 'C0789IJKL' },
    ])
    assert.equal(policy.contact, '#security-help')
  })

  const empty = ['', '\n', '# nothing yet\n', '---\n', '{}', 'exemptions:\nowners:\n  labels:\ndeadlines:\n']
  for (const text of empty) {
    it(`that says nothing is the built-in policy: ${JSON.stringify(text)}`, () => {
      assert.deepEqual(content(parse(text)), content(builtInPolicy()))
    })
  }

  it('is known by the digest of its text', () => {
    const digest = 'e21dcb4b88d39b907ff4f584195f081c8baecf8d646a13c551be817ae5b42870'
    assert.equal(parse('dormant-days: 30\n').sha256, digest)
    assert.notEqual(parse('dormant-days: 30\n').sha256, parse('dormant-days: 30').sha256)
  })

  it('may begin with a byte order mark and end its lines as Windows does', () => {
    assert.equal(parse('\uFEFFdormant-days: 7\r\ncontact: x\r\n').dormantDays, 7)
  })

  it('may name projects by number with and without quotes', () => {
    const text = `exclude: [{project: 123, ${WHY}, until: 2027-01-01}, {project: "456", ${WHY}, until: 2027-01-01}]`
    assert.deepEqual(
      parse(text).exclude.map(({ subject }) => subject),
      ['projects/123', 'projects/456'],
    )
  })

  it('may repeat itself by reference where that says something else', () => {
    const text = `exclude:\n  - &a {project: one, ${WHY}, until: 2027-01-01}\nroutes:\n  - {project: one, channel: C012}\n`
    assert.equal(parse(text).routes[0]?.by, 'project')
  })
})

describe('A moved deadline', () => {
  const deadlineOf = (rest: string, asOf = TODAY) =>
    parse(`deadlines: {standard-key: {${WHY}, ${rest}}}`, asOf).deadlines['standard-key']

  it('with a day is precise to the day, unless it says otherwise', () => {
    assert.equal(deadlineOf('date: 2027-03-31').precision, 'day')
    assert.equal(deadlineOf('date: 2027-03-01, precision: month').precision, 'month')
  })

  it('keeps of Google’s what it does not say', () => {
    const { date, precision, status, source, checked } = deadlineOf('status: in-force')
    const google = GOOGLE_DEADLINES['standard-key']
    assert.deepEqual(
      [date, precision, source, checked],
      [google.date, 'month', google.source, google.checked],
    )
    assert.equal(status, 'in-force')
  })

  it('holds on its last day; then Google’s holds again, and it is still listed', () => {
    assert.equal(deadlineOf('date: none, until: 2026-11-23').date, 'none')
    assert.equal(deadlineOf('date: none, until: 2026-11-22'), GOOGLE_DEADLINES['standard-key'])
    const text = `deadlines: {standard-key: {${WHY}, date: none, until: 2026-11-22}}`
    assert.deepEqual(
      parse(text).overrides.map(({ deadline, until }) => [deadline.date, until]),
      [['none', '2026-11-22']],
    )
  })

  it('that is earlier than Google’s must not end so early that keys would be due again', () => {
    const ending = (until: string) =>
      problemsOf(`deadlines: {standard-key: {${WHY}, date: 2026-06-01, until: ${until}}}`)
    assert.deepEqual(ending('2026-08-31'), [])
    assert.equal(ending('2026-08-30').length, 1)
    assert.match(
      ending('2026-08-30')[0] ?? '',
      /^policy\.yaml:1: deadlines\.standard-key\.until is too early/,
    )
  })
})

describe('The end of a waiver', () => {
  const exempt = (until: string) =>
    `exemptions: [{project: one, rule: standard-key, ${WHY}, until: ${until}}]`

  it('is at most 366 days ahead', () => {
    assert.deepEqual(problemsOf(exempt('2027-11-24')), [])
    assert.match(
      problemsOf(exempt('2027-11-25')).join(),
      /until is "2027-11-25"; .* at most 366 days ahead, which is 2027-11-24/,
    )
  })

  it('is counted from today where another day is judged by', () => {
    const early = day('2026-05-06')
    assert.equal(problemsOf(exempt('2027-11-24'), early).length, 1)
    assert.equal(parsePolicy(exempt('2027-11-24'), 'policy.yaml', early, TODAY).exemptions.length, 1)
  })

  it('may have passed', () => {
    assert.equal(parse(exempt('2020-02-29')).exemptions[0]?.until, '2020-02-29')
  })
})

describe('A policy file on hygiene', () => {
  it('asks for nothing where it does not say so, or says off', () => {
    for (const text of ['', 'hygiene:', 'hygiene: {standard-key-unrestricted: off}']) {
      assert.deepEqual(parse(text).hygiene, [], text)
    }
  })

  it('exempts from its rows as from rules, and from both together', () => {
    const text = (rule: string) =>
      `exemptions: [{project: acme-web, rule: ${rule}, until: 2026-12-31, ${WHY}}]`
    assert.deepEqual(parse(text('auth-key-account-shared')).exemptions[0]?.rules, ['auth-key-account-shared'])
    assert.deepEqual(parse(text('[auth-key-unrestricted, standard-key]')).exemptions[0]?.rules, [
      'standard-key',
      'auth-key-unrestricted',
    ])
    assert.match(
      problemsOf(text('auth-key-acount-shared')).join(),
      /^policy\.yaml:1: exemptions\[0\]\.rule is "auth-key-acount-shared", did you mean auth-key-account-shared\? allowed: one of dormant-key, /,
    )
  })
})

describe('A wrong policy file', () => {
  it('is refused with all problems at once, each with its line and what is allowed', () => {
    const text = readFileSync(new URL('wrong.policy.yaml', import.meta.url), 'utf8')
    assertGolden('policy/problems.txt', `${problemsOf(text).join('\n')}\n`)
  })

  const single: readonly [what: string, text: string, problem: RegExp][] = [
    ['a list', '- a', /^policy\.yaml:1: the policy is \["a"\]; allowed: a mapping with deadlines, /],
    ['a word', 'hello', /^policy\.yaml:1: the policy is "hello"; allowed: a mapping/],
    [
      'a name said twice',
      'contact: a\ncontact: b',
      /^policy\.yaml:2: is not YAML as it should be: Map keys must be unique/,
    ],
    ['a tab', 'owners:\n\tlabels: [a]', /^policy\.yaml:2: is not YAML/],
    ['two documents', 'contact: a\n---\ncontact: b', /^policy\.yaml:2: is not YAML .*multiple documents/],
    ['a tag', 'exclude: !mine []', /^policy\.yaml:1: is not YAML .*Unresolved tag: !mine/],
    ['an alias for nothing', 'contact: *x', /^policy\.yaml:1: is not YAML .*Unresolved alias/],
    [
      'an alias for itself',
      'exemptions: &x [*x]',
      /^policy\.yaml:1: exemptions\[0\] is a list; allowed: a mapping/,
    ],
    ['a name that is a list', '? [a]\n: b', /^policy\.yaml:1: is not YAML/],
    [
      'too deep a nesting',
      `contact: ${'['.repeat(100_000)}`,
      /^policy\.yaml:1: nests deeper than 20 levels$/,
    ],
    [
      'too deep a nesting by lines',
      Array.from({ length: 500 }, (_, at) => `${' '.repeat(at)}a:`).join('\n'),
      /nests deeper/,
    ],
    ['too much of it', `# ${'x'.repeat(204_800)}`, /^policy\.yaml:1: is 204802 bytes long; allowed: 204800/],
  ]
  for (const [what, text, problem] of single) {
    it(`is one with ${what}`, () => {
      const problems = problemsOf(text)
      assert.equal(problems.length, 1)
      assert.match(problems[0] ?? '', problem)
    })
  }

  it('is one whose aliases multiply', () => {
    const level = (name: string, of: string) => `${name}: &${name} [${Array(9).fill(`*${of}`).join(', ')}]`
    const bomb = [
      'a: &a [x, x]',
      level('b', 'a'),
      level('c', 'b'),
      level('d', 'c'),
      level('e', 'd'),
      level('f', 'e'),
    ]
    assert.match(problemsOf(bomb.join('\n')).join(), /Excessive alias count/)
  })

  it('is not one of the greatest allowed size', () => {
    assert.deepEqual(problemsOf(`# ${'x'.repeat(204_798)}`), [])
  })

  it('never repeats more of a value than identifies it', () => {
    assert.ok((problemsOf(`dormant-days: ${'x'.repeat(5000)}`)[0] ?? '').length < 200)
  })

  it('is refused in this way whatever it holds', () => {
    const pieces = fc.constantFrom(
      ...[
        'deadlines',
        'exemptions',
        'owners',
        'standard-key',
        '__proto__',
        'constructor',
        'until',
        '2026-11-23',
      ],
      ...[
        ': ',
        '\n',
        '\n  ',
        '- ',
        '[',
        ']',
        '{',
        '}',
        ', ',
        '&a ',
        '*a',
        '"',
        '!!binary ',
        '? ',
        '# ',
        '|\n',
        '<<: *a',
        '\t',
      ],
    )
    const texts = fc.oneof(
      fc.array(pieces, { maxLength: 30 }).map((some) => some.join('')),
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc.json(),
    )
    fc.assert(
      fc.property(texts, (text) => {
        for (const problem of problemsOf(text)) assert.match(problem, /^policy\.yaml:\d+: \S/)
      }),
      { numRuns: 1000 },
    )
  })
})
