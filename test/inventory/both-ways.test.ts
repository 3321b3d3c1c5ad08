import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, it } from 'mocha'
import { generate } from '../../simulator/world/generate.js'
import { sizeOf } from '../../simulator/world/generated-name.js'
import { type KeyTruth, truthOf } from '../../simulator/world/truth.js'
import { projectsOf, type World } from '../../simulator/world/world.js'
import { factsOf } from '../../src/policy/facts.js'
import { TODAY } from '../policy/keys.js'
import { NOW, worldOf } from '../simulator/simulated.js'
import { pagesOf, type Read, type ReadOptions, read } from './reading.js'

const GEMINI = 'generativelanguage.googleapis.com'
const ACME = worldOf(readFileSync(new URL('../../worlds/acme.yaml', import.meta.url), 'utf8'))

/** What judging makes of each live key of active projects; a type that no verdict rests on may be unknown. */
function judged({ keys }: Read): ReadonlyMap<string, string> {
  const live = [...keys.values()].filter(({ key, project }) => !key.deleteTime && project.state === 'ACTIVE')
  return new Map(
    live.map((found) => {
      const { type, apiRestriction, geminiAccess } = factsOf(found, TODAY, 30)
      const matters = geminiAccess === 'yes' || geminiAccess === 'unknown'
      return [found.key.name, `${matters ? type : 'any type'}, ${apiRestriction}, ${geminiAccess}`]
    }),
  )
}

const REACH: Readonly<Record<KeyTruth['reach'], string>> = {
  everything: 'none',
  Gemini: 'gemini-only',
  'Gemini and others': 'gemini-and-others',
  others: 'others-only',
}

/** The same from the world itself. */
function truth(world: World): ReadonlyMap<string, string> {
  const live = [...truthOf(world)].filter(({ state, projectIsActive }) => state === 'live' && projectIsActive)
  return new Map(
    live.map(({ name, reach, geminiEnabled, boundTo }) => {
      const access = reach === 'others' ? 'no' : geminiEnabled ? 'yes' : 'latent'
      const type = access === 'yes' ? (boundTo === undefined ? 'standard' : 'auth') : 'any type'
      return [name, `${type}, ${REACH[reach]}, ${access}`]
    }),
  )
}

/** The scopes in which the world has no project: their emptiness is not believed. */
function emptyScopes(world: World, scopes: readonly string[]): readonly string[] {
  const projects = [...projectsOf(world)]
  const whole = `organizations/${world.organization.number}`
  return scopes.filter(
    (scope) =>
      !scope.startsWith('projects/') &&
      !projects.some(({ ancestors }) => scope === whole || ancestors.includes(scope)),
  )
}

/** A reading without a failure, every key once, and no gap but for scopes without projects. */
async function readAll(world: World, options: ReadOptions): Promise<Read> {
  const found = await read(world, options)
  assert.equal(found.error, undefined)
  if (options.mode === 'export') assert.equal(found.requests['cloudasset.assets.list'], undefined)
  const scopes = options.scopes ?? [`organizations/${world.organization.number}`]
  assert.deepEqual(
    found.gaps.map(({ missing, subject, reason }) => `${missing} ${subject} ${reason}`).sort(),
    emptyScopes(world, scopes)
      .map((scope) => `projects ${scope} NO_PROJECT`)
      .sort(),
  )
  assert.equal(found.count, new Set([...found.keys.values()].map(({ key }) => key.name)).size)
  return found
}

const key = fc.record(
  {
    targets: fc.subarray([GEMINI, ' GenerativeLanguage.googleapis.com', 'maps', 'cloudapis', 'translate'], {
      maxLength: 2,
    }),
    referrers: fc.constant(['https://a.example/*']),
    deleted: fc.constant('3d ago'),
    serviceAccountEmail: fc.constantFrom('a@b.example', '  ', ''),
  },
  { requiredKeys: [] },
)
const project = fc.record({
  services: fc.subarray([GEMINI, 'maps']),
  folder: fc.constantFrom('1', '2', '3', undefined),
  state: fc.constantFrom('ACTIVE', 'ACTIVE', 'ACTIVE', 'DELETE_REQUESTED'),
  keys: fc.array(key, { maxLength: 6 }),
})
const anyWorld = fc
  .record({ projects: fc.array(project, { maxLength: 6 }), showsServiceAccounts: fc.boolean() })
  .map(({ projects, showsServiceAccounts }) =>
    worldOf(
      JSON.stringify({
        organization: { number: 9 },
        buckets: [{ name: 'exports' }],
        inventory: { showsServiceAccounts },
        folders: [
          { number: 1, name: 'one' },
          { number: 2, name: 'two', parent: 1 },
          { number: 3, name: 'three' },
        ],
        projects: projects.map((each, at) => ({
          ...each,
          id: `project-${at}`,
          number: 100 + at,
          keys: each.keys.map((one, index) => ({ ...one, name: `key ${at} ${index}` })),
        })),
      }),
    ),
  )

describe('all ways of reading', () => {
  for (const mode of ['auto', 'assets', 'projects', 'export'] as const) {
    it(`find what is true of any organization, in pages of any size, from any scopes (${mode})`, async () => {
      const scopes = fc.constantFrom(
        ['organizations/9'],
        ['folders/2', 'organizations/9', 'projects/100'],
        ['organizations/9', 'folders/1', 'folders/3'],
      )
      await fc.assert(
        fc.asyncProperty(anyWorld, scopes, fc.integer({ min: 1, max: 4 }), async (world, scopes, size) => {
          const within = scopes.filter((scope) => scope !== 'projects/100' || world.projectCount > 0)
          const exporting = { polls: size - 1, linesInFile: size }
          const found = await readAll(world, { mode, scopes: within, gates: [pagesOf(size)], exporting })
          assert.deepEqual(judged(found), truth(world))
        }),
        { numRuns: 25 },
      )
    })
  }

  it('find what is true of a generated organization', async () => {
    const world = generate(sizeOf('generated:keys=900,projects=60,gemini=12,stray=5,deleted=10'), NOW)
    const byAssets = await readAll(world, {})
    const byProjects = await readAll(world, { mode: 'projects', gates: [pagesOf(7)] })
    assert.deepEqual(judged(byAssets), truth(world))
    const buckets = [{ name: 'exports', retention: 0, isLocked: false }]
    const exporting = { linesInFile: 100 }
    const byExport = await readAll({ ...world, buckets }, { mode: 'export', exporting })
    assert.deepEqual(judged(byProjects), truth(world))
    assert.deepEqual(judged(byExport), truth(world))
  })

  it('say the same of the sample organization, as far as all may read', async () => {
    const readable = { ...ACME, denied: ACME.denied.filter((denial) => denial.read !== 'keys') }
    const byAssets = judged(await read(readable))
    const byProjects = judged(await read(readable, { mode: 'projects' }))
    const exportTo = { bucket: 'acme-exports', folder: 'run', pauses: { first: 1, longest: 2 } }
    const byExport = judged(await read(readable, { mode: 'export', exportTo }))
    assert.deepEqual(byAssets, byProjects)
    assert.deepEqual(byAssets, byExport)
    assert.ok(byAssets.size > 100)
  })
})
