import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSimulator } from '../../simulator/simulator.js'
import { readWorld } from '../../simulator/world/file.js'
import { createGoogle } from '../../src/google/client.js'
import type { Place } from '../../src/history/archive-store.js'
import { BucketPlace } from '../../src/history/bucket-store.js'
import { DirectoryPlace } from '../../src/history/directory-store.js'

const WORLD = `
organization: {number: 99, domain: small.example}
caller: {project: auditor-1, serviceAccount: auditor@auditor-1.iam.gserviceaccount.com}
projects: [{id: auditor-1, number: 1, services: [storage]}]
buckets: [{name: plain}, {name: locked, retention: 400d, locked: true}]
`

interface Opened {
  readonly place: Place
  close(): Promise<void>
}

async function inDirectory(): Promise<Opened> {
  const directory = await mkdtemp(join(tmpdir(), 'archive-'))
  const place = new DirectoryPlace(join(directory, 'not', 'there', 'yet'))
  return { place, close: () => rm(directory, { recursive: true }) }
}

function inBucket(bucket: string, prefix: string): () => Promise<Opened> {
  return async () => {
    const simulator = await startSimulator({ world: readWorld(WORLD, 'buckets.yaml', new Date()) })
    const google = createGoogle({ origin: simulator.origin, pace: 'off' })
    return { place: new BucketPlace(google, bucket, prefix), close: () => simulator.stop() }
  }
}

/** Every kind of place in which an archive can live, empty. */
export const PLACES: readonly (readonly [string, () => Promise<Opened>])[] = [
  ['a directory', inDirectory],
  ['a bucket', inBucket('plain', '')],
  ['a prefix of a bucket with a retention lock', inBucket('locked', '/audits/gemini/')],
]

/** An empty place for the time of `use`. */
export async function onPlace(
  open: () => Promise<Opened>,
  use: (place: Place) => Promise<void>,
): Promise<void> {
  const { place, close } = await open()
  try {
    await use(place)
  } finally {
    await close()
  }
}
