import assert from 'node:assert/strict'
import type { KeyAccount } from '../../src/account.js'
import {
  answering,
  changing,
  gapLines,
  pagesOf,
  type Read,
  type ReadOptions,
  read,
  UNAVAILABLE,
} from './reading.js'

const ORGANIZATION = 'organization: {number: 9, domain: acme.example}\nfolders: [{number: 7, name: web}]'
const SHOWN = 'inventory: {showsServiceAccounts: true, delay: 2h}'
const CHAT = 'chat@acme-web.iam.gserviceaccount.com'
const ACCOUNT = `serviceAccount:${CHAT}`

/** One project with an auth key for each of these accounts, named after it, and a second project. */
function world(emails: readonly string[], more = ''): string {
  const keys = emails.map((email) => keyOf(email)).join(', ')
  return `${ORGANIZATION}
${SHOWN}
projects:
  - {id: acme-web, number: 2, folder: 7, services: [generativelanguage], keys: [${keys}]}
  - {id: acme-other, number: 3, services: [storage]}
${more}`
}

function keyOf(email: string, more = ''): string {
  return `{name: "${email}", targets: [generativelanguage], serviceAccountEmail: ${email}${more}}`
}

const bound = (bindings: string) => `bindings: [${bindings}]`
const held = (role: string, more = '') => `{role: ${role}, members: ["${ACCOUNT}"]${more}}`

async function accountOf(text: string, options: ReadOptions = {}, name = CHAT): Promise<Partial<KeyAccount>> {
  const found = await read(text, options)
  assert.equal(found.error, undefined)
  return found.keys.get(name)?.account ?? {}
}

/** What is asked about accounts, and nothing else. */
function asked({ requests }: Read): Readonly<Record<string, number>> {
  const about = /Policies$|IamPolicy$|serviceAccounts/
  return Object.fromEntries(Object.entries(requests).filter(([operation]) => about.test(operation)))
}

describe('the account of an auth key', () => {
  it('is not asked for where there is no auth key', async () => {
    const found = await read(`${ORGANIZATION}
projects: [{id: acme-web, number: 2, services: [generativelanguage], keys: [{name: old, targets: [generativelanguage]}]}]`)
    assert.deepEqual(asked(found), {})
    assert.equal(found.requests['cloudasset.searchAllResources'], 1)
    assert.equal(found.keys.get('old')?.account, undefined)
  })

  it('has its state, its roles and what they reach', async () => {
    const found = await read(
      world([CHAT], bound(held('roles/storage.objectViewer', ', project: acme-other'))),
    )
    assert.deepEqual(found.keys.get(CHAT)?.account, {
      email: CHAT,
      project: 'acme-web',
      state: 'active',
      roles: [{ role: 'roles/storage.objectViewer', on: 'projects/3' }],
      reach: 'narrow',
      keys: 1,
      createdForKey: true,
    })
    assert.deepEqual(found.gaps, [])
    assert.deepEqual(asked(found), { 'cloudasset.searchAllIamPolicies': 1 })
  })

  it('has no role, which is said as such', async () => {
    const { roles, reach } = await accountOf(world([CHAT]))
    assert.deepEqual([roles, reach], [[], 'gemini-only'])
  })

  for (const state of ['disabled', 'missing'] as const) {
    it(`is ${state}, which the IAM API confirms`, async () => {
      const text = world([CHAT], `serviceAccounts: [{email: ${CHAT}, state: ${state}}]`)
      const found = await read(text)
      assert.equal(found.keys.get(CHAT)?.account?.state, state)
      assert.equal(found.requests['iam.serviceAccounts.get'], 1)
      assert.deepEqual(found.gaps, [])
    })
  }

  it('is active where it was enabled since the inventory saw it', async () => {
    const late = changing('cloudasset.searchAllResources', ({ results = [] }) => ({
      results: results.map((each: { name: string }) =>
        each.name.includes('serviceAccounts')
          ? { name: each.name, state: 'DISABLED', project: 'projects/2' }
          : each,
      ),
    }))
    assert.equal((await accountOf(world([CHAT]), { gates: [late] })).state, 'active')
  })

  it('is active where it is newer than the inventory', async () => {
    const text = world([CHAT], `serviceAccounts: [{email: ${CHAT}, created: 1h ago}]`)
    assert.equal((await accountOf(text)).state, 'active')
  })

  it('is disabled by the inventory where nobody may ask for it itself, which is no gap', async () => {
    const denied = `denied: [{permission: iam.serviceAccounts.get}]`
    const found = await read(world([CHAT], `serviceAccounts: [{email: ${CHAT}, state: disabled}]\n${denied}`))
    assert.equal(found.keys.get(CHAT)?.account?.state, 'disabled')
    assert.deepEqual(found.gaps, [])
  })

  it('is unknown, and a gap, where the inventory does not show it and nobody may ask for it itself', async () => {
    const denied = `denied: [{permission: iam.serviceAccounts.get}]`
    const found = await read(world([CHAT], `serviceAccounts: [{email: ${CHAT}, state: missing}]\n${denied}`))
    assert.equal(found.keys.get(CHAT)?.account?.state, 'unknown')
    assert.deepEqual(gapLines(found), ['accounts projects/2 IAM_PERMISSION_DENIED'])
  })

  it('of another organization is unknown, which is no gap, but for wide roles that it holds here', async () => {
    const theirs = 'bot@their-project.iam.gserviceaccount.com'
    const found = await read(world([theirs]))
    const account = found.keys.get(theirs)?.account
    assert.deepEqual(
      { ...account },
      { email: theirs, project: 'their-project', state: 'unknown', reach: 'unknown', keys: 1 },
    )
    assert.deepEqual(found.gaps, [])
    const owner = bound(`{role: roles/owner, project: acme-other, members: ["serviceAccount:${theirs}"]}`)
    assert.equal((await accountOf(world([theirs], owner), {}, theirs)).reach, 'owner')
  })

  it('of another project of the organization is found there', async () => {
    const other = 'bot@acme-other.iam.gserviceaccount.com'
    const { project, state } = await accountOf(world([other]), {}, other)
    assert.deepEqual([project, state], ['acme-other', 'active'])
  })

  it('has the ID of its project where its address has the number', async () => {
    const compute = '3-compute@developer.gserviceaccount.com'
    const { project, state, createdForKey } = await accountOf(world([compute]), {}, compute)
    assert.deepEqual([project, state, createdForKey], ['acme-other', 'active', false])
  })

  it('is not asked for where its address is none of Google’s', async () => {
    for (const email of ['a@b.example', '" OR "@x.iam.gserviceaccount.com']) {
      const text = world([]).replace('keys: []', `keys: [{name: odd, serviceAccountEmail: '${email}'}]`)
      const found = await read(text)
      assert.deepEqual(asked(found), {})
      const { state, reach, roles } = found.keys.get('odd')?.account ?? {}
      assert.deepEqual([state, reach, roles], ['unknown', 'unknown', undefined])
    }
  })

  it('has no known roles where its address is none of Google’s, also when those of others were read', async () => {
    const email = `" OR "@acme-web.iam.gserviceaccount.com`
    const odd = `{name: odd, serviceAccountEmail: '${email}'}`
    const found = await read(world([CHAT]).replace('keys: [', `keys: [${odd}, `))
    const { reach, roles } = found.keys.get('odd')?.account ?? {}
    assert.deepEqual([reach, roles], ['unknown', undefined])
    assert.deepEqual(found.keys.get(CHAT)?.account?.roles, [])
  })
})

describe('the keys of an account', () => {
  const two = (more = '') =>
    world([]).replace('keys: []', `keys: [${keyOf(CHAT)}, ${keyOf(CHAT, more).replace(CHAT, 'second')}]`)

  it('are counted, and none of them is what it was made for', async () => {
    const found = await read(two())
    for (const name of [CHAT, 'second']) {
      const { keys, createdForKey } = found.keys.get(name)?.account ?? {}
      assert.deepEqual([keys, createdForKey], [2, false])
    }
  })

  it('are counted without those that are deleted, which have no account', async () => {
    const found = await read(two(', deleted: 3d ago'))
    assert.equal(found.keys.get(CHAT)?.account?.keys, 1)
    assert.equal(found.keys.get('second')?.account, undefined)
    assert.equal(found.count, 2)
  })

  it('are counted with those of projects that are left out, which have no account', async () => {
    const text = world([CHAT]).replace(
      'services: [storage]}',
      `services: [storage], keys: [${keyOf(CHAT).replace(CHAT, 'left out')}]}`,
    )
    const found = await read(text, { excluded: ({ id }) => id === 'acme-other' })
    assert.equal(found.keys.get(CHAT)?.account?.keys, 2)
    assert.equal(found.keys.get('left out')?.account, undefined)
  })

  const made: readonly (readonly [account: string, key: string, createdForKey: boolean | undefined])[] = [
    ['30d ago', '30d ago', true],
    ['31d ago', '30d ago', undefined],
    ['60d ago', '30d ago', false],
    ['20d ago', '30d ago', undefined],
  ]
  for (const [account, key, createdForKey] of made) {
    it(`made ${key}, and the account ${account}: ${createdForKey ?? 'not known whether it was made for it'}`, async () => {
      const text = world([]).replace('keys: []', `keys: [${keyOf(CHAT, `, created: ${key}`)}]`)
      const named = `serviceAccounts: [{email: ${CHAT}, created: ${account}}]`
      assert.equal((await accountOf(`${text}\n${named}`)).createdForKey, createdForKey)
    })
  }
})

describe('the roles of an account', () => {
  it('count under a condition, and say so', async () => {
    const condition = `, project: acme-web, condition: 'request.time < timestamp("2027-01-01T00:00:00Z")'`
    const { roles, reach } = await accountOf(world([CHAT], bound(held('roles/editor', condition))))
    assert.deepEqual(roles, [{ role: 'roles/editor', on: 'projects/2', conditional: true }])
    assert.equal(reach, 'owner')
  })

  it('are not those of others that are called alike, of deleted accounts, groups, domains and everybody', async () => {
    const members = [
      `deleted:${ACCOUNT}?uid=123456789012345678901`,
      `${ACCOUNT}?uid=123456789012345678901`,
      `serviceAccount:web-${CHAT}`,
      `serviceAccount:${CHAT}.example`,
      `user:${CHAT}`,
      'group:everyone@acme.example',
      'domain:acme.example',
      'allUsers',
      'allAuthenticatedUsers',
    ]
    const all = `{role: roles/owner, members: ${JSON.stringify(members)}}`
    const { roles, reach } = await accountOf(world([CHAT], bound(all)))
    assert.deepEqual([roles, reach], [[], 'gemini-only'])
  })

  it('reach no known distance where one is a custom role', async () => {
    const custom = held('organizations/9/roles/chat', ', project: acme-web')
    const { roles, reach } = await accountOf(world([CHAT], bound(custom)))
    assert.deepEqual(roles, [{ role: 'organizations/9/roles/chat', on: 'projects/2' }])
    assert.equal(reach, 'unknown')
  })

  it('are named where they are held: the organization, a folder, a project, a resource', async () => {
    const bindings = [
      held('roles/browser'),
      held('roles/viewer', ', folder: 7'),
      held('roles/logging.viewer', ', project: acme-web'),
      held('roles/storage.admin', ', project: acme-other, resource: //storage.googleapis.com/files'),
    ].join(', ')
    const { roles = [], reach } = await accountOf(world([CHAT], bound(bindings)))
    assert.equal(reach, 'broad')
    assert.deepEqual(
      roles.map(({ on }) => on),
      ['organizations/9', 'folders/7', 'projects/2', '//storage.googleapis.com/files'],
    )
  })

  it('are 25 of thousands, the widest first, with how many more there are', async () => {
    const bindings = Array.from({ length: 2000 }, (_none, at) =>
      held('roles/storage.objectViewer', `, project: acme-web, resource: //storage.googleapis.com/b-${at}`),
    )
    bindings.splice(1500, 0, held('roles/iam.securityAdmin', ', project: acme-web'))
    const { roles = [], moreRoles, reach } = await accountOf(world([CHAT], bound(bindings.join(', '))))
    assert.deepEqual([roles.length, moreRoles, reach], [25, 1976, 'broad'])
    assert.equal(roles[0]?.role, 'roles/iam.securityAdmin')
  })

  it('are named once where scopes overlap', async () => {
    const text = world([CHAT], bound(held('roles/viewer', ', folder: 7')))
    for (const scopes of [
      ['organizations/9', 'folders/7'],
      ['folders/7', 'organizations/9'],
    ]) {
      const { roles, reach } = await accountOf(text, { scopes })
      assert.deepEqual([roles?.length, reach], [1, 'broad'])
    }
  })

  it('are not known below a folder alone, but for wide ones', async () => {
    const scopes = ['folders/7']
    const found = await read(world([CHAT]), { scopes })
    const { roles, reach, state } = found.keys.get(CHAT)?.account ?? {}
    assert.deepEqual([roles, reach, state], [undefined, 'unknown', 'active'])
    assert.match(found.remarks.join('\n'), /only roles within the scope were read/)
    const editor = bound(held('roles/editor', ', project: acme-web'))
    assert.equal((await accountOf(world([CHAT], editor), { scopes })).reach, 'owner')
  })
})

describe('accounts that cannot be read by the asset inventory', () => {
  const EDITOR = bound(held('roles/editor', ', project: acme-web'))
  const VIEWER = bound(held('roles/viewer', ', project: acme-web'))
  const denied = (...permissions: readonly string[]) =>
    `denied: [${permissions.map((permission) => `{permission: ${permission}}`).join(', ')}]`
  const POLICIES = 'cloudasset.assets.searchAllIamPolicies'

  it('are read project by project: their own, so that nothing but wide roles is known', async () => {
    for (const [bindings, reach, count] of [
      [EDITOR, 'owner', 1],
      [VIEWER, 'unknown', 1],
      ['', 'unknown', undefined],
    ] as const) {
      const found = await read(world([CHAT], bindings), { mode: 'projects' })
      const account = found.keys.get(CHAT)?.account
      assert.deepEqual([account?.state, account?.reach, account?.roles?.length], ['active', reach, count])
      assert.deepEqual(found.gaps, [])
      assert.deepEqual(asked(found), {
        'cloudresourcemanager.projects.getIamPolicy': 1,
        'iam.serviceAccounts.get': 1,
      })
    }
  })

  it('are read so where the search is denied', async () => {
    const found = await read(world([CHAT], `${EDITOR}\n${denied(POLICIES)}`))
    assert.equal(found.keys.get(CHAT)?.account?.reach, 'owner')
    assert.deepEqual(found.gaps, [])
    assert.match(
      found.remarks.join('\n'),
      /only the roles on the projects that hold the accounts are read instead, none on folders, the organization or other projects\. /,
    )
  })

  it('are unknown, and one gap, where nothing may be asked', async () => {
    const all = denied(POLICIES, 'resourcemanager.projects.getIamPolicy')
    const found = await read(world([CHAT], `${EDITOR}\n${all}`))
    const { state, reach, roles } = found.keys.get(CHAT)?.account ?? {}
    assert.deepEqual([state, reach, roles], ['active', 'unknown', undefined])
    assert.deepEqual(gapLines(found), ['accounts projects/2 IAM_PERMISSION_DENIED'])
  })

  it('are unknown, and a gap, where only the inventory may be asked', async () => {
    const found = await read(world([CHAT], denied(POLICIES)), { mode: 'assets' })
    assert.equal(found.keys.get(CHAT)?.account?.reach, 'unknown')
    assert.deepEqual(gapLines(found), ['accounts organizations/9 IAM_PERMISSION_DENIED'])
  })

  it('are unknown, and a gap, while Google does not answer', async () => {
    const found = await read(world([CHAT]), {
      gates: [answering('cloudasset.searchAllIamPolicies', UNAVAILABLE)],
    })
    assert.equal(found.keys.get(CHAT)?.account?.reach, 'unknown')
    assert.deepEqual(gapLines(found), ['accounts organizations/9 UNAVAILABLE'])
    assert.deepEqual(asked(found), { 'cloudasset.searchAllIamPolicies': 3 })
  })

  const strange: readonly (readonly [what: string, results: unknown])[] = [
    ['no policy at all', ['policy']],
    ['members that are no list', [{ resource: '//x', policy: { bindings: [{ role: 'a', members: 'b' }] } }]],
    ['a role that is none', [{ resource: '//x', policy: { bindings: [{ role: 7 }] } }]],
  ]
  for (const [what, results] of strange) {
    it(`are unknown, and a gap, where a policy has ${what}: any account may be in it`, async () => {
      const found = await read(world([CHAT], EDITOR), {
        gates: [changing('cloudasset.searchAllIamPolicies', () => ({ results }))],
      })
      assert.equal(found.keys.get(CHAT)?.account?.reach, 'unknown')
      assert.deepEqual(gapLines(found), ['accounts organizations/9 MALFORMED'])
    })
  }

  it('are handed out as unknown when time is up', async () => {
    const stop = new AbortController()
    const found = await read(world([CHAT]), {
      signal: stop.signal,
      gates: [
        async (call, real) => {
          if (call.operation === 'cloudasset.searchAllIamPolicies') stop.abort()
          return real()
        },
      ],
    })
    assert.equal(found.error, undefined)
    assert.equal(found.count, 1)
    assert.equal(found.keys.get(CHAT)?.account?.reach, 'unknown')
    assert.ok(gapLines(found).includes('accounts organizations/9 OUT_OF_TIME'))
  })
})

describe('the accounts of a large organization', () => {
  const KEYS = 300
  const emails = Array.from({ length: KEYS }, (_none, at) => `key-${at}@acme-${at}.iam.gserviceaccount.com`)

  /** 2,000 projects, 300 of which have the Gemini API and an auth key. */
  function large(addressOf: (email: string) => string): string {
    const projects = Array.from({ length: 2000 }, (_none, at) => {
      const email = emails[at]
      const gemini =
        email === undefined ? '' : `, services: [generativelanguage], keys: [${keyOf(addressOf(email))}]`
      return `  - {id: acme-${at}, number: ${1000 + at}${gemini}}`
    })
    const agents = Array.from({ length: 2000 }, (_none, at) => {
      const member = `serviceAccount:service-${at}@compute-system.iam.gserviceaccount.com`
      return `  - {role: roles/compute.serviceAgent, project: acme-${at}, members: ["${member}"]}`
    })
    const editor = `  - {role: roles/editor, project: acme-9, members: ["serviceAccount:${emails[7]}"]}`
    return `${ORGANIZATION}\n${SHOWN}\nprojects:\n${projects.join('\n')}\nbindings:\n${agents.join('\n')}\n${editor}`
  }

  it('take at most 10 requests more than keys whose accounts are not asked for', async function () {
    this.timeout(60_000)
    const total = ({ requests }: Read) => Object.values(requests).reduce((sum, count) => sum + count, 0)
    const without = await read(large((email) => email.replace('iam.gserviceaccount.com', 'example')))
    const found = await read(large((email) => email))
    assert.deepEqual(found.gaps, [])
    assert.equal(found.keys.size, KEYS)
    assert.ok(total(found) - total(without) <= 10, `${total(found)} and not ${total(without)}`)
    const accounts = [...found.keys.values()].map(({ account }) => account)
    assert.ok(accounts.every((account) => account?.state === 'active'))
    assert.deepEqual(
      accounts.filter((account) => account?.reach !== 'gemini-only').map((account) => account?.email),
      [emails[7]],
    )
  })

  it('are searched by name where the listing of everything would take more requests', async () => {
    const few = Array.from({ length: 30 }, (_none, at) => `key-${at}@acme-${at}.iam.gserviceaccount.com`)
    const text = `${ORGANIZATION}
${SHOWN}
projects:
${few.map((email, at) => `  - {id: acme-${at}, number: ${1000 + at}, services: [generativelanguage], keys: [${keyOf(email)}]}`).join('\n')}
bindings:
${few.map((email, at) => `  - {role: roles/viewer, project: acme-${at}, members: ["serviceAccount:${email}"]}`).join('\n')}
`
    const found = await read(text, { gates: [pagesOf(5)] })
    assert.deepEqual(found.gaps, [])
    for (const [at, email] of few.entries()) {
      const { state, roles } = found.keys.get(email)?.account ?? {}
      assert.deepEqual([state, roles], ['active', [{ role: 'roles/viewer', on: `projects/${1000 + at}` }]])
    }
    // three pages of the listing, the one that is too many and one on its way; then three searches of two pages each
    assert.deepEqual(asked(found), { 'cloudasset.searchAllIamPolicies': 11 })
  })
})
