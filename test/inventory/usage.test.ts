import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Gate } from '../../simulator/wire/call.js'
import { generate } from '../../simulator/world/generate.js'
import { sizeOf } from '../../simulator/world/generated-name.js'
import type { GeminiCalls } from '../../src/model.js'
import { NOW } from '../simulator/simulated.js'
import { answering, changing, gapLines, lines, pagesOf, read, UNAVAILABLE } from './reading.js'
import { knownUsage, projectWith, trafficOf, unknownUsage, usageOf } from './traffic-world.js'

const GEMINI = 'generativelanguage.googleapis.com'
const TRANSLATE = 'translate.googleapis.com'
const LIST = 'monitoring.timeSeries.list'
const POLICY = 'orgpolicy.policies.getEffectivePolicy'

describe('the traffic of a key', () => {
  type Sums = Pick<GeminiCalls, 'accepted' | 'refused' | 'failed' | 'failedCodes'>
  const sums = (accepted: number, refused: number, failedCodes: Record<string, number> = {}): Sums => {
    const failed = Object.values(failedCodes).reduce((sum, calls) => sum + calls, 0)
    return { accepted, refused, failed, failedCodes }
  }
  const on = 'on: 2026-11-20'
  const classes: readonly [string, string, Sums, readonly string[]][] = [
    ['nothing', '', sums(0, 0), []],
    ['200 is accepted', `{daily: 7, ${on}}`, sums(7, 0), [GEMINI]],
    [
      '204 and 304 are accepted',
      `{code: 204, daily: 2, ${on}}, {code: 304, daily: 1, ${on}}`,
      sums(3, 0),
      [GEMINI],
    ],
    ['401 is refused', `{code: 401, daily: 4, ${on}}`, sums(0, 4), [GEMINI]],
    ['403 is refused', `{code: 403, daily: 5, ${on}}`, sums(0, 5), [GEMINI]],
    ['429 alone is quota, and failed', `{code: 429, daily: 9, ${on}}`, sums(0, 0, { 429: 9 }), [GEMINI]],
    [
      '400, 402, 404 and 503 failed, each under its code',
      [400, 402, 404, 503].map((code, at) => `{code: ${code}, daily: ${at + 1}, ${on}}`).join(', '),
      sums(0, 0, { 400: 1, 402: 2, 404: 3, 503: 4 }),
      [GEMINI],
    ],
    ['of another service only', `{service: translate, daily: 8, ${on}}`, sums(0, 0), [TRANSLATE]],
    [
      'of a service that only fails',
      `{service: translate, code: 500, daily: 8, ${on}}`,
      sums(0, 0),
      [TRANSLATE],
    ],
    [
      'of every kind',
      `{daily: 7, ${on}}, {code: 403, daily: 2, ${on}}, {code: 500, daily: 1, ${on}}, {service: translate, daily: 5, ${on}}`,
      sums(7, 2, { 500: 1 }),
      [GEMINI, TRANSLATE],
    ],
  ]
  for (const [what, traffic, expected, services] of classes) {
    it(`${what}`, async () => {
      const usage = await trafficOf(traffic)
      const { accepted, refused, failed, failedCodes } = usage.gemini
      assert.deepEqual({ accepted, refused, failed, failedCodes }, expected)
      assert.deepEqual(usage.services, services)
      assert.equal(usage.lastRequest, services.length > 0 ? '2026-11-20' : undefined)
    })
  }

  it('has its days, oldest first, without those that had no calls', async () => {
    const usage = await trafficOf(
      '{daily: 7, from: 2026-11-16, to: 2026-11-18}, {code: 403, daily: 2, from: 2026-11-18, to: 2026-11-20, every: 2}, {code: 500, daily: 1, on: 2026-11-16}, {service: translate, daily: 5, on: 2026-11-21}',
    )
    assert.deepEqual(usage, {
      since: '2026-10-12',
      gemini: {
        accepted: 21,
        refused: 4,
        failed: 1,
        failedCodes: { 500: 1 },
        lastAccepted: '2026-11-18',
        lastRefused: '2026-11-20',
      },
      services: [GEMINI, TRANSLATE],
      lastRequest: '2026-11-21',
      daily: [
        { day: '2026-11-16', accepted: 7, refused: 0, failed: 1, codes: { 200: 7, 500: 1 } },
        { day: '2026-11-17', accepted: 7, refused: 0, failed: 0, codes: { 200: 7 } },
        { day: '2026-11-18', accepted: 7, refused: 2, failed: 0, codes: { 200: 7, 403: 2 } },
        { day: '2026-11-20', accepted: 0, refused: 2, failed: 0, codes: { 403: 2 } },
      ],
    })
  })

  const days: readonly [string, string, string | undefined][] = [
    ['on the first day', '{daily: 1, on: 2026-10-12, at: "08:00"}', '2026-10-12'],
    ['on the day before', '{daily: 1, on: 2026-10-11, at: "23:59:59"}', undefined],
    ['right after a midnight', '{daily: 1, on: 2026-11-20, at: "00:00:01"}', '2026-11-20'],
    ['right before a midnight', '{daily: 1, on: 2026-11-20, at: "23:59:59"}', '2026-11-20'],
    ['until a midnight', '{daily: 1, on: 2026-11-20, at: "00:00"}', '2026-11-19'],
    ['today', '{daily: 1, on: 2026-11-23, at: "06:59:59"}', '2026-11-23'],
  ]
  for (const [when, line, day] of days) {
    it(`${when} is a call of ${day ?? 'no day that counts'}`, async () => {
      const { daily, gemini, lastRequest } = await trafficOf(line)
      assert.deepEqual([daily[0]?.day, gemini.lastAccepted, lastRequest], [day, day, day])
      assert.equal(gemini.accepted, day === undefined ? 0 : 1)
    })
  }

  it('is found by the uid, whatever the ID of the key says', async () => {
    const found = await read(
      projectWith(
        '{name: chosen, id: uid-b, uid: uid-a, traffic: [{daily: 1, on: 2026-11-20}]}, {name: other, id: uid-a, uid: uid-b, traffic: [{code: 403, daily: 2, on: 2026-11-20}]}',
      ),
    )
    assert.equal(knownUsage(found, 'chosen').gemini.accepted, 1)
    assert.equal(knownUsage(found, 'other').gemini.accepted, 0)
    assert.equal(knownUsage(found, 'other').gemini.refused, 2)
  })

  it('is the same in pages of any size, through the middle of a series', async () => {
    const keys = ['a', 'b', 'c'].map(
      (name) =>
        `{name: ${name}, traffic: [{daily: 7}, {code: 403, daily: 2, every: 3}, {service: translate, daily: 1}]}`,
    )
    const whole = await read(projectWith(keys.join(', ')))
    for (const size of [1, 10, 41]) {
      const paged = await read(projectWith(keys.join(', ')), { gates: [pagesOf(size)] })
      for (const name of ['a', 'b', 'c']) assert.deepEqual(usageOf(paged, name), usageOf(whole, name))
      assert.ok(Number(paged.requests[LIST]) > 5)
      assert.equal(paged.requests[POLICY], 1)
    }
    assert.equal(whole.requests[LIST], 1)
  })

  it('is a number, although Google writes texts', async () => {
    const usage = await trafficOf('{daily: 20, on: 2026-11-20}, {code: 201, daily: 7, on: 2026-11-20}')
    assert.deepEqual(usage.daily, [
      { day: '2026-11-20', accepted: 27, refused: 0, failed: 0, codes: { 200: 20, 201: 7 } },
    ])
  })

  it('does not depend on whether projects are read by assets or one by one', async () => {
    const world = projectWith('{name: key, traffic: [{daily: 7}, {code: 403, daily: 2, every: 3}]}')
    const byAssets = await read(world)
    const byProjects = await read(world, { mode: 'projects' })
    assert.deepEqual(usageOf(byProjects, 'key'), usageOf(byAssets, 'key'))
  })
})

const ORGANIZATION = `
organization: {number: 9}
caller: {project: auditor}
folders: [{number: 1, name: excluded}]
projects:
  - {id: auditor, number: 101, services: [cloudasset, apikeys, monitoring]}
  - id: with-gemini
    number: 102
    services: [generativelanguage]
    keys:
      - {name: open, traffic: [{daily: 7, on: 2026-11-20}]}
      - {name: maps, targets: [maps-backend], traffic: [{service: maps-backend, daily: 7}]}
      - {name: bound, targets: [generativelanguage], serviceAccountEmail: a@b.example, traffic: [{daily: 7}]}
      - {name: deleted, deleted: 3d ago, traffic: [{daily: 7}]}
  - {id: auth-only, number: 103, services: [generativelanguage],
     keys: [{name: bound 2, targets: [generativelanguage], serviceAccountEmail: c@d.example}, {name: deleted 2, deleted: 2d ago}]}
  - {id: only-maps, number: 104, services: [generativelanguage], keys: [{name: maps 2, targets: [maps-backend]}]}
  - {id: without-gemini, number: 105, keys: [{name: latent}]}
  - {id: shut-down, number: 106, state: DELETE_REQUESTED, services: [generativelanguage], keys: [{name: old}]}
  - {id: left-out, number: 107, folder: 1, services: [generativelanguage], keys: [{name: excluded}]}
  - {id: second, number: 108, services: [generativelanguage], keys: [{name: open 2, traffic: [{daily: 3, on: 2026-11-21}]}]}
`

describe('whose traffic is read', () => {
  const excluded = ({ ancestors }: { ancestors: readonly string[] }) => ancestors.includes('folders/1')

  for (const mode of ['auto', 'projects'] as const) {
    it(`is that of projects with a key that it matters to, in one request each (${mode})`, async () => {
      const asked: string[] = []
      const listening: Gate = (call, real) => {
        if (call.operation === LIST || call.operation === POLICY)
          asked.push(`${call.operation} ${call.params['project']}`)
        return real()
      }
      const found = await read(ORGANIZATION, { mode, excluded, gates: [listening] })
      assert.deepEqual(asked.sort(), [`${LIST} 102`, `${LIST} 108`, `${POLICY} 102`, `${POLICY} 108`])
      assert.equal(knownUsage(found, 'open').gemini.accepted, 7)
      assert.equal(knownUsage(found, 'open 2').gemini.accepted, 3)
    })
  }

  it('is not that of others, each of which says why', async () => {
    const found = await read(ORGANIZATION, { excluded })
    const reasons: Readonly<Record<string, RegExp>> = {
      maps: /the key cannot call the Gemini API$/,
      deleted: /the key is deleted$/,
      'bound 2': /that of auth keys may be recorded elsewhere$/,
      latent: /the Gemini API is not enabled in the project$/,
      excluded: /nothing more is asked of the project$/,
      old: /nothing more is asked of the project$/,
    }
    for (const [name, reason] of Object.entries(reasons)) {
      assert.match(unknownUsage(found, name), reason)
      assert.match(unknownUsage(found, name), /^traffic was not read: /)
    }
  })

  it('is that of an auth key where the project is asked for another key and has a series of it', async () => {
    const found = await read(ORGANIZATION, { excluded })
    assert.equal(knownUsage(found, 'bound').gemini.accepted, 294)
    const without = await read(projectWith('{name: key}, {name: bound, serviceAccountEmail: a@b.example}'))
    assert.equal(knownUsage(without, 'key').gemini.accepted, 0)
    assert.match(unknownUsage(without, 'bound'), /that of auth keys may be recorded elsewhere$/)
  })

  it('is not that of a key without uid, even where it is read', async () => {
    const found = await read(projectWith('{name: key}, {name: unnamed, wire: {uid: ""}}'))
    assert.match(unknownUsage(found, 'unnamed'), /^traffic was not read: the key shows no uid/)
    assert.equal(knownUsage(found, 'key').gemini.accepted, 0)
  })

  it('is also that of a project whose keys are known by the inventory only', async () => {
    const found = await read(`${ORGANIZATION}\ndenied: [{read: keys, project: with-gemini}]`, { excluded })
    assert.equal(lines(found)['open'], 'unknown on assets assets assets')
    assert.equal(knownUsage(found, 'open').gemini.accepted, 7)
    assert.equal(knownUsage(found, 'bound').gemini.accepted, 294) // nobody knows that it is an auth key
    assert.equal(found.requests[LIST], 2)
    assert.equal(found.requests[POLICY], 1) // nobody knows that a key there is a standard key
  })

  it('is read once for each project, however many batches its keys come in', async () => {
    const world = generate(sizeOf('generated:keys=5000,projects=37,gemini=37,unrestricted=30'), NOW)
    const scope = `organizations/${world.organization.number}`
    const found = await read({ ...world, denied: [{ read: 'keys', below: scope, reason: 'denied' }] })
    const asked = new Set(
      [...found.keys.values()]
        .filter(({ usage }) => !('unknown' in usage))
        .map(({ project }) => project.number),
    )
    assert.equal(asked.size, 37)
    assert.equal(found.requests[LIST], 37)
  })
})

describe('traffic that cannot be read', () => {
  const denied = (more: string) => `${ORGANIZATION}\ndenied: [{read: traffic, ${more}}]`
  /** All that is said of keys, but for their traffic. */
  const others = ({ keys }: { keys: ReadonlyMap<string, object> }) =>
    new Map([...keys].map(([name, found]) => [name, { ...found, usage: undefined }]))

  it('of one project among many is unknown there alone, with what to grant', async () => {
    const found = await read(denied('project: with-gemini'))
    assert.equal(
      unknownUsage(found, 'open'),
      'Reading the traffic of projects/102 failed: the auditor may not do that: it needs monitoring.timeSeries.list',
    )
    assert.equal(knownUsage(found, 'open 2').gemini.accepted, 3)
    assert.deepEqual(gapLines(found), ['usage projects/102 IAM_PERMISSION_DENIED'])
    assert.match(found.gaps[0]?.fix ?? '', /--role=organizations\/ORGANIZATION_ID\/roles\/geminiKeyAuditor$/)
  })

  it('changes nothing else that is said of the keys', async () => {
    assert.deepEqual(others(await read(denied('reason: vpc'))), others(await read(ORGANIZATION)))
  })

  const partial: readonly [string, Gate][] = [
    ['execution errors', changing(LIST, () => ({ executionErrors: [{ code: 4 }] }))],
    ['unreachable regions', changing(LIST, () => ({ unreachable: ['us-east1'] }))],
  ]
  for (const [what, gate] of partial) {
    it(`for ${what} is unknown, never zero`, async () => {
      const found = await read(ORGANIZATION, { gates: [gate] })
      assert.deepEqual(gapLines(found), [
        'usage projects/102 INCOMPLETE_ANSWER',
        'usage projects/107 INCOMPLETE_ANSWER',
        'usage projects/108 INCOMPLETE_ANSWER',
      ])
      assert.match(unknownUsage(found, 'open'), /could answer only in part, and said so$/)
    })
  }

  it('because the project answers in part only is unknown there', async () => {
    const found = await read(projectWith('{name: key, traffic: [{daily: 1}]}', 'partialTraffic: true,'))
    assert.deepEqual(gapLines(found), ['usage projects/102 INCOMPLETE_ANSWER'])
  })

  const damaged: readonly [string, object][] = [
    ['a number that is none', { value: { int64Value: 'many' } }],
    ['a negative number', { value: { int64Value: '-1' } }],
    ['another type of value', { value: { doubleValue: 1 } }],
    ['a time that is none', { interval: { endTime: 'yesterday' } }],
  ]
  for (const [what, change] of damaged) {
    it(`for ${what} is unknown, whose calls ever these were`, async () => {
      const gate = changing(LIST, ({ timeSeries = [] }) => ({
        // biome-ignore lint/suspicious/noExplicitAny: whatever the simulator answered
        timeSeries: timeSeries.map((series: any) => ({
          ...series,
          points: series.points.map((point: object) => ({ ...point, ...change })),
        })),
      }))
      const found = await read(projectWith('{name: key, traffic: [{daily: 1}]}, {name: idle}'), {
        gates: [gate],
      })
      assert.deepEqual(gapLines(found), ['usage projects/102 MALFORMED'])
      assert.match(unknownUsage(found, 'idle'), /a time series is not as Google documents it$/)
    })
  }

  const ends: readonly [string, string, string | undefined][] = [
    ['the end of what was asked for', '2026-11-24T00:00:00Z', undefined],
    ['a moment later', '2026-11-24T00:00:00.001Z', 'usage projects/102 MALFORMED'],
    ['a year later', '2027-11-23T07:00:00Z', 'usage projects/102 MALFORMED'],
  ]
  for (const [what, endTime, gap] of ends) {
    it(`for calls until ${what} is ${gap ? 'unknown, whose calls ever these were' : 'known'}`, async () => {
      const gate = changing(LIST, ({ timeSeries = [] }) => ({
        // biome-ignore lint/suspicious/noExplicitAny: whatever the simulator answered
        timeSeries: timeSeries.map(({ points: [newest, ...others], ...series }: any) => ({
          ...series,
          points: [{ ...newest, interval: { ...newest.interval, endTime } }, ...others],
        })),
      }))
      const found = await read(projectWith('{name: key, traffic: [{daily: 1}]}, {name: idle}'), {
        gates: [gate],
      })
      assert.deepEqual(gapLines(found), gap ? [gap] : [])
      if (gap)
        assert.match(unknownUsage(found, 'idle'), /a time series has calls of days that are still to come$/)
      else assert.equal(knownUsage(found, 'key').gemini.lastAccepted, '2026-11-23')
    })
  }

  it('for an outage is unknown', async () => {
    const found = await read(ORGANIZATION, { gates: [answering(LIST, UNAVAILABLE)] })
    assert.deepEqual(gapLines(found), [
      'usage projects/102 UNAVAILABLE',
      'usage projects/107 UNAVAILABLE',
      'usage projects/108 UNAVAILABLE',
    ])
    assert.equal(found.error, undefined)
  })

  it('because the API is off in the auditor’s project ends the asking, and not the reading', async () => {
    const projects = Array.from(
      { length: 60 },
      (_, at) =>
        `  - {id: project-${at}, number: ${200 + at}, services: [generativelanguage], keys: [{name: key ${at}}]}`,
    )
    const world = `
organization: {number: 9}
caller: {project: auditor}
projects:
  - {id: auditor, number: 101}
${projects.join('\n')}
denied: [{read: traffic, reason: disabled}]`
    const found = await read(world)
    assert.equal(found.error, undefined)
    assert.equal(found.count, 60)
    assert.ok(Number(found.requests[LIST]) < 60, 'every project was asked')
    assert.equal(found.gaps.length, 60)
    assert.equal(new Set(found.gaps.map(({ fix }) => fix)).size, 1)
    assert.equal(
      found.gaps[0]?.fix,
      'enable it: gcloud services enable monitoring.googleapis.com --project=101',
    )
    assert.equal(lines(found)['key 59'], 'standard on keys.list keys.list assets')
  })
})
