import { readFile } from 'node:fs/promises'
import { GoogleAuth, gaxios, OAuth2Client } from 'google-auth-library'
import { systemCode } from '../errors.js'

/** What the classes of `googleapis` and `@google-cloud/logging` take as their credentials. */
export type Credentials = GoogleAuth | OAuth2Client

/**
 * What is wrong with the file of credentials that a variable names, as far as it cannot even be read; undefined
 * where no file is named, or nothing is wrong with it.
 */
export async function credentialsFileProblem(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string | undefined> {
  const path = env[FILE_VARIABLE] ?? ''
  if (path === '') return undefined
  try {
    JSON.parse(await readFile(path, 'utf8'))
    return undefined
  } catch (error) {
    const why =
      error instanceof SyntaxError
        ? 'holds no JSON'
        : `cannot be read (${systemCode(error) ?? 'unknown error'})`
    return `${FILE_VARIABLE} names ${path}, which ${why}`
  }
}

const FILE_VARIABLE = 'GOOGLE_APPLICATION_CREDENTIALS'

/** No access token could be had: nothing was asked of the API itself. */
export class NoCredentials extends Error {
  override readonly name = 'NoCredentials'
  /** Whether the server that issues tokens failed, so that another attempt may succeed. */
  readonly passing: boolean

  constructor(
    reason: unknown,
    /** What is wrong with the file of credentials, where that is the reason. */
    readonly fileProblem?: string,
  ) {
    super('no access token')
    this.passing =
      reason instanceof gaxios.GaxiosError && (reason.status === undefined || reason.status >= 500)
  }
}

const SCOPES = ['https://www.googleapis.com/auth/cloud-platform']

/**
 * Application Default Credentials; for an origin of one's own (the simulator) a token that is good for
 * nothing, so that no real one ever leaves for there and no metadata server is looked for.
 * @see https://cloud.google.com/docs/authentication/application-default-credentials
 */
export function credentialsFor(origin?: string): Credentials {
  if (origin === undefined) return new GoogleAuth({ scopes: SCOPES })
  const client = new OAuth2Client()
  client.setCredentials({ access_token: 'simulated' })
  return client
}

/**
 * Sees to an access token before a request, so that a failure to get one is not taken for the API's. The
 * library keeps the token. Throws `NoCredentials`.
 */
export async function authorize(credentials: Credentials): Promise<void> {
  if (!(credentials instanceof GoogleAuth)) return
  try {
    await credentials.getRequestHeaders()
  } catch (error) {
    throw new NoCredentials(error, await credentialsFileProblem())
  }
}

/** What the constructors of `googleapis` take. */
export interface Connection {
  readonly auth: Credentials
  readonly rootUrl?: string
}
