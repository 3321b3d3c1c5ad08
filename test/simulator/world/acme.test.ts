import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { openWorld } from '../../../simulator/world/file.js'
import { policyAsOf } from '../../../simulator/world/moments.js'
import { type KeyTruth, truthOf } from '../../../simulator/world/truth.js'
import { NOW } from '../simulated.js'

const POLICY = readFileSync('worlds/acme.policy.yaml', 'utf8')

describe('the sample organization', () => {
  let keys: readonly KeyTruth[] = []
  before(async () => {
    keys = [...truthOf(await openWorld('worlds/acme.yaml', NOW))]
  })

  const judged = (key: KeyTruth) => key.projectIsActive && key.state === 'live' && key.boundTo === undefined
  const kinds: readonly [string, (key: KeyTruth) => boolean][] = [
    [
      'unrestricted and in use',
      (key) => judged(key) && key.geminiEnabled && key.reach === 'everything' && key.gemini.answered > 0,
    ],
    [
      'unrestricted and dormant',
      (key) => judged(key) && key.geminiEnabled && key.reach === 'everything' && key.lastCall === undefined,
    ],
    [
      'unrestricted and used for other services only',
      (key) =>
        judged(key) &&
        key.geminiEnabled &&
        key.reach === 'everything' &&
        key.services.length > 0 &&
        key.services.every((service) => !service.startsWith('generative')),
    ],
    ['restricted to the Gemini API', (key) => judged(key) && key.geminiEnabled && key.reach === 'Gemini'],
    [
      'restricted to the Gemini API and others',
      (key) => judged(key) && key.geminiEnabled && key.reach === 'Gemini and others',
    ],
    [
      'unrestricted where the Gemini API is off',
      (key) => judged(key) && !key.geminiEnabled && key.reach === 'everything',
    ],
    [
      'restricted to the Gemini API where it is off',
      (key) => judged(key) && !key.geminiEnabled && key.reach === 'Gemini',
    ],
    ['restricted to others', (key) => judged(key) && key.reach === 'others'],
    ['bound to a service account', (key) => key.boundTo !== undefined && key.reach === 'Gemini'],
    ['bound and unrestricted', (key) => key.boundTo !== undefined && key.reach === 'everything'],
    ['deleted', (key) => key.state === 'deleted'],
    ['vanished', (key) => key.state === 'gone'],
    ['fresh', (key) => key.state === 'live' && !key.inventoried],
    ['damaged', (key) => key.state === 'damaged'],
    ['in a project that is shut down', (key) => !key.projectIsActive],
    ['unreadable', (key) => !key.keysReadable],
    ['without readable traffic', (key) => !key.trafficReadable],
    ['unnamed', (key) => key.displayName === undefined],
    ['named by its maker', (key) => !key.name.endsWith(key.uid)],
    [
      'made by Firebase',
      (key) => key.displayName?.startsWith('Gemini Developer API key (auto created by Firebase)') ?? false,
    ],
    ['answered, then refused', (key) => key.gemini.answered > 0 && key.gemini.forbidden > 0],
    ['only refused', (key) => key.gemini.answered === 0 && key.gemini.forbidden > 0],
    ['only failed', (key) => key.gemini.answered + key.gemini.forbidden === 0 && key.gemini.failed > 0],
    ['in an Apps Script project', (key) => /^sys-\d{26}$/.test(key.projectId)],
    ['named to attack Slack', (key) => key.displayName?.includes('<!channel>') ?? false],
    ['named to attack spreadsheets', (key) => key.displayName?.startsWith('=HYPERLINK(') ?? false],
    ['named to attack pages', (key) => key.displayName?.includes('onerror=') ?? false],
    ['named to attack terminals', (key) => key.displayName?.includes('\u001b[31m') ?? false],
    ['named to attack shells', (key) => key.displayName?.includes('$(touch') ?? false],
    ['named from right to left', (key) => key.displayName?.includes('\u202e') ?? false],
  ]
  for (const [kind, is] of kinds) {
    it(`has a key that is ${kind}`, () => assert.ok(keys.some(is)))
  }

  it('has 40 projects and 120 keys, each with an identifier of its own', async () => {
    assert.equal((await openWorld('worlds/acme.yaml', NOW)).projectCount, 40)
    assert.equal(keys.length, 120)
    assert.equal(new Set(keys.map((key) => key.uid)).size, 120)
  })

  it('is as old tomorrow as it is today', async () => {
    const later = [...truthOf(await openWorld('worlds/acme.yaml', new Date('2031-02-28T23:30:00Z')))]
    const relative = (key: KeyTruth) => !['Nanoseconds', 'Whole seconds'].includes(key.displayName ?? '')
    assert.deepEqual(
      later.filter(relative).map((key) => [key.uid, key.ageDays, key.gemini.answered > 0]),
      keys.filter(relative).map((key) => [key.uid, key.ageDays, key.gemini.answered > 0]),
    )
  })
})

describe('the policy of the sample organization', () => {
  it('stays as it is written on the day that it names', () => {
    assert.equal(policyAsOf(POLICY, '2026-11-23'), POLICY)
  })

  it('moves every day along with today', () => {
    const moved = policyAsOf(POLICY, '2028-03-01') // 464 days later
    assert.match(moved, /date: 2028-07-07/)
    assert.match(moved, /until: 2028-02-16/)
    assert.doesNotMatch(moved, /2026-/)
  })

  it('leaves a policy alone that names no day', () => {
    const text = 'exemptions: [{until: 2026-12-31}]'
    assert.equal(policyAsOf(text, '2028-03-01'), text)
  })
})
