import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { gcloud, isInstalled } from '../deploy/gcloud.js'
import { inDirectory } from '../end-to-end/remembered.js'

const run = promisify(execFile)
/** What git, Biome and gcloud are told by. */
const SETTINGS = ['.gitignore', '.gcloudignore', 'biome.json']
/** Data that Biome would format otherwise, and git and gcloud would take. */
const DATA = '{"a":\n1}'

/** Who looks at files of a folder, by what they say that they see. */
const LOOKS: Readonly<Record<string, (folder: string) => Promise<string>>> = {
  git: async (cwd) => (await run('git', ['ls-files', '--others', '--exclude-standard'], { cwd })).stdout,
  gcloud: async (folder) => (await gcloud(['meta', 'list-files-for-upload', folder], {})).stdout,
  biome: async (cwd) => {
    const args = ['node_modules/@biomejs/biome/bin/biome', 'check', '--max-diagnostics=none', '.']
    // its status says whether it had something to say
    const { stdout, stderr } = await run(process.execPath, args, { cwd }).catch((said) => said)
    return `${stdout}${stderr}`
  },
}

/** Who looks at what lies in a checkout. */
export const LOOKERS = Object.keys(LOOKS)

/** Whether it can be asked here. */
export function isPresent(name: string): boolean {
  return name === 'biome' || isInstalled(name)
}

/** The files of these that somebody would look at, each of them with data in it. */
export async function seenBy(name: string, paths: readonly string[]): Promise<readonly string[]> {
  return inDirectory(async (folder) => {
    for (const file of SETTINGS) copyFileSync(file, join(folder, file))
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
    for (const path of paths) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), DATA)
    }
    if (isInstalled('git')) await run('git', ['init', '--quiet', folder])
    const look = LOOKS[name] ?? assert.fail(name)
    const seen = await look(folder)
    return paths.filter((path) => seen.includes(path))
  })
}
