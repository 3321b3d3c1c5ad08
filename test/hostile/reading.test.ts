import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { createGoogle } from '../../src/google/client.js'
import { ApiError } from '../../src/google/errors.js'
import { createInventory } from '../../src/inventory/inventory.js'
import type { InventoryMode } from '../../src/inventory/reading.js'
import type { Gap, Observation, Project } from '../../src/model.js'
import { factsOf } from '../../src/policy/facts.js'
import { judge } from '../../src/policy/judge.js'
import { builtInPolicy } from '../../src/policy/policy.js'
import { type GapInWords, inWords } from '../gaps.js'
import { RUN } from '../report/samples.js'
import { cases } from './cases.js'
import { type RawServer, startRawServer } from './server.js'
import { jsonText, keyAssets, timeSeries, wireKeys } from './wire.js'

const PROJECTS = [
  {
    name: '//cloudresourcemanager.googleapis.com/projects/7',
    ancestors: ['projects/7', 'organizations/9'],
    resource: { data: { projectId: 'acme-seven', lifecycleState: 'ACTIVE', labels: { ['__proto__']: 'x' } } },
  },
]
const SERVICES = [
  {
    name: '//serviceusage.googleapis.com/projects/7/services/generativelanguage.googleapis.com',
    state: 'ENABLED',
  },
]

interface Pages {
  readonly assets: readonly unknown[]
  readonly keys: readonly unknown[]
  readonly series: readonly unknown[]
}

const pages: fc.Arbitrary<Pages> = fc.record({
  assets: fc.array(keyAssets('7'), { maxLength: 8 }),
  keys: fc.array(wireKeys('7'), { maxLength: 8 }),
  series: fc.array(timeSeries, { maxLength: 3 }),
})

/** What an organization of one project answers. */
function answerTo(path: string, { assets, keys, series }: Pages): object {
  if (path.includes('/assets?')) return path.includes('Project') ? { assets: PROJECTS } : { assets }
  if (path.includes(':searchAllResources')) return { results: SERVICES }
  if (path.includes('/keys?')) return { keys }
  if (path.includes('/timeSeries?')) return { timeSeries: series }
  if (path.includes('/services/')) return { state: 'ENABLED' }
  if (path.includes('/policies/')) return { name: 'x', spec: {} }
  return { name: 'projects/7', projectId: 'acme-seven', state: 'ACTIVE', parent: 'organizations/9' }
}

interface Read {
  readonly observations: readonly Observation[]
  readonly gaps: readonly GapInWords[]
  readonly error: unknown
}

describe('Reading an organization of hostile keys', function () {
  this.timeout(60_000)

  let server: RawServer

  before(async () => {
    server = await startRawServer()
  })

  after(() => server.stop())

  async function read(mode: InventoryMode, given: Pages): Promise<Read> {
    server.answer = ({ path }) => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: jsonText(answerTo(decodeURIComponent(path), given)),
    })
    const retryPolicy = { retries: 0, first: 1, longest: 1, total: 10 }
    const google = createGoogle({ origin: server.origin, pace: 'off', retryPolicy })
    const scopes = [mode === 'projects' ? 'projects/acme-seven' : 'organizations/9']
    const options = { scopes, mode, isExcluded: () => false, now: () => RUN.reading }
    const gaps: GapInWords[] = []
    const observations: Observation[] = []
    const listener = {
      gap: (gap: Gap) => gaps.push(inWords(gap)),
      remark: () => undefined,
      project: (_: Project) => undefined,
      gone: () => undefined,
      note: () => undefined,
      progress: () => undefined,
    }
    try {
      for await (const batch of createInventory(google, options).read(listener)) observations.push(...batch)
      return { observations, gaps, error: undefined }
    } catch (error) {
      return { observations, gaps, error }
    }
  }

  for (const mode of ['auto', 'assets', 'projects'] as const) {
    it(`gives each key once, or reports it as malformed, and judges nothing malformed clean (${mode})`, async () => {
      await fc.assert(
        fc.asyncProperty(pages, async (given) => {
          const { observations, gaps, error } = await read(mode, given)
          if (error !== undefined) assert.ok(error instanceof ApiError, inspect(error))
          const names = observations.map(({ key }) => key.name)
          assert.equal(new Set(names).size, names.length, 'a key came twice')
          for (const { key, project } of observations) {
            assert.equal(key.projectNumber, project.number)
            const isTold = gaps.some((gap) => gap.reason === 'MALFORMED' && gap.subject === key.name)
            assert.equal(isTold, key.flaw !== undefined, key.name)
          }
          for (const found of observations.filter(({ key }) => key.flaw !== undefined)) {
            assert.equal(judge(factsOf(found, RUN.asOf, 30), builtInPolicy(), RUN.asOf).verdict, 'unknown')
          }
          const reported = gaps.filter(({ missing, reason }) => missing === 'keys' && reason === 'MALFORMED')
          const malformed = unnamed(mode, given)
          if (malformed && error === undefined)
            assert.ok(reported.length > 0, 'an unnamed key is not reported')
        }),
        cases(50),
      )
    })
  }
})

/** Whether a listing that is surely read holds something that cannot even be named. */
function unnamed(mode: InventoryMode, { assets, keys }: Pages): boolean {
  const isNamed = (element: unknown) => typeof element === 'object' && element !== null && 'name' in element
  return mode === 'projects'
    ? keys.some((element) => !isNamed(element))
    : assets.some((element) => typeof element !== 'object' || element === null)
}
