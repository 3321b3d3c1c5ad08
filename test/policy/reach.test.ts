import assert from 'node:assert/strict'
import type { HeldRole, Reach } from '../../src/account.js'
import { byWidth, reachOf, WIDE_ROLES } from '../../src/policy/reach.js'

const held = (role: string, on = 'projects/1'): HeldRole => ({ role, on })

describe('How far an account reaches', () => {
  const accounts: readonly (readonly [what: string, roles: readonly HeldRole[], reach: Reach])[] = [
    ['no role', [], 'gemini-only'],
    ['nothing but calling APIs', [held('roles/serviceusage.serviceUsageConsumer')], 'gemini-only'],
    ['a role for one thing', [held('roles/storage.objectViewer')], 'narrow'],
    ['reading a project', [held('roles/viewer')], 'narrow'],
    ['a role on a bucket', [held('roles/storage.admin', '//storage.googleapis.com/b')], 'narrow'],
    ['Owner', [held('roles/owner')], 'owner'],
    ['Editor', [held('roles/editor')], 'owner'],
    ['Editor under a condition', [{ ...held('roles/editor'), conditional: true }], 'owner'],
    ['Editor on a folder', [held('roles/editor', 'folders/7')], 'owner'],
    ['a role that acts as others', [held('roles/iam.serviceAccountTokenCreator')], 'broad'],
    ['reading an organization', [held('roles/browser', 'organizations/9')], 'broad'],
    ['calling APIs of a folder', [held('roles/serviceusage.serviceUsageConsumer', 'folders/7')], 'broad'],
    ['a custom role', [held('projects/acme/roles/chat')], 'unknown'],
    ['a custom role of the organization', [held('organizations/9/roles/chat')], 'unknown'],
    ['a custom role beside a narrow one', [held('roles/viewer'), held('projects/a/roles/b')], 'unknown'],
    ['a custom role on a folder', [held('organizations/9/roles/chat', 'folders/7')], 'broad'],
    ['a custom role beside Owner', [held('projects/a/roles/b'), held('roles/owner')], 'owner'],
    ['a name that every object has', [held('roles/__proto__'), held('constructor')], 'unknown'],
  ]

  for (const [what, roles, reach] of accounts) {
    it(`${what}: ${reach}`, () => assert.equal(reachOf(roles, true), reach))
  }

  it('is unknown where roles may be missing, unless those that are there say enough', () => {
    assert.equal(reachOf([], false), 'unknown')
    assert.equal(reachOf([held('roles/storage.objectViewer')], false), 'unknown')
    assert.equal(reachOf([held('roles/iam.securityAdmin')], false), 'broad')
    assert.equal(reachOf([held('roles/editor')], false), 'owner')
  })

  it('is broad by each role that gives rights, acts as others or lifts restrictions', () => {
    for (const [role, { source }] of Object.entries(WIDE_ROLES)) {
      assert.equal(reachOf([held(role)], true), 'broad', role)
      assert.match(source, /^https:\/\/docs\.cloud\.google\.com\//, role)
    }
  })
})

describe('The roles of an account', () => {
  it('stand the widest first, then by name', () => {
    const roles = [
      held('roles/storage.admin'),
      held('roles/serviceusage.serviceUsageConsumer'),
      held('roles/bigquery.user'),
      held('projects/a/roles/b'),
      held('roles/viewer', 'folders/7'),
      held('roles/editor'),
    ]
    assert.deepEqual(
      roles.toSorted(byWidth).map(({ role }) => role),
      [
        'roles/editor',
        'roles/viewer',
        'projects/a/roles/b',
        'roles/bigquery.user',
        'roles/storage.admin',
        'roles/serviceusage.serviceUsageConsumer',
      ],
    )
  })
})
