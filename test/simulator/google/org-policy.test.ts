import assert from 'node:assert/strict'
import { everything, SMALL, simulated } from '../simulated.js'

const CONSTRAINT = 'iam.managed.disableServiceAccountApiKeyCreation'
const WORLD = `${SMALL}
policies:
  - {constraint: constraints/${CONSTRAINT}}
  - {constraint: ${CONSTRAINT}, folder: 2, allowedServices: [generativelanguage]}
  - {constraint: ${CONSTRAINT}, project: acme-empty, enforce: false}
`

describe('the Organization Policy API', () => {
  const effective: readonly [string, object][] = [
    ['auditor-home', { enforce: true }],
    ['acme-web', { enforce: true, parameters: { allowedServices: ['generativelanguage.googleapis.com'] } }],
    ['acme-empty', { enforce: false }],
  ]
  for (const [project, rule] of effective) {
    it(`gives ${project} what is set nearest to it`, async () => {
      await simulated(WORLD, async (ask) => {
        const { body } = await ask(`/v2/projects/${project}/policies/${CONSTRAINT}:getEffectivePolicy`)
        assert.deepEqual(body.spec.rules, [rule])
      })
    })
  }

  it('enforces nothing that is not set', async () => {
    await simulated(SMALL, async (ask) => {
      const { body } = await ask(`/v2/projects/102/policies/${CONSTRAINT}:getEffectivePolicy`)
      assert.deepEqual(body.spec.rules, [{ enforce: false }])
    })
  })
})

describe('the policies of all folders and projects of an organization', () => {
  const world = `
organization: {number: 9}
folders: [{number: 1, name: one}, {number: 2, name: two, parent: 1}]
projects:
  - {id: at-the-top, number: 101}
  - {id: deep-down, number: 102, folder: 2}
  - {id: shut-down, number: 103, state: DELETE_REQUESTED}
policies: [{constraint: x.y, folder: 1}, {constraint: other, project: at-the-top}]
`
  const path = '/v1/organizations/9:analyzeOrgPolicyGovernedContainers?constraint=constraints/x.y'

  it('are listed by pages with what is in force', async () => {
    await simulated(world, async (ask) => {
      const { items, pages } = await everything(ask, `${path}&pageSize=3`, 'governedContainers')
      assert.equal(pages, 2)
      assert.deepEqual(
        items.map(({ fullResourceName, project, consolidatedPolicy }) => [
          fullResourceName.split('.com/')[1],
          project,
          consolidatedPolicy.rules[0].enforce,
        ]),
        [
          ['folders/1', undefined, true],
          ['folders/2', undefined, true],
          ['projects/101', 'projects/101', false],
          ['projects/102', 'projects/102', true],
        ],
      )
    })
  })

  it('are refused as a whole, and by what the request lacks', async () => {
    await simulated(`${world}denied: [{read: policies}]`, async (ask) => {
      assert.equal((await ask(path)).status, 403)
    })
    await simulated(world, async (ask) => {
      assert.equal((await ask(path.split('?')[0] ?? '')).status, 400)
      assert.equal((await ask(path.replace('organizations/9', 'organizations/7'))).status, 403)
    })
  })
})
