import assert from 'node:assert/strict'
import { SettingsError } from '../../../simulator/settings-error.js'
import { readWorld, readWorldFile } from '../../../simulator/world/file.js'
import { NOW, worldOf } from '../simulated.js'

/** The problems of a world file. */
function problemsOf(text: string): readonly string[] {
  try {
    readWorld(text, 'world.yaml', NOW)
  } catch (error) {
    assert.ok(error instanceof SettingsError)
    return error.problems
  }
  return []
}

describe('a world file', () => {
  it('needs no more than an organization', () => {
    const world = worldOf('organization: {number: 9}')
    assert.equal(world.organization.number, '9')
    assert.equal(world.projectCount, 0)
  })

  it('counts relative times back from now and leaves absolute ones as they are written', () => {
    const world = worldOf(`
organization: {number: 9}
projects:
  - id: acme-web
    keys:
      - {name: old, created: 400d ago}
      - {name: exact, created: "2024-03-09T10:11:12.123456789Z"}
      - {name: day, created: 2025-01-31}
`)
    const keys = world.keysOf(world.projectAt(0))
    assert.deepEqual(
      keys.map((key) => key.createTime),
      ['2025-10-19T07:00:00Z', '2024-03-09T10:11:12.123456789Z', '2025-01-31T00:00:00Z'],
    )
  })

  it('reports all problems at once, with file, line, field and what is allowed', () => {
    const problems = problemsOf(`organization: {number: nine}
projects:
  - id: acme-web
    colour: red
    keys:
      - {name: a, created: yesterday}
      - name: b
        traffic:
          - {daily: 0}
denied:
  - {read: everything}
`)
    assert.equal(problems.length, 5)
    assert.match(problems[0] ?? '', /^world\.yaml:1: organization\.number: .*allowed: decimal digits/)
    assert.match(
      problems.join('\n'),
      /world\.yaml:4: projects\[0\]\.colour: unknown name; allowed: id, number, name,/,
    )
    assert.match(
      problems.join('\n'),
      /world\.yaml:6: projects\[0\]\.keys\[0\]\.created: not a time; allowed: "400d ago"/,
    )
    assert.match(problems.join('\n'), /world\.yaml:9: projects\[0\]\.keys\[1\]\.traffic\[0\]\.daily: .*>0/)
    assert.match(problems.join('\n'), /world\.yaml:11: denied\[0\]\.read: .*"assets"/)
  })

  it('says where a field is missing', () => {
    assert.match(problemsOf('folders: []')[0] ?? '', /^world\.yaml:1: organization: /)
  })

  it('reports broken YAML with its line', () => {
    assert.match(problemsOf('organization: {number: 9\nprojects: [')[0] ?? '', /^world\.yaml:\d: /)
  })

  const contradictions: readonly [string, string, RegExp][] = [
    [
      'a project ID twice',
      'projects: [{id: acme-web}, {id: acme-web}]',
      /projects\[1\]\.id: "acme-web" is used twice/,
    ],
    [
      'a folder that is not there',
      'projects: [{id: acme-web, folder: 7}]',
      /projects\[0\]\.folder: no folder 7/,
    ],
    [
      'a folder below one that is not there',
      'folders: [{number: 1, name: a, parent: 2}]',
      /folders\[0\]\.parent: no folder 2; allowed: 1/,
    ],
    [
      'a denial of a project that is not there',
      'denied: [{read: keys, project: acme-web}]',
      /denied\[0\]\.project: no project "acme-web"/,
    ],
    [
      'a key ID twice',
      'projects: [{id: acme-web, keys: [{id: a}, {id: a}]}]',
      /keys\[1\]\.id: "a" is used twice/,
    ],
    [
      'more keys than a project may have',
      `projects: [{id: acme-web, keys: [${Array(301).fill('{}').join(',')}]}]`,
      /projects\[0\]\.keys: 301 keys; allowed: at most 300/,
    ],
  ]
  for (const [what, yaml, message] of contradictions) {
    it(`refuses ${what}`, () => {
      assert.match(problemsOf(`organization: {number: 9}\n${yaml}`).join('\n'), message)
    })
  }

  it('names the file that cannot be read', async () => {
    await assert.rejects(
      readWorldFile('/nowhere/world.yaml', NOW),
      /\/nowhere\/world\.yaml: the world cannot be read/,
    )
  })

  it('lets a key have restrictions in any shape', () => {
    const world = worldOf(`
organization: {number: 9}
projects:
  - id: acme-web
    keys:
      - {restrictions: null}
      - {restrictions: {browserKeyRestrictions: {}}}
      - {targets: [maps-backend, {service: translate, methods: [Get]}], ips: [10.0.0.1]}
      - {}
`)
    assert.deepEqual(
      world.keysOf(world.projectAt(0)).map((key) => key.restrictions),
      [
        null,
        { browserKeyRestrictions: {} },
        {
          apiTargets: [
            { service: 'maps-backend.googleapis.com' },
            { service: 'translate.googleapis.com', methods: ['Get'] },
          ],
          serverKeyRestrictions: { allowedIps: ['10.0.0.1'] },
        },
        undefined,
      ],
    )
  })

  it('keeps names that mean something to JavaScript', () => {
    const world = worldOf(`
organization: {number: 9}
projects:
  - {id: acme-web, labels: {__proto__: x}, keys: [{annotations: {__proto__: y, constructor: z}}]}
`)
    const project = world.projectAt(0)
    assert.equal(JSON.stringify(project.labels), '{"__proto__":"x"}')
    assert.equal(JSON.stringify(world.keysOf(project)[0]?.annotations), '{"__proto__":"y","constructor":"z"}')
    assert.throws(
      () => worldOf('{organization: {number: 9}, projects: [{id: acme-web, labels: {a: 1}}]}'),
      /not a map/,
    )
  })
})
