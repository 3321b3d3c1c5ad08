import type { Key, Project, Restrictions, World } from './world.js'

/** What of a key can be given or changed. */
export interface KeyFields {
  readonly displayName?: string | undefined
  readonly restrictions?: Restrictions | undefined
  /** Only when it is made: the account to which an auth key is bound. */
  readonly serviceAccountEmail?: string | undefined
}

/** What administrators do to a world. */
export interface Changes {
  makeKey(project: Project, id: string, fields: KeyFields): Key
  /** The key as it is from now on. */
  changeKey(project: Project, key: Key, changed: Key): Key
  /** Switches a service on or off. */
  setService(project: Project, service: string, isOn: boolean): void
  /** Now, as Google writes it. */
  time(): string
}

/** The same world with one project as it is now, and its keys. */
export function withProject(world: World, project: Project, keys: readonly Key[]): World {
  const current = (found: Project) => (found.number === project.number ? project : found)
  return {
    ...world,
    projectAt: (position) => current(world.projectAt(position)),
    projectNamed: (name) => {
      const found = world.projectNamed(name)
      return found && current(found)
    },
    keysOf: (found) => (found.number === project.number ? keys : world.keysOf(found)),
  }
}
