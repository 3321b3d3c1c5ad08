/**
 * What the address of a service account says by itself.
 * @see https://docs.cloud.google.com/iam/docs/service-account-types
 */

const USER_MANAGED = /^[^@]+@(.+)\.iam\.gserviceaccount\.com$/
const COMPUTE = /^(\d+)-compute@developer\.gserviceaccount\.com$/
const APP_ENGINE = /^([^@]+)@appspot\.gserviceaccount\.com$/

/**
 * Whose default account an account is, by its address: Google makes it for each project, and gives it the Editor role
 * unless a policy forbids that.
 */
export function defaultAccountOf(email: string): 'Compute Engine' | 'App Engine' | undefined {
  const address = email.toLowerCase()
  if (COMPUTE.test(address)) return 'Compute Engine'
  return APP_ENGINE.test(address) ? 'App Engine' : undefined
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
