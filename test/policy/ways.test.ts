import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Action, Restrictions, Usage } from '../../src/model.js'
import { factsOf } from '../../src/policy/facts.js'
import { chooseRemedy } from '../../src/policy/remedies/ways.js'
import { isIdle } from '../../src/policy/traffic.js'
import { observations } from './arbitraries.js'
import { facts, TODAY, targets, traffic } from './keys.js'

const GEMINI = 'generativelanguage.googleapis.com'
const MAPS = 'maps-backend.googleapis.com'
const ONE = { '2026-11-22': { accepted: 1 } }

const BROWSER = { allowedReferrers: ['https://acme.example/*'] }
const SERVER = { allowedIps: ['192.0.2.1'] }

/** Columns: what was seen of the calls. */
const SEEN: Readonly<Record<string, Usage>> = {
  'calls unknown': { unknown: 'denied' },
  'no call at all': traffic({}),
  'calls of others': traffic({}, [MAPS]),
  'calls of Gemini': traffic(ONE),
  'calls of Gemini and others': traffic(ONE, [MAPS]),
  'refused calls of Gemini': traffic({ '2026-11-22': { refused: 1 } }),
  'failed calls of Gemini, calls of others': traffic({ '2026-11-22': { failed: 1 } }, [MAPS]),
}

/** Rows: restrictions, and the action for each column. */
const ACTIONS: readonly [what: string, restrictions: Partial<Restrictions>, actions: readonly Action[]][] = [
  ['unrestricted', {}, ['investigate', 'retire', 'restrict', 'migrate', 'split', 'migrate', 'split']],
  ['from addresses', SERVER, ['investigate', 'retire', 'restrict', 'migrate', 'split', 'migrate', 'split']],
  [
    'in a browser',
    BROWSER,
    [
      ...(['investigate', 'retire', 'restrict', 'move-to-backend'] as const),
      ...(['move-to-backend', 'move-to-backend', 'move-to-backend'] as const),
    ],
  ],
  [
    'for Gemini',
    { apiTargets: targets(GEMINI) },
    ['migrate', 'retire', 'migrate', 'migrate', 'migrate', 'migrate', 'migrate'],
  ],
  [
    'for Gemini, in a browser',
    { ...BROWSER, apiTargets: targets(GEMINI) },
    [
      ...(['move-to-backend', 'retire', 'move-to-backend', 'move-to-backend'] as const),
      ...(['move-to-backend', 'move-to-backend', 'move-to-backend'] as const),
    ],
  ],
  [
    'for Gemini and Maps',
    { apiTargets: targets(GEMINI, MAPS) },
    ['split', 'retire', 'split', 'split', 'split', 'split', 'split'],
  ],
  [
    'for Gemini and Maps, in a browser',
    { ...BROWSER, apiTargets: targets(GEMINI, MAPS) },
    [
      ...(['move-to-backend', 'retire', 'restrict', 'move-to-backend'] as const),
      ...(['move-to-backend', 'move-to-backend', 'move-to-backend'] as const),
    ],
  ],
]

const FIREBASE = { displayName: 'Gemini Developer API key (auto created by Firebase)' }

/** What Firebase names the keys of apps; each is any key for whatever calls it, but never left alone. */
const APP_KEYS = ['Browser', 'Android', 'iOS'].map((kind) => `${kind} key (auto created by Firebase)`)
const AS_EVERYBODY_NAMES = [
  'Server key (auto created by Firebase)',
  'x Browser key (auto created by Firebase)',
]

describe('The way off the rules', () => {
  for (const [what, restrictions, actions] of ACTIONS) {
    Object.entries(SEEN).forEach(([seen, usage], column) => {
      it(`for a key ${what} with ${seen} is ${actions[column]}`, () => {
        assert.equal(chooseRemedy(facts({ restrictions, usage })).action, actions[column])
        assert.equal(chooseRemedy(facts({ key: FIREBASE, restrictions, usage })).action, 'provider-managed')
      })
    })
  }

  it('begins with the doubt whether the key has leaked where it was only refused, and nowhere else', () => {
    const hasDoubt = (usage: Usage) =>
      chooseRemedy(facts({ usage })).steps.map(({ say }) =>
        say.includes('If nobody claims them, treat the key as leaked'),
      )
    for (const [seen, usage] of Object.entries(SEEN)) {
      const [first, ...rest] = hasDoubt(usage)
      assert.equal(first, seen.startsWith('refused'), seen)
      assert.ok(!rest.includes(true), seen)
    }
    assert.equal(hasDoubt(traffic({ '2026-11-20': { accepted: 1 }, '2026-11-21': { refused: 9 } }))[0], false)
  })

  it('begins with where to look, for a key that worked and does not, or hardly does', () => {
    const starts = (usage: Usage) =>
      chooseRemedy(facts({ usage })).steps.flatMap(({ say, url }) =>
        say.startsWith('Look first') ? [url] : [],
      )
    const stopped = traffic({ '2026-11-20': { accepted: 1 }, '2026-11-21': { refused: 9 } })
    assert.match(starts(stopped)[0] ?? '', /compromised-credentials/)
    assert.match(chooseRemedy(facts({ usage: stopped })).steps[0]?.say ?? '', /“reported as leaked”/)
    const failing = traffic({ '2026-11-20': { accepted: 1 }, '2026-11-21': { failed: 9 } })
    assert.match(starts(failing)[0] ?? '', /rate-limits/)
    const hardly = traffic({ '2026-11-22': { accepted: 1, failed: 9 } })
    assert.match(starts(hardly)[0] ?? '', /rate-limits/)
    for (const [seen, usage] of Object.entries(SEEN)) assert.deepEqual(starts(usage), [], seen)
  })

  it('takes the Gemini API from a key that Firebase has made for an app, whatever calls it', () => {
    for (const displayName of APP_KEYS) {
      for (const [seen, usage] of Object.entries(SEEN)) {
        const restrictions = { apiTargets: targets(GEMINI, MAPS) }
        const { action, steps } = chooseRemedy(facts({ key: { displayName }, restrictions, usage }))
        const calls = seen.includes('Gemini')
        assert.equal(action, calls ? 'move-to-backend' : 'restrict', `${displayName}, ${seen}`)
        const [place] = steps.flatMap(({ command = '' }, at) =>
          command.endsWith(`--api-target=service=${MAPS}`) ? [at] : [],
        )
        assert.ok(place !== undefined, seen)
        assert.match(steps[place + 1]?.say ?? '', /^To undo/)
        assert.ok(
          steps.some(({ say }) => say.includes('That is a guess, since anybody can give a key this name')),
        )
      }
    }
  })

  it('is the usual one for keys of other names, whatever Firebase calls them', () => {
    const restrictions = { apiTargets: targets(GEMINI, MAPS) }
    for (const displayName of AS_EVERYBODY_NAMES) {
      const key = facts({ key: { displayName }, restrictions, usage: traffic(ONE) })
      assert.equal(chooseRemedy(key).action, 'split')
    }
  })

  it('never claims that a list which admits any client protects the key, or shows where it is used', () => {
    const lists: readonly Partial<Restrictions>[] = [
      { allowedReferrers: ['*'] },
      { allowedReferrers: ['https://*/*'] },
      { allowedIps: ['0.0.0.0/0', '::/0'] },
      { allowedIps: ['192.0.2.1', '0.0.0.0/0'] },
    ]
    for (const list of lists) {
      for (const usage of Object.values(SEEN)) {
        const { action, steps } = chooseRemedy(facts({ restrictions: list, usage }))
        assert.notEqual(action, 'move-to-backend')
        assert.doesNotMatch(JSON.stringify(steps), /lies in a website/)
        const created = steps.filter(({ command = '' }) => command.includes('api-keys create'))
        for (const { command } of created) assert.doesNotMatch(command ?? '', /--allowed-/)
        if (created.length > 0) assert.ok(steps.some(({ say }) => say.includes('lets everybody in')))
      }
    }
  })

  it('warns of rare calls in each step that restricts a key to what it was seen calling', () => {
    for (const [what, restrictions, actions] of ACTIONS) {
      Object.entries(SEEN).forEach(([seen, usage], column) => {
        if (actions[column] !== 'restrict') return
        const { steps } = chooseRemedy(facts({ restrictions, usage }))
        assert.match(steps[0]?.say ?? '', /ask its owner about (those|rare calls) first/, `${what}, ${seen}`)
      })
    }
  })

  it('says of a policy against auth keys what is known, before an auth key is made', () => {
    const saying = (state: 'in-force' | 'absent' | 'unknown') => {
      const { steps } = chooseRemedy(facts({ usage: traffic(ONE), blocker: { state } }))
      const place = steps.findIndex(({ say }) => say.includes('disableServiceAccountApiKeyCreation'))
      const created = steps.findIndex(({ command = '' }) => command.includes('api-keys create'))
      assert.ok(created > place)
      return steps[place]?.say ?? ''
    }
    assert.match(saying('in-force'), /may be blocked by .* is in force in acme-web\. .*statements differ/)
    assert.match(saying('unknown'), /^Whether the new key may be blocked by .* is not known\./)
    assert.equal(saying('absent'), '')
  })

  it('retires no key but one that is known to be idle, and deletes nothing at once', () => {
    fc.assert(
      fc.property(observations, (observation) => {
        const judged = factsOf(observation, TODAY, 30)
        const { action, steps } = chooseRemedy(judged)
        if (action === 'retire') assert.ok(isIdle(observation))
        assert.doesNotMatch(steps[0]?.command ?? '', /api-keys delete/)
      }),
      { numRuns: 1000 },
    )
  })

  it('leads back from every step that changes something', () => {
    for (const [, restrictions] of ACTIONS) {
      for (const usage of Object.values(SEEN)) {
        const { steps } = chooseRemedy(facts({ restrictions, usage }))
        steps.forEach(({ say, command = '' }, place) => {
          if (!/ (create|update|delete) /.test(command) || say.startsWith('To undo')) return
          assert.match(say + (steps[place + 1]?.say ?? ''), /To undo/, say)
        })
      }
    }
  })
})
