import assert from 'node:assert/strict'
import { openWorld } from '../../../simulator/world/file.js'
import { generate } from '../../../simulator/world/generate.js'
import { sizeOf } from '../../../simulator/world/generated-name.js'
import { truthOf } from '../../../simulator/world/truth.js'
import { projectsOf } from '../../../simulator/world/world.js'
import { NOW } from '../simulated.js'

const worldOf = (name: string) => generate(sizeOf(name), NOW)

describe('a generated world', () => {
  it('has exactly the keys and projects that its name says', () => {
    const world = worldOf('generated:keys=1000,projects=137')
    assert.equal([...projectsOf(world)].length, 137)
    assert.equal([...truthOf(world)].length, 1000)
  })

  it('has exactly so many projects with the Gemini API, and so many stray ones', () => {
    const world = worldOf('generated:keys=3000,projects=300,gemini=20,stray=7,deleted=0')
    const withGemini = [...projectsOf(world)].filter((project) =>
      project.services.includes('generativelanguage.googleapis.com'),
    )
    const stray = new Set(
      [...truthOf(world)]
        .filter((key) => !key.geminiEnabled && key.reach.startsWith('Gemini'))
        .map((key) => key.projectId),
    )
    assert.equal(withGemini.length, 20)
    assert.equal(stray.size, 7)
  })

  it('is the same for the same seed and another for another one', () => {
    const [first, again, other] = ['seed=1', 'seed=1', 'seed=2'].map((seed) => [
      ...truthOf(worldOf(`generated:keys=200,projects=20,${seed}`)),
    ])
    assert.deepEqual(first, again)
    assert.notDeepEqual(first, other)
  })

  it('makes a key by itself as it makes it among all', () => {
    const world = worldOf('generated:keys=500,projects=50')
    const all = [...truthOf(world)]
    const project = world.projectNamed('generated-31')
    assert.ok(project)
    assert.deepEqual(
      world.keysOf(project).map((key) => key.uid),
      all.filter((key) => key.projectId === 'generated-31').map((key) => key.uid),
    )
    assert.equal(new Set(all.map((key) => key.uid)).size, 500)
  })

  it('knows its projects by number and ID, and no others', () => {
    const world = worldOf('generated:keys=10,projects=5')
    assert.equal(world.projectNamed('800000000004')?.id, 'generated-4')
    assert.equal(world.projectNamed('generated-4')?.number, '800000000004')
    assert.equal(world.projectNamed('800000000005'), undefined)
    assert.equal(world.projectNamed('acme-web'), undefined)
  })

  it('has keys of each kind', () => {
    const keys = [...truthOf(worldOf('generated:keys=5000,projects=500,gemini=100'))]
    for (const reach of ['everything', 'Gemini', 'Gemini and others', 'others']) {
      assert.ok(
        keys.some((key) => key.reach === reach),
        reach,
      )
    }
    assert.ok(keys.some((key) => key.boundTo))
    assert.ok(keys.some((key) => key.state === 'deleted'))
    assert.ok(keys.some((key) => key.displayName === undefined))
    assert.ok(keys.some((key) => key.gemini.forbidden > 0))
  })

  const wrong: readonly [string, RegExp][] = [
    ['generated:colour=red', /unknown colour; allowed: keys, projects/],
    ['generated:keys=many', /keys=many is not a number/],
    ['generated:keys=301,projects=1', /301 keys in 1 projects; allowed: at most 300/],
    ['generated:projects=0,keys=0', /projects=0; allowed: at least 1/],
    ['generated:projects=10,keys=10,gemini=9,stray=2', /11 projects of 10/],
    ['generated:auth=101', /auth is a percentage/],
  ]
  for (const [name, message] of wrong) {
    it(`refuses ${name}`, async () => {
      await assert.rejects(openWorld(name, NOW), message)
    })
  }
})
