import { createWriteStream, type WriteStream } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { systemCode } from '../errors.js'

/** Who may read what a run says: the user that it runs as. */
export const PRIVATE = { mode: 0o600 }

/** A file to be written, for this user alone where it is new. */
export function privateFile(path: string): WriteStream {
  return createWriteStream(path, PRIVATE)
}

/**
 * Makes a folder and those above it that are missing, for this user alone. Not by the `recursive` of `mkdir`, which never comes back
 * where the system says of an existing folder that there is none, as below `/proc`. Throws what the system says.
 */
export async function makeFolder(path: string): Promise<void> {
  if (await isFolder(path)) return
  try {
    await makeOne(path)
  } catch (error) {
    const above = dirname(path)
    if (systemCode(error) !== 'ENOENT' || above === path) throw error
    await makeFolder(above)
    await makeOne(path)
  }
}

/** Makes one folder, unless another process was faster. */
async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (error) {
    if (!(await isFolder(path))) throw error
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined) // why not, `mkdir` says
  return found?.isDirectory() ?? false
}
