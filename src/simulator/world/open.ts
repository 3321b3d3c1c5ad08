import { readWorldFile } from './file.js'
import type { World } from './world.js'

/**
 * The world that a `--world` option names: a file, its relative times counted from `now`.
 * @throws ConfigError where it is none.
 */
export async function openWorld(name: string, now: Date): Promise<World> {
  return readWorldFile(name, now)
}
