import { GoogleAuth, OAuth2Client } from 'google-auth-library'

/** What the classes of `googleapis` and `@google-cloud/logging` take as their credentials. */
export type Credentials = GoogleAuth | OAuth2Client

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
