import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { describe, it } from 'mocha'
import { projectOfAsset, projectOfManager } from '../../src/inventory/wire-project.js'
import { enabledIn } from '../../src/inventory/wire-service.js'

const asset = (data: unknown, more = {}) => ({
  name: '//cloudresourcemanager.googleapis.com/projects/123',
  ancestors: ['projects/123', 'folders/7', 'organizations/9'],
  resource: { data },
  ...more,
})

describe('a project from the wire', () => {
  it('is read from the inventory, which has the older form', () => {
    const data = {
      projectId: 'acme',
      projectNumber: '123',
      lifecycleState: 'DELETE_REQUESTED',
      labels: { team: 'x' },
    }
    const { project, flaw } = projectOfAsset(asset(data)) ?? assert.fail()
    assert.equal(flaw, undefined)
    assert.deepEqual(
      { ...project, labels: { ...project.labels } },
      {
        number: '123',
        id: 'acme',
        state: 'DELETE_REQUESTED',
        labels: { team: 'x' },
        ancestors: ['folders/7', 'organizations/9'],
      },
    )
  })

  it('is read from Resource Manager, which has the newer one', () => {
    const wire = { name: 'projects/123', projectId: 'acme', state: 'ACTIVE', parent: 'folders/7' }
    const read = projectOfManager(wire) ?? assert.fail()
    assert.deepEqual(
      [read.project.id, read.project.state, read.parent, read.flaw],
      ['acme', 'ACTIVE', 'folders/7', undefined],
    )
  })

  it('counts as active where nothing says otherwise: unjudged keys would look clean', () => {
    assert.equal(projectOfAsset(asset({ projectId: 'acme' }))?.project.state, 'ACTIVE')
    assert.equal(projectOfAsset(asset({ projectId: 'acme', state: '' }))?.project.state, 'ACTIVE')
  })

  it('has no labels where they are far more than Google takes, and is flawed', () => {
    const labels = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_none, at) => [`label-${at}`.padEnd(63, 'x'), 'x'.repeat(63)]),
      )
    const read = (count: number) => projectOfAsset(asset({ projectId: 'acme', labels: labels(count) }))
    assert.equal(read(64)?.flaw, undefined)
    assert.equal(Object.keys(read(64)?.project.labels ?? {}).length, 64)
    assert.equal(read(3_000)?.flaw, 'labels is not as Google documents it')
    assert.equal(Object.keys(read(3_000)?.project.labels ?? {}).length, 0)
  })

  it('in a state that is not documented is judged as an active one, and flawed', () => {
    for (const state of ['LIFECYCLE_STATE_UNSPECIFIED', 'active', ' ']) {
      const byAsset = projectOfAsset(asset({ projectId: 'acme', lifecycleState: state })) ?? assert.fail()
      const byManager = projectOfManager({ name: 'projects/123', projectId: 'acme', state }) ?? assert.fail()
      for (const { project, flaw } of [byAsset, byManager]) {
        assert.deepEqual([project.state, project.id], ['ACTIVE', 'acme'])
        assert.equal(flaw, `its state "${state}" is not one that Google documents`)
      }
    }
  })

  it('with fields of another form is flawed, and goes by its number', () => {
    for (const data of [undefined, null, 7, {}, { projectId: 7 }, { projectId: '' }]) {
      const read = projectOfAsset(asset(data)) ?? assert.fail()
      assert.equal(read.project.id, '123')
      assert.equal(read.project.state, 'ACTIVE')
      assert.match(read.flaw ?? '', /is not as Google documents it/)
    }
  })

  it('without a number is none', () => {
    for (const element of [null, 7, {}, { name: '//x/projects/acme' }, { ancestors: ['folders/7'] }]) {
      assert.equal(projectOfAsset(element), undefined)
      assert.equal(projectOfManager(element), undefined)
    }
    assert.equal(projectOfAsset({ ancestors: ['projects/5'] })?.project.number, '5')
  })

  it('takes labels of any name for data', () => {
    const labels = JSON.parse('{"__proto__": "polluted", "constructor": "x", "team": "y"}')
    const { project } = projectOfAsset(asset({ projectId: 'acme', labels })) ?? assert.fail()
    assert.deepEqual(Object.entries(project.labels), [
      ['__proto__', 'polluted'],
      ['constructor', 'x'],
      ['team', 'y'],
    ])
    assert.equal(project.labels['toString'], undefined)
    assert.equal(Object.getPrototypeOf({}), Object.prototype)
  })

  it('has no labels where they are none, and says so', () => {
    for (const labels of ['team', ['team'], { team: 7 }]) {
      const read = projectOfAsset(asset({ projectId: 'acme', labels })) ?? assert.fail()
      assert.deepEqual(Object.keys(read.project.labels), [])
      assert.equal(read.flaw, 'labels is not as Google documents it')
      assert.equal(read.project.id, 'acme')
    }
  })

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.anything(), (data) => {
        projectOfAsset(data)
        projectOfManager(data)
        assert.equal(projectOfAsset(asset(data))?.project.number, '123')
      }),
    )
  })
})

describe('a service from the search', () => {
  const name = (project: string, service: string) =>
    `//serviceusage.googleapis.com/projects/${project}/services/${service}`
  const rows: readonly (readonly [string, unknown, string | null | undefined])[] = [
    [
      'the Gemini API',
      { name: name('123', 'generativelanguage.googleapis.com'), state: 'ENABLED' },
      'projects/123',
    ],
    ['one without a state', { name: name('123', 'generativelanguage.googleapis.com') }, 'projects/123'],
    [
      'a project by its ID, with the number beside it',
      { name: name('acme', 'generativelanguage.googleapis.com'), project: 'projects/123' },
      'projects/123',
    ],
    [
      'a folder, for everything below it',
      { name: '//serviceusage.googleapis.com/folders/7/services/generativelanguage.googleapis.com' },
      'folders/7',
    ],
    [
      'an organization, for everything below it',
      { name: '//serviceusage.googleapis.com/organizations/9/services/generativelanguage.googleapis.com' },
      'organizations/9',
    ],
    ['a project by its ID alone', { name: name('acme', 'generativelanguage.googleapis.com') }, undefined],
    ['one that is off', { name: name('123', 'generativelanguage.googleapis.com'), state: 'DISABLED' }, null],
    [
      'one of a state that Google does not have',
      { name: name('123', 'generativelanguage.googleapis.com'), state: 'NaN' },
      undefined,
    ],
    ['a service of a similar name', { name: name('123', 'generativelanguage.googleapis.com.evil') }, null],
    ['another service', { name: name('123', 'aiplatform.googleapis.com') }, null],
    ['something else', { name: 'x' }, undefined],
    ['nothing', null, undefined],
  ]
  for (const [what, element, expected] of rows) {
    it(`shows the place of ${what}: ${expected}`, () => assert.equal(enabledIn(element), expected))
  }
})
