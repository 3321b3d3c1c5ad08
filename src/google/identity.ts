import { setTimeout as sleep } from 'node:timers/promises'
import { GoogleAuth, OAuth2Client } from 'google-auth-library'
import type { Connection, Credentials } from './credentials.js'

/** Milliseconds for an answer: a name is worth no waiting. */
const TIME_LIMIT = 5_000

const ACCOUNT = /^[\w.+%-]+@[\w.-]+$/

/**
 * Whose credentials these are, as `--member` takes it: `serviceAccount:EMAIL` or `user:EMAIL`. Undefined where
 * neither the credentials nor Google's authorization server say so: nobody is guessed.
 */
export async function memberOf({
  connection,
}: {
  readonly connection: Connection
}): Promise<string | undefined> {
  const { auth, rootUrl } = connection
  const asked = ownAccount(auth).then((own) => own ?? accountOfToken(auth, rootUrl))
  const email = await Promise.race([asked, sleep(TIME_LIMIT, undefined, { ref: false })])
  if (email === undefined || !ACCOUNT.test(email)) return undefined
  return `${email.endsWith('gserviceaccount.com') ? 'serviceAccount' : 'user'}:${email}`
}

/** What a service account's key file or the metadata server says. */
async function ownAccount(auth: Credentials): Promise<string | undefined> {
  if (!(auth instanceof GoogleAuth)) return undefined
  const { client_email } = await auth.getCredentials().catch(unsaid)
  return client_email ?? undefined
}

/** What Google says of an access token; the address is in it only where the token's scopes hold it. */
async function accountOfToken(auth: Credentials, rootUrl: string | undefined): Promise<string | undefined> {
  const own = rootUrl === undefined ? {} : { endpoints: { tokenInfoUrl: `${rootUrl}/tokeninfo` } }
  const token = await tokenOf(auth)
  if (token === undefined) return undefined
  const { email } = await new OAuth2Client(own).getTokenInfo(token).catch(unsaid)
  return email
}

async function tokenOf(auth: Credentials): Promise<string | undefined> {
  if (!(auth instanceof GoogleAuth)) return auth.credentials.access_token ?? undefined
  return (await auth.getAccessToken().catch(() => undefined)) ?? undefined
}

/** No credentials, or no answer: whatever is asked next says so itself. Its error may hold the token. */
function unsaid(): { readonly client_email?: undefined; readonly email?: undefined } {
  return {}
}
