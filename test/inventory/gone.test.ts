import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Gate } from '../../simulator/wire/call.js'
import { callFunction, onStage, recordsIn } from '../end-to-end/stage.js'
import { worldOf } from '../simulator/simulated.js'
import { gapLines, lines, read } from './reading.js'

const ORGANIZATION = `
organization: {number: 99}
caller: {project: auditor}
projects:
  - {id: auditor, number: 101}
  - {id: the-shop, number: 102, services: [generativelanguage], keys: [{name: chat, targets: [generativelanguage]}]}
  - {id: the-lab, number: 103, services: [generativelanguage], keys: [{name: lab}]}
slack: {channels: [{id: C0456, name: security}]}
`
const SEARCHED = ORGANIZATION.replace('name: lab}', 'name: lab, targets: [generativelanguage]}').replace(
  'number: 103, services: [generativelanguage]',
  'number: 103',
)

/** Google's answers about a project that is not there any more, to every API that is asked about it. */
function shutDown(metadata: object, message = 'Permission denied on resource project 103.'): Gate {
  return async (call, real) => {
    if (!/projects\/(103|the-lab)\//.test(call.path)) return real()
    const info = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'CONSUMER_INVALID', metadata }
    const error = { code: 403, message, status: 'PERMISSION_DENIED', details: [info] }
    return { status: 403, body: { error } }
  }
}

describe('a project that is gone since the inventory was taken', () => {
  const answers: readonly (readonly [string, Gate])[] = [
    ['by its number', shutDown({ consumer: 'projects/103' })],
    ['by its ID', shutDown({ consumer: 'projects/the-lab' })],
    ['in words alone', shutDown({})],
  ]
  for (const [named, gate] of answers) {
    for (const mode of ['auto', 'assets', 'projects'] as const) {
      it(`which Google names ${named}, is no gap, and its keys are in it (${mode})`, async () => {
        const found = await read(ORGANIZATION, { mode, gates: [gate] })
        assert.equal(found.error, undefined)
        assert.deepEqual(found.gaps, [])
        assert.deepEqual(found.gone, ['the-lab'])
        assert.equal(found.keys.get('lab')?.project.state, mode === 'projects' ? undefined : 'GONE')
        assert.match(found.remarks.join(), /the-lab.* has been deleted since .*gcloud projects describe 103$/)
        assert.match(lines(found)['chat'] ?? '', /^standard on /)
      })
    }
  }

  it('is found out as well where it is asked for the Gemini API', async () => {
    const found = await read(SEARCHED, { gates: [shutDown({ consumer: 'projects/103' })] })
    assert.deepEqual([found.gaps, found.gone], [[], ['the-lab']])
    assert.equal(found.requests['apikeys.keys.list'], 1)
  })

  it('is another one than the project that requests are charged to, without which nothing can be read', async () => {
    const gates = [shutDown({ consumer: 'projects/101' }, 'Permission denied on resource project 101.')]
    const found = await read(ORGANIZATION, { gates })
    assert.deepEqual(found.gone, [])
    assert.match(`${found.error}`, /CONSUMER_INVALID/)
  })

  it('leaves a run complete, its keys counted as inactive', async () => {
    await onStage(
      worldOf(ORGANIZATION),
      async ({ simulator, env }) => {
        const { status, body } = await callFunction(env)
        assert.deepEqual([status, body.outcome], [200, 'complete'])
        assert.deepEqual([body.coverage.projects, body.coverage.inactive], [2, 1])
        assert.deepEqual(
          recordsIn(simulator, 'key').map(({ key }) => key.displayName),
          ['chat'],
        )
        assert.match(body.coverage.reading.join(), /the-lab .* deleted since/)
      },
      { gates: [shutDown({ consumer: 'projects/103' })] },
    )
  })
})

describe('a key that the inventory shows in part', () => {
  const truncated = (more = '') => `
organization: {number: 9}
projects:
  - {id: the-shop, number: 102${more}, keys: [{name: long, targets: [maps-backend], truncated: true}]}
`
  for (const [where, more] of [
    ['with the Gemini API', ', services: [generativelanguage]'],
    ['without it', ''],
  ] as const) {
    it(`is as keys.list shows it, in a project ${where}`, async () => {
      const found = await read(truncated(more))
      assert.deepEqual(found.gaps, [])
      assert.match(lines(found)['long'] ?? '', /^standard .* keys\.list keys\.list /)
      assert.equal(found.keys.get('long')?.key.flaw, undefined)
    })
  }

  it('cannot be judged where keys.list does not show it', async () => {
    for (const mode of ['auto', 'export'] as const) {
      const found = await read(`${truncated()}\ndenied: [{read: keys}]\nbuckets: [{name: exports}]`, { mode })
      const { flaw, name } = found.keys.get('long')?.key ?? assert.fail()
      assert.equal(flaw, 'Google shows only a part of it')
      assert.ok(gapLines(found).includes(`keys ${name} MALFORMED`))
    }
  })
})
