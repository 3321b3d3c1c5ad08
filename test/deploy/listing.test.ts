import assert from 'node:assert/strict'
import { keyName, type Project, type World } from '../../simulator/world/world.js'
import { acme, callFunction, onStage, recordsIn, type Stage } from '../end-to-end/stage.js'
import { gcloud, withGcloud } from './gcloud.js'

describe('the real gcloud against the simulator', () => {
  /** What gcloud lists of the sample organization; every API is where the simulator is. */
  async function listed(words: readonly string[], check: (items: readonly Item[], world: World) => void) {
    await onStage(await acme(), async ({ simulator }) => {
      const apis = ['cloudasset', 'apikeys', 'cloudresourcemanager', 'serviceusage', 'logging']
      const endpoints = Object.fromEntries(apis.map((api) => [api, simulator.origin]))
      const { stdout } = await gcloud([...words, '--format=json'], endpoints)
      check(JSON.parse(stdout), simulator.world)
    })
  }

  // biome-ignore lint/suspicious/noExplicitAny: whatever gcloud prints
  type Item = any

  const projectsOf = (world: World): readonly Project[] =>
    Array.from({ length: world.projectCount }, (_, position) => world.projectAt(position))
  const sorted = (names: readonly string[]) => [...names].sort()

  withGcloud('lists the keys of the inventory', async () => {
    const types = '--asset-types=apikeys.googleapis.com/Key'
    await listed(
      ['asset', 'list', '--organization=314159265358', types, '--content-type=resource'],
      (items, world) => {
        const horizon = world.now.getTime() - world.inventory.delay
        const keys = projectsOf(world).flatMap((project) =>
          world
            .keysOf(project)
            .filter((key) => key.lag !== 'fresh' && Date.parse(key.createTime) <= horizon)
            .map((key) => `//apikeys.googleapis.com/${keyName(project, key)}`),
        )
        assert.deepEqual(sorted(items.map(({ name }) => name)), sorted(keys))
      },
    )
  })

  withGcloud('lists the keys of a project, and no key string', async () => {
    await onStage(await acme(), async ({ simulator }) => {
      const project = simulator.world.projectNamed('acme-platform') ?? assert.fail()
      const words = ['services', 'api-keys', 'list', '--project=acme-platform', '--format=json']
      const { stdout } = await gcloud(words, { apikeys: simulator.origin })
      const there = simulator.world.keysOf(project).filter((key) => key.deleteTime === undefined)
      const items: readonly Item[] = JSON.parse(stdout)
      assert.deepEqual(
        sorted(items.map(({ name }) => name)),
        sorted(there.map((key) => keyName(project, key))),
      )
      assert.doesNotMatch(stdout, /keyString/)
    })
  })

  withGcloud('lists the projects', async () => {
    await listed(['projects', 'list'], (items, world) => {
      const active = projectsOf(world).filter(({ state }) => state === 'ACTIVE')
      assert.deepEqual(sorted(items.map(({ projectId }) => projectId)), sorted(active.map(({ id }) => id)))
    })
  })

  withGcloud('lists the folders and the organization', async () => {
    await listed(['resource-manager', 'folders', 'list', '--organization=314159265358'], (items, world) => {
      const top = world.folders.filter(({ parent }) => parent === 'organizations/314159265358')
      assert.deepEqual(
        sorted(items.map(({ name }) => name)),
        sorted(top.map(({ number }) => `folders/${number}`)),
      )
    })
    await listed(['organizations', 'list'], (items) => {
      assert.deepEqual(
        items.map(({ displayName }) => displayName),
        ['acme.example'],
      )
    })
  })

  withGcloud('lists the enabled services of a project', async () => {
    await onStage(await acme(), async ({ simulator }) => {
      const words = [
        'services',
        'list',
        '--enabled',
        '--project=acme-platform',
        '--format=value(config.name)',
      ]
      const { stdout } = await gcloud(words, { serviceusage: simulator.origin })
      const { services } = simulator.world.projectNamed('acme-platform') ?? assert.fail()
      assert.deepEqual(sorted(stdout.trim().split('\n')), sorted(services))
    })
  })

  withGcloud('reads the records of a run', async () => {
    // gcloud asks for the last day only, by the machine's clock
    const now = () => new Date()
    const read = async ({ simulator, env }: Stage) => {
      await callFunction(env, undefined, [], now)
      const words = ['logging', 'read', 'log_id("gemini-key-audit") labels.record="run"', '--format=json']
      const project = `--project=${env['LOG_PROJECT']}`
      const { stdout } = await gcloud([...words, project], { logging: simulator.origin })
      const items: readonly Item[] = JSON.parse(stdout)
      assert.deepEqual(
        items.map(({ jsonPayload }) => jsonPayload),
        recordsIn(simulator, 'run'),
      )
    }
    await onStage(await acme(now()), read, { now })
  })
})
