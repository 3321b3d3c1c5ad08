import type { Answer, Call } from './call.js'
import type { EnumerationsAt } from './enumeration.js'
import type { Query } from './parameters.js'

/** `google`: checked for a bearer token and for unknown query parameters; `own`: the service checks itself. */
type Dialect = 'google' | 'own'

/** One operation at its path. */
export interface Route {
  readonly operation: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With `{name}` for one segment and `{name=**}` for several. */
  readonly path: string
  readonly dialect: Dialect
  /** Query parameters that exist, beside those that all of Google's APIs have; undefined: not checked. */
  readonly query?: Query
  /** Where its answer has enumerations. */
  readonly enumerations?: EnumerationsAt
  /** What goes back: an answer, or the body of a 200. */
  readonly handle: (call: Call) => Answer | Promise<Answer>
}

/** What a method of a Google API has beside its name, its path and its answer. */
type MethodOptions = Partial<Pick<Route, 'method' | 'query' | 'enumerations'>>

/**
 * Makes routes of a Google API over a world, which are checked as Google checks them: each is a GET without query
 * parameters unless it says otherwise.
 */
export function googleRoutes<World>(world: () => World) {
  return (
    operation: string,
    path: string,
    answer: (world: World, call: Call) => Answer,
    options: MethodOptions = {},
  ): Route => ({
    operation,
    path,
    method: 'GET',
    dialect: 'google',
    query: {},
    ...options,
    handle: (call) => answer(world(), call),
  })
}

export interface Match {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

/** Finds the route of a request; undefined where there is none. */
export function matcher(routes: readonly Route[]): (method: string, path: string) => Match | undefined {
  const patterns = routes.map((route) => ({ route, pattern: patternOf(route.path) }))
  return (method, path) => {
    for (const { route, pattern } of patterns) {
      const found = route.method === method ? pattern.exec(path) : null
      if (found) return { route, params: decoded(found.groups ?? {}) }
    }
    return undefined
  }
}

function patternOf(path: string): RegExp {
  const source = path
    .replace(/[.$]/g, '\\$&')
    .replace(/\{(\w+)(=\*\*)?\}/g, (_all, name: string, deep?: string) =>
      deep ? `(?<${name}>.+)` : `(?<${name}>[^/:]+)`,
    )
  return new RegExp(`^${source}$`)
}

function decoded(groups: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decode(value)]))
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a stray % is data like any other
  }
}
