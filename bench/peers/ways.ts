import type { Simulator } from '../../simulator/simulator.js'
import { type Ran, run } from './children.js'
import { gcloudAt } from './gcloud.js'

/** What a way shows of the keys, read from its output alone. */
export interface Shown {
  /** Keys of which it shows anything. */
  readonly keys: number
  /** Keys that it shows as bound to a service account, or not, in so many words. */
  readonly typed: number
  /** Keys of which it says whether and when they are rejected. */
  readonly judged: number
  /** Keys of which it shows whether they are used. */
  readonly withTraffic: number
  /** Keys of which it says what is to be done. */
  readonly withRemedy: number
}

/** One way of finding out about the keys of an organization. */
export interface Way {
  readonly name: string
  run(simulator: Simulator): Promise<{ readonly ran: Ran; readonly shown: Shown }>
}

interface ListedKey {
  readonly serviceAccountEmail?: string
}

const NOTHING = { judged: 0, withTraffic: 0, withRemedy: 0 }

/** `gcloud projects list`, and for each project `gcloud services api-keys list`: what scripts do. */
export const KEYS_BY_PROJECT: Way = {
  name: 'gcloud services api-keys list, for each project',
  async run(simulator) {
    async function* commands() {
      const listing = ['gcloud', 'projects', 'list', '--format=value(projectId)']
      const { outputs } = await run([listing], gcloudAt(simulator.origin))
      yield listing
      for (const project of (outputs[0] ?? '').trim().split('\n'))
        yield ['gcloud', 'services', 'api-keys', 'list', `--project=${project}`, '--format=json']
    }
    const ran = await run(commands(), gcloudAt(simulator.origin))
    const keys = ran.outputs.slice(1).flatMap((output): readonly ListedKey[] => JSON.parse(output))
    // keys.list is what says the type: a key without an account is a standard key
    return { ran, shown: { ...NOTHING, keys: keys.length, typed: keys.length } }
  },
}

/** `gcloud asset list` for the organization: one command. */
export const ASSETS: Way = {
  name: 'gcloud asset list, for the organization',
  async run(simulator) {
    const command = [
      'gcloud',
      'asset',
      'list',
      `--organization=${simulator.world.organization.number}`,
      '--asset-types=apikeys.googleapis.com/Key',
      '--content-type=resource',
      '--format=json',
    ]
    const ran = await run([command], gcloudAt(simulator.origin))
    const keys: readonly { resource: { data: ListedKey } }[] = JSON.parse(ran.outputs[0] ?? '[]')
    const bound = keys.filter(({ resource }) => resource.data.serviceAccountEmail !== undefined)
    // an absent account says nothing here: the inventory may not have captured it
    return { ran, shown: { ...NOTHING, keys: keys.length, typed: bound.length } }
  },
}

interface OurKey {
  readonly verdict?: string
  readonly key: { readonly type: string }
  readonly usage: { readonly traffic?: string }
  readonly remedy: { readonly action: string }
}

/** `gemini-key-audit audit`, as it is compiled. */
export const OURS: Way = {
  name: 'gemini-key-audit audit',
  async run(simulator) {
    const scope = `organizations/${simulator.world.organization.number}`
    const command = [
      process.execPath,
      'dist/cli.js',
      'audit',
      '--scope',
      scope,
      '--format',
      'json',
      '--quiet',
    ]
    const ran = await run([command], { GOOGLE_API_URL: simulator.origin, AUDIT_PACE: 'off' })
    const { keys }: { keys: readonly OurKey[] } = JSON.parse(ran.outputs[0] ?? '{"keys":[]}')
    const count = (is: (key: OurKey) => boolean) => keys.filter(is).length
    return {
      ran,
      shown: {
        keys: keys.length,
        typed: count(({ key }) => key.type !== 'unknown'),
        judged: count(({ verdict }) => verdict !== undefined && verdict !== 'unknown'),
        withTraffic: count(({ usage }) => usage.traffic !== undefined),
        withRemedy: count(({ remedy }) => remedy.action !== 'none'),
      },
    }
  },
}
