import { randomUUID } from 'node:crypto'
import type { Asset } from '../google/asset.js'
import { keyAsset, serviceAsset } from '../google/asset-resources.js'
import { type Changes, type KeyFields, withProject } from '../world/changed.js'
import type { Key, Project, World } from '../world/world.js'
import type { Feed } from './feed.js'

/** Where changes of the world take place, and how they become known. */
export interface ChangesOptions {
  readonly world: () => World
  readonly setWorld: (world: World) => void
  readonly now: () => Date
  readonly feed: Feed
}

/** Changes the world as its administrators do, and reports each change to the feed. */
export class ReportedChanges implements Changes {
  readonly #options: ChangesOptions

  constructor(options: ChangesOptions) {
    this.#options = options
  }

  makeKey(project: Project, id: string, { displayName, restrictions, serviceAccountEmail }: KeyFields): Key {
    const time = this.time()
    const key: Key = {
      id,
      uid: randomUUID(),
      ...(displayName !== undefined && { displayName }),
      ...(restrictions !== undefined && { restrictions }),
      ...(serviceAccountEmail !== undefined && { serviceAccountEmail }),
      createTime: time,
      updateTime: time,
      traffic: [],
      lag: 'none',
      isTruncated: false,
      wire: {},
    }
    this.#setKeys(project, [...this.#keysOf(project), key])
    this.#options.feed.changed(this.#assetOf(project, key), 'none')
    return key
  }

  changeKey(project: Project, key: Key, fields: Key): Key {
    const changed = { ...fields, updateTime: this.time() }
    const keys = this.#keysOf(project).map((each) => (each.id === key.id ? changed : each))
    this.#setKeys(project, keys)
    this.#options.feed.changed(this.#assetOf(project, changed), this.#assetOf(project, key))
    return changed
  }

  /** Switches a service on or off. */
  setService(project: Project, service: string, isOn: boolean): void {
    const others = project.services.filter((name) => name !== service)
    if (isOn === others.length < project.services.length) return
    const changed = { ...project, services: isOn ? [...others, service] : others }
    this.#options.setWorld(withProject(this.#options.world(), changed, this.#keysOf(project)))
    const time = this.time()
    const asset = serviceAsset(service, project, { state: isOn ? 'ENABLED' : 'DISABLED', updateTime: time })
    const prior = serviceAsset(service, project, {
      state: isOn ? 'DISABLED' : 'ENABLED',
      updateTime: project.createTime,
    })
    this.#options.feed.changed(asset, prior)
  }

  #assetOf(project: Project, key: Key): Asset {
    return keyAsset(this.#options.world(), project, key)
  }

  #keysOf(project: Project): readonly Key[] {
    return this.#options.world().keysOf(project)
  }

  #setKeys(project: Project, keys: readonly Key[]): void {
    this.#options.setWorld(withProject(this.#options.world(), project, keys))
  }

  /** Now, as Google writes it. */
  time(): string {
    return this.#options.now().toISOString()
  }
}
