import { ok } from '../wire/listing.js'
import type { Route } from '../wire/routes.js'
import type { World } from '../world/world.js'

/** Whose token it is, as Google's authorization server tells; any token is the caller's. */
export function tokenInfoRoute(world: () => World): Route {
  return {
    operation: 'oauth2.tokeninfo',
    method: 'POST',
    path: '/tokeninfo',
    dialect: 'google',
    handle: () =>
      ok({
        email: world().caller.serviceAccount,
        email_verified: 'true',
        scope: 'https://www.googleapis.com/auth/cloud-platform',
        expires_in: 3599,
      }),
  }
}
