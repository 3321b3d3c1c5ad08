import assert from 'node:assert/strict'
import { type Ask, everything, posting, SMALL, simulated } from '../simulated.js'

const BOT = 'bot@acme-web.iam.gserviceaccount.com'
const GONE = 'gone@acme-web.iam.gserviceaccount.com'
const WORLD = `${SMALL.replace('a@b.example', BOT)}
serviceAccounts:
  - {email: off@acme-web.iam.gserviceaccount.com, state: disabled, created: 50d ago}
  - {email: ${GONE}, state: missing}
bindings:
  - {role: roles/viewer, members: ["serviceAccount:${BOT}", "user:amy@acme.example"]}
  - {role: roles/editor, folder: 1, members: ["group:all@acme.example"]}
  - {role: roles/owner, project: acme-web, members: ["deleted:serviceAccount:${BOT}?uid=1"]}
  - {role: roles/logging.admin, project: acme-web, members: ["serviceAccount:${BOT}"], condition: 'true'}
  - {role: roles/storage.admin, project: acme-web, resource: //storage.googleapis.com/files, members: ["serviceAccount:${BOT}"]}
`

const query = (text: string) => `/v1/organizations/9:searchAllIamPolicies?query=${encodeURIComponent(text)}`

async function found(ask: Ask, text: string): Promise<readonly (readonly [string, readonly string[]])[]> {
  const { items } = await everything(ask, query(text), 'results')
  return items.map(({ resource, policy }) => [
    resource.split('/').slice(-2).join('/'),
    policy.bindings.map(({ role }: { role: string }) => role),
  ])
}

describe('the search for IAM policies', () => {
  const searches: readonly (readonly [string, readonly (readonly [string, readonly string[]])[]])[] = [
    [
      `policy:("${BOT}")`,
      [
        ['organizations/9', ['roles/viewer']],
        ['projects/102', ['roles/owner', 'roles/logging.admin']],
        ['storage.googleapis.com/files', ['roles/storage.admin']],
      ],
    ],
    ['policy:roles/editor', [['folders/1', ['roles/editor']]]],
    [
      'roles:roles/editor OR memberTypes:user',
      [
        ['organizations/9', ['roles/viewer']],
        ['folders/1', ['roles/editor']],
      ],
    ],
    ['memberTypes:group', [['folders/1', ['roles/editor']]]],
    ['policy:nobody', []],
  ]
  for (const [text, results] of searches) {
    it(`finds the bindings that match ${text}, and no others of their policies`, async () => {
      await simulated(WORLD, async (ask) => assert.deepEqual(await found(ask, text), results))
    })
  }

  it('says where a resource lies, and is limited to a scope', async () => {
    await simulated(WORLD, async (ask) => {
      const { body } = await ask('/v1/folders/2:searchAllIamPolicies?query=roles/storage.admin')
      assert.equal(body.results.length, 1)
      const { resource, project, folders, organization } = body.results[0]
      assert.deepEqual(
        [resource, project, folders, organization],
        ['//storage.googleapis.com/files', 'projects/102', ['folders/2', 'folders/1'], 'organizations/9'],
      )
      assert.deepEqual((await ask('/v1/projects/103:searchAllIamPolicies')).body, {})
    })
  })

  it('takes ten comparisons and 2,048 characters, and no more', async () => {
    await simulated(WORLD, async (ask) => {
      const many = (count: number) => Array.from({ length: count }, (_none, at) => `"word${at}"`).join(' OR ')
      assert.equal((await ask(query(`policy:(${many(10)})`))).status, 200)
      assert.equal((await ask(query(`policy:(${many(11)})`))).status, 400)
      assert.equal((await ask(query('x'.repeat(2049)))).status, 400)
    })
  })

  for (const [what, text] of [
    ['a field that there is not', 'owner:amy'],
    ['policies that are the same as a text', 'policy=amy'],
  ] as const) {
    it(`refuses ${what}`, async () => {
      await simulated(WORLD, async (ask) => assert.equal((await ask(query(text))).status, 400))
    })
  }

  it('is refused where it is denied', async () => {
    await simulated(`${WORLD}\ndenied: [{read: bindings}]`, async (ask) => {
      const { status, body } = await ask(query('amy'))
      assert.equal(status, 403)
      assert.match(body.error.message, /cloudasset\.assets\.searchAllIamPolicies/)
    })
  })
})

describe('service accounts', () => {
  const get = (email: string, project = 'acme-web') => `/v1/projects/${project}/serviceAccounts/${email}`

  it('are shown by the IAM API, where a flag that is false is left out', async () => {
    await simulated(WORLD, async (ask) => {
      const { body } = await ask(get(BOT))
      assert.deepEqual([body.email, body.projectId, body.disabled], [BOT, 'acme-web', undefined])
      assert.equal((await ask(get('off@acme-web.iam.gserviceaccount.com'))).body.disabled, true)
    })
  })

  it('that are not there are not found, but in a project that may not be seen', async () => {
    await simulated(WORLD, async (ask) => {
      assert.equal((await ask(get(GONE))).status, 404)
      assert.equal((await ask(get(BOT, 'nowhere-1'))).status, 403)
    })
    await simulated(`${WORLD}\ndenied: [{read: accounts, project: acme-web}]`, async (ask) => {
      assert.equal((await ask(get(BOT))).status, 403)
    })
  })

  it('are assets with a state, in the listing and in the search', async () => {
    await simulated(WORLD, async (ask) => {
      const type = 'assetTypes=iam.googleapis.com/ServiceAccount'
      const listed = await ask(`/v1/organizations/9/assets?contentType=RESOURCE&${type}`)
      assert.deepEqual(
        listed.body.assets.map(
          ({ resource }: { resource: { data: { email: string } } }) => resource.data.email,
        ),
        ['off@acme-web.iam.gserviceaccount.com', BOT],
      )
      const text = encodeURIComponent(`"${BOT}" OR "off@acme-web.iam.gserviceaccount.com" OR "${GONE}"`)
      const { body } = await ask(
        `/v1/organizations/9:searchAllResources?${type}&query=${text}&readMask=name,state`,
      )
      assert.deepEqual(
        body.results.map(({ state }: { state: string }) => state),
        ['DISABLED', 'ENABLED'],
      )
    })
  })
})

describe('the IAM policy of a project', () => {
  const ask3 = posting({ options: { requestedPolicyVersion: 3 } })

  it('has its own bindings alone, with their conditions where they are asked for', async () => {
    await simulated(WORLD, async (ask) => {
      const { body } = await ask('/v3/projects/acme-web:getIamPolicy', ask3)
      assert.equal(body.version, 3)
      assert.deepEqual(
        body.bindings.map(({ role, condition }: { role: string; condition?: object }) => [
          role,
          condition !== undefined,
        ]),
        [
          ['roles/owner', false],
          ['roles/logging.admin', true],
        ],
      )
      const old = await ask('/v3/projects/acme-web:getIamPolicy', posting({}))
      assert.equal(old.body.version, 1)
      assert.ok(old.body.bindings.every((binding: object) => !('condition' in binding)))
    })
  })

  it('is refused where it is denied', async () => {
    await simulated(
      `${WORLD}\ndenied: [{permission: resourcemanager.projects.getIamPolicy}]`,
      async (ask) => {
        assert.equal((await ask('/v3/projects/acme-web:getIamPolicy', ask3)).status, 403)
      },
    )
  })
})
