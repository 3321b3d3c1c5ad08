/**
 * What the address of a service account says by itself.
 * @see https://docs.cloud.google.com/iam/docs/service-account-types
 */

const USER_MANAGED = /^[^@]+@(.+)\.iam\.gserviceaccount\.com$/
const COMPUTE = /^(\d+)-compute@developer\.gserviceaccount\.com$/
const APP_ENGINE = /^([^@]+)@appspot\.gserviceaccount\.com$/

/** An account that Google makes for a project by itself, and gives the Editor role unless a policy forbids that. */
export type DefaultAccount = 'compute-engine' | 'app-engine'

/** Whether an account is one of the default accounts of its project, by its address. */
export function defaultAccountOf(email: string): DefaultAccount | undefined {
  const address = email.toLowerCase()
  if (COMPUTE.test(address)) return 'compute-engine'
  return APP_ENGINE.test(address) ? 'app-engine' : undefined
}

/** The project that holds an account, by its address: its ID, of a Compute Engine account its number. */
export function projectOfAccount(email: string): string | undefined {
  const address = email.toLowerCase()
  const number = COMPUTE.exec(address)?.[1]
  if (number !== undefined) return number
  const named = USER_MANAGED.exec(address)?.[1] ?? APP_ENGINE.exec(address)?.[1]
  return named === undefined ? undefined : projectIdIn(named)
}

/** The ID `example.com:acme` stands in an address as `acme.example.com`. */
function projectIdIn(named: string): string {
  const [project = '', ...domain] = named.split('.')
  return domain.length === 0 ? project : `${domain.join('.')}:${project}`
}
