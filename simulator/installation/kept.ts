import { GoogleError, notFound } from '../wire/google-error.js'

/** A resource as it is kept: what was sent, and what the service adds. */
export type Kept = Readonly<Record<string, unknown>>

/** The resources of one kind, by their full names. */
export class KeptResources {
  readonly #byName = new Map<string, Kept>()

  /** @throws GoogleError 409 where there is one of this name. */
  make(name: string, resource: Kept): Kept {
    if (this.#byName.has(name)) throw new GoogleError('ALREADY_EXISTS', `Resource '${name}' already exists.`)
    return this.put(name, resource)
  }

  /** Whether it is there or not. */
  put(name: string, resource: Kept): Kept {
    this.#byName.set(name, resource)
    return resource
  }

  /** @throws GoogleError 404 */
  get(name: string): Kept {
    const found = this.#byName.get(name)
    if (!found) throw notFound(`Resource '${name}' was not found.`)
    return found
  }

  find(name: string): Kept | undefined {
    return this.#byName.get(name)
  }

  /** @throws GoogleError 404 */
  remove(name: string): Kept {
    const removed = this.get(name)
    this.#byName.delete(name)
    return removed
  }

  /** All of a project, at any depth. */
  below(project: string): readonly Kept[] {
    return [...this.#byName]
      .filter(([name]) => name.startsWith(`${project}/`))
      .map(([, resource]) => resource)
  }

  /** All in a collection, such as `projects/acme/secrets`. */
  in(collection: string): readonly Kept[] {
    return [...this.#byName]
      .filter(
        ([name]) => name.startsWith(`${collection}/`) && !name.slice(collection.length + 1).includes('/'),
      )
      .map(([, resource]) => resource)
  }
}

/** The resource with the fields of a mask taken from what was sent; without a mask with all that was sent. */
export function changed(before: Kept, sent: Kept, mask: string | null): Kept {
  if (mask === null || mask === '') return { ...before, ...sent }
  return mask
    .split(',')
    .map((path) => path.split('.').map(camelCase))
    .reduce((resource, path) => withField(resource, path, fieldOf(sent, path)), before)
}

function camelCase(word: string): string {
  return word.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase())
}

function fieldOf(resource: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return resource
  return isKept(resource) ? fieldOf(resource[name], rest) : undefined
}

function withField(resource: Kept, [name = '', ...rest]: readonly string[], value: unknown): Kept {
  const { [name]: before, ...others } = resource
  const after = rest.length === 0 ? value : withField(isKept(before) ? before : {}, rest, value)
  return after === undefined ? others : { ...others, [name]: after }
}

function isKept(value: unknown): value is Kept {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
