import { readWorldFile } from './file.js'
import { generate } from './generate.js'
import { isGenerated, sizeOf } from './generated-name.js'
import type { World } from './world.js'

/**
 * The world that a `--world` option names: a file, or `generated:keys=20000,projects=2000`. Relative times are
 * counted from `now`.
 * @throws SettingsError with every problem where it is none.
 */
export async function openWorld(name: string, now: Date): Promise<World> {
  return isGenerated(name) ? generate(sizeOf(name), now) : readWorldFile(name, now)
}
