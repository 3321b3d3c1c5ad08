import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { answering, changing, pagesOf, type Read, type ReadOptions, read, UNAVAILABLE } from './reading.js'

const CONSTRAINT = 'iam.managed.disableServiceAccountApiKeyCreation'
const organization = (projects: number) => `
organization: {number: 9}
folders: [{number: 1, name: free}, {number: 2, name: closed}]
projects:
${Array.from({ length: projects }, (_, at) => `  - {id: project-${at}, number: ${200 + at}, folder: ${at < 4 ? 2 : 1}, services: [generativelanguage], keys: [{name: key ${at}}]}`).join('\n')}
policies:
  - {constraint: ${CONSTRAINT}, folder: 2}
  - {constraint: ${CONSTRAINT}, project: project-0, allowedServices: [generativelanguage]}
`
const MANY = organization(60)
const LISTING = 'cloudasset.analyzeOrgPolicyGovernedContainers'
const ASKING = 'orgpolicy.policies.getEffectivePolicy'

function states({ keys }: Read): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries([...keys].map(([name, { blocker }]) => [name, blocker?.state]))
}

describe('the organization policies of many projects', () => {
  let singly: Read
  before(async () => {
    singly = await read(MANY, { scopes: ['folders/1', 'folders/2'] })
  })

  it('are in force where they are, by the policy of each project', () => {
    const { 'key 0': allowing, 'key 1': closed, 'key 30': free } = states(singly)
    assert.deepEqual([allowing, closed, free], ['absent', 'in-force', 'absent'])
    assert.deepEqual([singly.requests[LISTING], singly.requests[ASKING]], [undefined, 60])
  })

  it('are read by one listing of the organization, but for the first few and where one is enforced', async () => {
    const found = await read(MANY)
    assert.deepEqual(states(found), states(singly))
    assert.equal(found.requests[LISTING], 1)
    assert.ok((found.requests[ASKING] ?? 0) <= 40, `${found.requests[ASKING]}`)
    assert.deepEqual(found.gaps, [])
  })

  it('are not listed for few projects', async () => {
    const found = await read(organization(16))
    assert.deepEqual([found.requests[LISTING], found.requests[ASKING]], [undefined, 16])
  })

  const troubles: readonly (readonly [string, ReadOptions])[] = [
    ['denied', { gates: [answering(LISTING, { status: 403 })] }],
    ['out of order', { gates: [answering(LISTING, UNAVAILABLE)] }],
    ['broken off after a page', { gates: [pagesOf(20), answering(LISTING, UNAVAILABLE, 1)] }],
    [
      'not as Google documents it',
      { gates: [changing(LISTING, () => ({ governedContainers: [7, {}, { project: 'projects/210' }] }))] },
    ],
    [
      'subject to conditions',
      {
        gates: [
          changing(LISTING, ({ governedContainers }) => ({
            governedContainers: governedContainers.map((container: object) => ({
              ...container,
              consolidatedPolicy: { rules: [{ enforce: false, condition: { expression: 'x' } }] },
            })),
          })),
        ],
      },
    ],
  ]
  for (const [what, options] of troubles) {
    it(`are the same where the listing is ${what}, and no gap`, async () => {
      const found = await read(MANY, options)
      assert.deepEqual(states(found), states(singly))
      assert.deepEqual(found.gaps, [])
    })
  }
})
