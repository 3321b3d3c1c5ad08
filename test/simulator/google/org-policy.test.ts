import assert from 'node:assert/strict'
import { SMALL, simulated } from '../simulated.js'

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

  it('enforces nothing that nobody set', async () => {
    await simulated(SMALL, async (ask) => {
      const { body } = await ask(`/v2/projects/102/policies/${CONSTRAINT}:getEffectivePolicy`)
      assert.deepEqual(body.spec.rules, [{ enforce: false }])
    })
  })
})
