import assert from 'node:assert/strict'
import { everything, posting, SMALL, simulated } from '../simulated.js'

const WORLD = SMALL.replace(
  'slack:',
  '  - {id: shut-down, number: 104, folder: 1, state: DELETE_REQUESTED}\nslack:',
)
const ids = (body: { projects?: { projectId: string }[] }) =>
  (body.projects ?? []).map((project) => project.projectId)

describe('the Resource Manager', () => {
  it('lists the direct children of a folder or of the organization', async () => {
    await simulated(WORLD, async (ask) => {
      assert.deepEqual(ids((await ask('/v3/projects?parent=organizations/9')).body), ['auditor-home'])
      assert.deepEqual(ids((await ask('/v3/projects?parent=folders/1')).body), ['acme-empty'])
      assert.deepEqual(ids((await ask('/v3/projects?parent=folders/2')).body), ['acme-web'])
      const { body } = await ask('/v3/folders?parent=organizations/9')
      assert.deepEqual(
        body.folders.map((folder: { name: string }) => folder.name),
        ['folders/1'],
      )
      assert.deepEqual((await ask('/v3/folders?parent=folders/2')).body, {})
    })
  })

  it('lists projects that are shut down only when asked', async () => {
    await simulated(WORLD, async (ask) => {
      const { body } = await ask('/v3/projects?parent=folders/1&showDeleted=true')
      assert.deepEqual(ids(body), ['acme-empty', 'shut-down'])
      assert.equal(body.projects[1].state, 'DELETE_REQUESTED')
    })
  })

  it('shows a project in the form of v3 and in the form of v1', async () => {
    await simulated(WORLD, async (ask) => {
      const third = (await ask('/v3/projects/acme-web')).body
      assert.deepEqual(
        [third.name, third.parent, third.state, third.labels.team],
        ['projects/102', 'folders/2', 'ACTIVE', 'shop'],
      )
      const first = (await ask('/v1/projects/102')).body
      assert.deepEqual([first.projectNumber, first.lifecycleState], ['102', 'ACTIVE'])
      assert.deepEqual(first.parent, { type: 'folder', id: '2' })
    })
  })

  it('shows organizations and folders in the forms that gcloud asks for', async () => {
    await simulated(WORLD, async (ask) => {
      const { organizations } = (await ask('/v1/organizations:search', posting({}))).body
      assert.deepEqual(
        [organizations[0].name, organizations[0].lifecycleState],
        ['organizations/9', 'ACTIVE'],
      )
      const { folders } = (await ask('/v2/folders?parent=organizations/9')).body
      assert.deepEqual([folders[0].name, folders[0].lifecycleState], ['folders/1', 'ACTIVE'])
      assert.equal(folders[0].state, undefined)
    })
  })

  it('searches everything that the caller may see, matching any of several fields', async () => {
    await simulated(`${WORLD}\ndenied: [{read: projects, project: auditor-home}]`, async (ask) => {
      assert.deepEqual(ids((await ask('/v3/projects:search')).body), ['acme-web', 'acme-empty', 'shut-down'])
      const query = encodeURIComponent('state:DELETE_REQUESTED labels.team:shop')
      assert.deepEqual(ids((await ask(`/v3/projects:search?query=${query}`)).body), ['acme-web', 'shut-down'])
    })
  })

  it('lists by the filters of v1, all of which must hold', async () => {
    await simulated(WORLD, async (ask) => {
      const listed = async (filter: string) =>
        ids((await ask(`/v1/projects?filter=${encodeURIComponent(filter)}`)).body)
      assert.deepEqual(await listed('lifecycleState:ACTIVE'), ['auditor-home', 'acme-web', 'acme-empty'])
      assert.deepEqual(await listed('lifecycleState:ACTIVE AND parent.id:2'), ['acme-web'])
      assert.deepEqual(await listed('id:acme-*'), ['acme-web', 'acme-empty'])
    })
  })

  it('pages', async () => {
    await simulated(WORLD, async (ask) => {
      const all = await everything(ask, '/v3/projects:search?pageSize=1', 'projects')
      assert.deepEqual([all.items.length, all.pages], [4, 4])
    })
  })

  it('knows folders, the organization and the chain above a project', async () => {
    await simulated(WORLD, async (ask) => {
      assert.equal((await ask('/v3/folders/2')).body.parent, 'folders/1')
      assert.equal((await ask('/v3/organizations/9')).body.displayName, 'example.com')
      const { body } = await ask('/v1/projects/acme-web:getAncestry', posting({}))
      assert.deepEqual(
        body.ancestor.map(
          ({ resourceId }: { resourceId: { type: string; id: string } }) =>
            `${resourceId.type} ${resourceId.id}`,
        ),
        ['project acme-web', 'folder 2', 'folder 1', 'organization 9'],
      )
    })
  })

  it('shows the organization in the form of v1 as well', async () => {
    await simulated(WORLD, async (ask) => {
      const { body } = await ask('/v1/organizations/9')
      assert.deepEqual([body.name, body.displayName], ['organizations/9', 'example.com'])
      assert.equal((await ask('/v1/organizations/10')).status, 403)
    })
  })

  it('searches organizations by domain and customer, in both versions', async () => {
    await simulated(WORLD, async (ask) => {
      const third = async (query: string) => (await ask(`/v3/organizations:search?query=${query}`)).body
      const first = async (filter: string) =>
        (await ask('/v1/organizations:search', posting({ filter }))).body
      for (const search of [third, first]) {
        assert.equal((await search('')).organizations[0].name, 'organizations/9')
        assert.equal((await search('domain:example.com')).organizations[0].name, 'organizations/9')
        assert.deepEqual(await search('domain:other.example'), {})
        assert.equal((await search('colour:red')).error.code, 400)
      }
      assert.equal((await ask('/v1/organizations:search', posting({ query: '' }))).status, 400)
    })
  })

  it('leaves an organization that is refused out of a search', async () => {
    await simulated(`${WORLD}\ndenied: [{permission: resourcemanager.organizations.get}]`, async (ask) => {
      assert.deepEqual((await ask('/v3/organizations:search')).body, {})
      assert.deepEqual((await ask('/v1/organizations:search', posting({}))).body, {})
      assert.equal((await ask('/v1/organizations/9')).status, 403)
    })
  })

  it('knows a project as Compute Engine does', async () => {
    await simulated(WORLD, async (ask) => {
      const { body } = await ask('/compute/v1/projects/acme-web')
      assert.deepEqual(
        [body.kind, body.name, body.defaultServiceAccount],
        ['compute#project', 'acme-web', '102-compute@developer.gserviceaccount.com'],
      )
      assert.match(body.id, /^\d+$/)
      assert.equal((await ask('/compute/v1/projects/nowhere')).status, 403)
    })
  })

  const refused: readonly [string, number][] = [
    ['/v3/projects', 400],
    ['/v3/projects?parent=acme', 400],
    ['/v3/projects?parent=folders/77', 403],
    ['/v3/projects/999', 403],
    ['/v3/folders/77', 403],
    ['/v3/organizations/10', 403],
  ]
  for (const [path, status] of refused) {
    it(`answers ${status} to ${path}`, async () => {
      await simulated(WORLD, async (ask) => assert.equal((await ask(path)).status, status))
    })
  }
})
