import { z } from 'zod'
import { CALLS } from './calls.js'
import type { GoogleClient } from './client.js'

const account = z.looseObject({ email: z.string() })

/**
 * A service account of a project (`projects/ID`), by its address, as Google shows it. Throws `ApiError`, with the status
 * 404 where the project has none of this address.
 * @see https://docs.cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts/get
 */
export async function getAccount(client: GoogleClient, project: string, email: string): Promise<unknown> {
  const { iam } = await import('googleapis/build/src/apis/iam/index.js')
  const { serviceAccounts } = iam({ version: 'v1', ...client.connection }).projects
  return client.ask({
    call: CALLS.getAccount,
    subject: project,
    send: (options) => serviceAccounts.get({ name: `${project}/serviceAccounts/${email}` }, options),
    schema: account,
  })
}
