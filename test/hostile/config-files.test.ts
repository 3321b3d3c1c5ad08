import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { SettingsError } from '../../simulator/settings-error.js'
import { readWorld } from '../../simulator/world/file.js'
import { ConfigError } from '../../src/errors.js'
import { parsePolicy } from '../../src/policy/file.js'
import { policyTexts } from '../policy/arbitraries.js'
import { RUN } from '../report/samples.js'
import { cases } from './cases.js'
import { names, PROTOTYPE_NAMES } from './names.js'

const NOW = new Date(RUN.time)
const POLICY = readFileSync('docs/policy.example.yaml', 'utf8').replace(/^ *#.*\n/gm, '')
const WORLD = readFileSync('worlds/acme.yaml', 'utf8').slice(0, 2_500)

/** Pieces of YAML that parsers stumble over. */
const pieces = fc.oneof(
  names,
  fc.constantFrom(
    ...[
      '&a [*a]',
      '*unknown',
      '!!js/function x',
      '!!binary "="',
      '<<: {a: 1}',
      '? [x]',
      '%YAML 9',
      '---',
      '...',
      '|',
      '>-',
    ],
    ...[
      '{',
      '[',
      '"',
      "'",
      ':',
      '- ',
      '\t',
      '1e999',
      '.nan',
      '-.inf',
      '0x7fffffffffffffffff',
      '2026-02-30',
      '~',
      '#',
    ],
    ...PROTOTYPE_NAMES.map((name) => `\n${name}: {${name}: 1}\n`),
    `${'['.repeat(5_000)}`,
    `${'a: {'.repeat(50)}`,
    'until: 9999-99-99',
    'organization: {number: 1e999}',
  ),
)

/** A text with a piece put in, a part left out, or a part of it repeated. */
function spoiled(text: string): fc.Arbitrary<string> {
  const place = fc.nat({ max: text.length })
  return fc.oneof(
    fc.tuple(place, pieces).map(([at, piece]) => text.slice(0, at) + piece + text.slice(at)),
    fc.tuple(place, fc.nat({ max: 200 })).map(([at, length]) => text.slice(0, at) + text.slice(at + length)),
    fc.tuple(place, fc.nat({ max: 200 })).map(([at, length]) => text.slice(0, at + length) + text.slice(at)),
    fc.array(pieces, { maxLength: 6 }).map((parts) => parts.join('\n')),
  )
}

/** A text is read, or every problem is reported with its line; nothing else happens. */
function assertReadOrReported(read: () => unknown): void {
  try {
    read()
  } catch (error) {
    assert.ok(error instanceof ConfigError || error instanceof SettingsError, inspect(error))
    const problems = error instanceof ConfigError ? error.sentences : error.problems
    for (const problem of problems) assert.match(problem, /^file\.yaml:\d+: /)
  }
  assert.equal(Reflect.get({}, '1'), undefined)
  assert.deepEqual(Object.keys(Object.prototype), [])
}

describe('Hostile files', () => {
  it('of a policy are read or reported, line by line', () => {
    const texts = fc.oneof(
      spoiled(POLICY),
      policyTexts.chain((text) => spoiled(text)),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(texts, (text) => assertReadOrReported(() => parsePolicy(text, 'file.yaml', RUN.asOf))),
      cases(200),
    )
  })

  it('of a policy may name owners and folders by the names of all objects’ properties', () => {
    for (const name of PROTOTYPE_NAMES) {
      const text = `owners: {labels: ['${name}'], slack: {'${name}': U0123ABCD}}\nroutes: [{owner: '${name}', channel: C0456}]`
      const { owners, routes } = parsePolicy(text, 'file.yaml', RUN.asOf)
      assert.deepEqual(
        [owners.labels, [...owners.slack], routes[0]?.subject],
        [[name], [[name, 'U0123ABCD']], name],
      )
    }
  })

  it('of a policy with an unknown name of that kind are refused', () => {
    for (const name of PROTOTYPE_NAMES) {
      for (const text of [`'${name}': 1`, `owners: {'${name}': 1}`, `deadlines: {'${name}': {date: none}}`]) {
        assert.throws(() => parsePolicy(text, 'file.yaml', RUN.asOf), /is no known name/, text)
      }
    }
  })

  it('of a world are read or reported, line by line', () => {
    const texts = fc.oneof(spoiled(WORLD), fc.string({ unit: 'binary' }))
    fc.assert(
      fc.property(texts, (text) => assertReadOrReported(() => readWorld(text, 'file.yaml', NOW))),
      cases(100),
    )
  })
})
