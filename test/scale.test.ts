import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { crossover, PACE } from '../scripts/scale.js'
import { minutesOf, requestsOf, type Size, slowest, WAYS } from '../src/doctor/size-check.js'

const anySize: fc.Arbitrary<Size> = fc
  .record({
    projects: fc.integer({ min: 1, max: 1_000_000 }),
    keys: fc.integer({ min: 1, max: 10_000_000 }),
    gemini: fc.integer({ min: 0, max: 20_000 }),
  })
  .map((size) => ({ ...size, gemini: Math.min(size.gemini, size.projects) }))

describe('the arithmetic of scale', () => {
  it('counts the pages, the projects and the parts that each way takes', () => {
    const size = { projects: 2_001, keys: 10_000, gemini: 501 }
    assert.deepEqual(requestsOf('assets', size), {
      listAssets: 3 + 10,
      searchResources: 2,
      readApiKeys: 501,
      queryTimeSeries: 501,
      readPolicies: 501,
    })
    assert.deepEqual(requestsOf('projects', size), {
      listProjects: 2 * (1 + 41),
      readServices: 2_001,
      readApiKeys: 2_001,
      queryTimeSeries: 501,
      readPolicies: 501,
    })
    const { exportAssets, readOperations = 0, readObjects } = requestsOf('export', size)
    assert.deepEqual([exportAssets, readObjects], [1, 2 + 3])
    assert.ok(readOperations >= 10 && readOperations < 150, `${readOperations} looks in five minutes`)
  })

  it('names the quota that takes longest', () => {
    const { quota, minutes } = slowest(requestsOf('projects', { projects: 2_160, keys: 1, gemini: 1 }), PACE)
    assert.deepEqual([quota, minutes], ['readApiKeys', 10])
  })

  it('finds where an export becomes the faster way', () => {
    const { assets, perGemini } = crossover()
    fc.assert(
      fc.property(anySize, (size) => {
        const beyond = size.projects + size.keys - assets - perGemini * size.gemini
        const faster = minutesOf('assets', size, PACE) - minutesOf('export', size, PACE)
        // where reading the files themselves takes longest, or by the rounding of pages, it is a near thing
        if (Math.abs(beyond) > 0.02 * assets + 0.01 * (size.projects + size.keys))
          assert.ok(beyond * faster > 0)
      }),
      { numRuns: 1000 },
    )
  })

  it('never makes a larger organization cheaper', () => {
    fc.assert(
      fc.property(anySize, fc.constantFrom(...WAYS), (size, way) => {
        const larger = { projects: size.projects * 2, keys: size.keys * 2, gemini: size.gemini * 2 }
        assert.ok(minutesOf(way, larger, PACE) >= minutesOf(way, size, PACE))
      }),
    )
  })
})
