import { Logging } from '@google-cloud/logging'
import { OAuth2Client } from 'google-auth-library'

/** What a write of ours holds at most, and how many of them are under way at once. */
const ENTRIES = 1000
const AT_ONCE = 3

/**
 * Writes entries by Google's library and nothing else: `count` of them, of the same payloads as the program's
 * own, which were kept by the thousand.
 */
export async function writeAll({ origin, project, count, payloads }) {
  const { hostname, port } = new URL(origin)
  const authClient = new OAuth2Client()
  authClient.setCredentials({ access_token: 'simulated' })
  const options = { projectId: project, authClient, apiEndpoint: hostname, port: Number(port) }
  const log = new Logging({ ...options, protocol: 'http', fallback: true }).log('bare')
  const resource = { type: 'global', labels: { project_id: project } }
  let next = 0
  const writer = async () => {
    while (next < count) {
      const from = next
      next = Math.min(count, from + ENTRIES)
      const batch = Array.from({ length: next - from }, (_none, at) => entry(log, from + at, payloads))
      await log.write(batch, { resource, partialSuccess: true })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, writer))
}

function entry(log, number, payloads) {
  const insertId = String(number).padStart(64, '0')
  const { metadata, data } = payloads[number % payloads.length]
  return log.entry({ ...metadata, insertId }, data)
}
