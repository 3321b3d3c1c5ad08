import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { type KeyTruth, truthOf } from '../../simulator/world/truth.js'
import { cases, SEED } from '../hostile/cases.js'
import { FAULTS, isListing, ROWS } from './matrix.js'
import { organization, TODAY } from './organization.js'
import { outcomeOf } from './outcome.js'
import { type Heard, Stage } from './run.js'

const CALLS = [
  ...new Set(Object.values(ROWS).map(({ call }) => call)),
  'slack.conversations.history',
] as const

/** Faults of pages with as many as each asks for, and of whole answers. */
const NAMES = [...new Set(Object.values(FAULTS).map((fault) => fault.split(',', 1)[0] ?? '')), 'clock-skew']

/** What no answer without pages can have: to a write, an empty page would say that it was done. */
const OF_PAGES: readonly string[] = ['empty-page', 'repeated-token', 'expired-token']

/** Objects of an archive may have 256 MiB; what lies in a socket comes on top. */
const LARGEST_OBJECT = 300 * 2 ** 20

/** `CALL=FAULT@N%`: a fault that meets some of the requests of a call, or all of them. */
const rule = fc
  .record({
    call: fc.constantFrom(...CALLS),
    fault: fc.constantFrom(...NAMES),
    percent: fc.constantFrom(10, 25, 50, 100),
  })
  .filter(({ call, fault }) => isListing(call) || !OF_PAGES.includes(fault))
  .map(({ call, fault, percent }) => `${call}=${fault}@${percent}%`)

const storm = fc.record({
  rules: fc.array(rule, { minLength: 1, maxLength: 6 }),
  seed: fc.nat(999_999),
  way: fc.constantFrom('auto', 'projects', 'export'),
})

/** The verdict on a key by what the world says of it; the policy exempts one. */
function verdictOn({ boundTo, reach, geminiEnabled, displayName }: KeyTruth): string {
  if (reach === 'others') return 'not-affected'
  if (boundTo !== undefined) return 'compliant'
  if (!geminiEnabled) return 'latent'
  return displayName === 'Bot' ? 'exempt' : 'overdue'
}

const truth: Readonly<Record<string, string>> = Object.fromEntries(
  [...truthOf(organization(TODAY))].map((key) => [
    key.name.slice(key.name.lastIndexOf('/') + 1),
    verdictOn(key),
  ]),
)

async function heardIn(rules: readonly string[], seed: number, way: string): Promise<Heard> {
  const env = {
    AUDIT_INVENTORY: way,
    AUDIT_EXPORT: 'gs://exports/audit',
    AUDIT_ARCHIVE: 'gs://audits/runs',
    AUDIT_TIME_BUDGET: '4s',
  }
  const stage = await Stage.set(rules, { seed, env })
  try {
    return await stage.run({ timeLimit: 2_000 })
  } finally {
    await stage.stop()
  }
}

describe('a storm of faults', function () {
  this.timeout(240_000)

  it(`lets no run call itself complete that differs from the truth (seed ${SEED})`, async () => {
    const undisturbed = await heardIn([], 0, 'auto')
    assert.deepEqual(undisturbed.verdicts, truth)
    const weather = fc.asyncProperty(storm, async ({ rules, seed, way }) => {
      outcomeOf(await heardIn(rules, seed, way), undisturbed, { most: LARGEST_OBJECT })
    })
    await fc.assert(weather, { ...cases(20), endOnFailure: true, interruptAfterTimeLimit: 120_000 })
  })
})
