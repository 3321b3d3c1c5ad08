import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { changing, gapLines, type Read, read } from './reading.js'
import { projectWith } from './traffic-world.js'

const CONSTRAINT = 'iam.managed.disableServiceAccountApiKeyCreation'
const GET = 'orgpolicy.policies.getEffectivePolicy'
const OPEN = '{name: key, targets: [generativelanguage]}'

const stateOf = (found: Read) => (found.keys.get('key') ?? assert.fail('not read')).blocker?.state

describe('whether auth keys can be made in a project', () => {
  const policies: readonly [string, string, string][] = [
    ['nothing is set', '', 'absent'],
    ['the policy is not enforced', `{constraint: ${CONSTRAINT}, enforce: false}`, 'absent'],
    ['the policy is enforced', `{constraint: ${CONSTRAINT}}`, 'in-force'],
    [
      'it allows the Gemini API',
      `{constraint: ${CONSTRAINT}, allowedServices: [translate, generativelanguage]}`,
      'absent',
    ],
    ['it allows other services', `{constraint: ${CONSTRAINT}, allowedServices: [translate]}`, 'in-force'],
    [
      'the project is excepted from it',
      `{constraint: ${CONSTRAINT}}, {constraint: ${CONSTRAINT}, project: with-gemini, enforce: false}`,
      'absent',
    ],
    ['another policy is enforced', '{constraint: iam.managed.disableServiceAccountKeyCreation}', 'absent'],
  ]
  for (const [when, policy, state] of policies) {
    it(`is ${state} when ${when}`, async () => {
      const found = await read(`${projectWith(OPEN)}\npolicies: [${policy}]`)
      assert.equal(stateOf(found), state)
      assert.deepEqual(found.gaps, [])
    })
  }

  const answers: readonly [string, object, string | undefined][] = [
    ['no rule', { spec: {} }, undefined],
    ['a rule that says nothing of enforcement', { spec: { rules: [{}] } }, undefined],
    ['one rule that does and one that does not', { spec: { rules: [{ enforce: false }, {}] } }, undefined],
    [
      'an enforcing rule among others',
      { spec: { rules: [{ enforce: false }, { enforce: true }] } },
      'in-force',
    ],
    [
      'allowed services that cannot be read',
      { spec: { rules: [{ enforce: true, parameters: { allowedServices: 'all' } }] } },
      'in-force',
    ],
    [
      'an allowed service with a prefix',
      {
        spec: {
          rules: [
            { enforce: true, parameters: { allowedServices: ['is:GenerativeLanguage.googleapis.com'] } },
          ],
        },
      },
      'absent',
    ],
  ]
  for (const [what, body, state] of answers) {
    it(`is ${state ?? 'unknown, with a gap,'} for ${what}`, async () => {
      const found = await read(projectWith(OPEN), { gates: [changing(GET, () => body)] })
      assert.equal(stateOf(found), state ?? 'unknown')
      assert.deepEqual(gapLines(found), state ? [] : ['policy projects/102 MALFORMED'])
    })
  }

  it('is unknown, with a gap that says what to grant, where it may not be read', async () => {
    const found = await read(`${projectWith(OPEN)}\ndenied: [{read: policies}]`)
    assert.equal(stateOf(found), 'unknown')
    assert.deepEqual(gapLines(found), ['policy projects/102 IAM_PERMISSION_DENIED'])
    assert.match(
      found.gaps[0]?.fix ?? '',
      /orgpolicy.policy.get: gcloud .* --role=organizations\/ORGANIZATION_ID\/roles\/geminiKeyAuditor$/,
    )
  })

  const others: readonly [string, string, string][] = [
    ['auth keys', '{name: key, targets: [generativelanguage], serviceAccountEmail: a@b.example}', ''],
    ['keys for other services', '{name: key, targets: [translate]}', ''],
    ['deleted keys', '{name: key, deleted: 3d ago}', ''],
    ['keys of unknown type', OPEN, 'denied: [{read: keys, project: with-gemini}]'],
    ['keys that cannot be read', '{name: key, wire: {restrictions: 7}}', ''],
  ]
  for (const [which, keys, more] of others) {
    it(`is not asked for ${which}`, async () => {
      const found = await read(`${projectWith(keys)}\n${more}`)
      assert.equal(stateOf(found), undefined)
      assert.equal(found.requests[GET], undefined)
    })
  }

  it('is asked once for all keys of a project, and recorded on each that has to be replaced', async () => {
    const found = await read(projectWith(`${OPEN}, {name: open}, {name: maps, targets: [translate]}`))
    assert.equal(found.requests[GET], 1)
    assert.deepEqual([...found.keys].map(([name, { blocker }]) => [name, blocker?.state]).sort(), [
      ['key', 'absent'],
      ['maps', undefined],
      ['open', 'absent'],
    ])
  })
})
