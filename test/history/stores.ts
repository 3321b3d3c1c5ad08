import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSimulator } from '../../simulator/simulator.js'
import { readWorld } from '../../simulator/world/file.js'
import { createGoogle } from '../../src/google/client.js'
import type { ArchiveStore } from '../../src/history/archive-store.js'
import { BucketStore } from '../../src/history/bucket-store.js'
import { DirectoryStore } from '../../src/history/directory-store.js'

const WORLD = `
organization: {number: 99, domain: small.example}
caller: {project: auditor-1, serviceAccount: auditor@auditor-1.iam.gserviceaccount.com}
projects: [{id: auditor-1, number: 1, services: [storage]}]
buckets: [{name: plain}, {name: locked, retention: 400d, locked: true}]
`

interface Opened {
  readonly store: ArchiveStore
  close(): Promise<void>
}

async function inDirectory(): Promise<Opened> {
  const directory = await mkdtemp(join(tmpdir(), 'archive-'))
  const store = new DirectoryStore(join(directory, 'not', 'there', 'yet'))
  return { store, close: () => rm(directory, { recursive: true }) }
}

function inBucket(bucket: string, prefix: string): () => Promise<Opened> {
  return async () => {
    const simulator = await startSimulator({ world: readWorld(WORLD, 'buckets.yaml', new Date()) })
    const google = createGoogle({ origin: simulator.origin, pace: 'off' })
    return { store: new BucketStore(google, bucket, prefix), close: () => simulator.stop() }
  }
}

/** Every kind of store in which an archive can live, empty. */
export const STORES: readonly (readonly [string, () => Promise<Opened>])[] = [
  ['a directory', inDirectory],
  ['a bucket', inBucket('plain', '')],
  ['a prefix of a bucket with a retention lock', inBucket('locked', '/audits/gemini/')],
]

/** An empty store for the time of `use`. */
export async function onStore(
  open: () => Promise<Opened>,
  use: (store: ArchiveStore) => Promise<void>,
): Promise<void> {
  const { store, close } = await open()
  try {
    await use(store)
  } finally {
    await close()
  }
}
