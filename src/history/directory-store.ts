import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { link, open, readdir, readFile, stat, unlink } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { systemCode } from '../errors.js'
import {
  ArchiveError,
  type ArchiveStore,
  byPath,
  type OpenObject,
  type StoredObject,
} from './archive-store.js'
import { makeFolder, PRIVATE } from './folder.js'

/** An archive in a directory of this machine, which may be shared by several processes. */
export class DirectoryStore implements ArchiveStore {
  readonly name: string
  readonly #setting: string

  /** `setting`: what names the directory. */
  constructor(directory: string, setting = 'AUDIT_ARCHIVE (--archive)') {
    this.#setting = setting
    this.name = resolve(directory)
  }

  /**
   * The content is on the disk under another name before it gets its own by a hard link, which fails where
   * there is one already: a crash leaves the whole object or none.
   */
  create(path: string, content: Buffer): Promise<boolean> {
    return this.createLarge(path, [content])
  }

  async createLarge(
    path: string,
    content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): Promise<boolean> {
    const target = join(this.name, path)
    return this.#attempt(`Writing ${target}`, async () => {
      const folder = dirname(target)
      await makeFolder(folder)
      const draft = join(folder, `.${randomUUID()}.part`)
      const created = await writeThrough(draft, content)
        .then(() => linked(draft, target))
        .finally(() => unlink(draft).catch(undefinedIf('ENOENT')))
      await this.#settle(folder)
      return created
    })
  }

  async open(path: string): Promise<OpenObject | undefined> {
    const file = join(this.name, path)
    const found = await this.#attempt(`Reading ${file}`, () => stat(file).catch(undefinedIf('ENOENT')))
    return found && { size: found.size, pieces: () => this.#pieces(file) }
  }

  async read(path: string): Promise<Buffer | undefined> {
    const file = join(this.name, path)
    return this.#attempt(`Reading ${file}`, () => readFile(file).catch(undefinedIf('ENOENT')))
  }

  async list(folder: string, from = ''): Promise<readonly string[]> {
    const directory = join(this.name, folder)
    return this.#attempt(`Listing ${directory}`, async () => {
      const entries = await readdir(directory, { withFileTypes: true }).catch(undefinedIf('ENOENT'))
      return (entries ?? [])
        .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
        .filter((name) => !name.startsWith('.') && name >= from)
        .sort()
    })
  }

  /** Without the time of a file, which its owner may choose. */
  async objects(folder: string): Promise<readonly StoredObject[]> {
    const directory = join(this.name, folder)
    return this.#attempt(`Listing ${directory}`, async () => {
      const options = { withFileTypes: true, recursive: true } as const
      const entries = (await readdir(directory, options).catch(undefinedIf('ENOENT'))) ?? []
      const files = entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
      const found = await Promise.all(
        files.map(async ({ parentPath, name }) => {
          const file = join(parentPath, name)
          const size = (await stat(file).catch(undefinedIf('ENOENT')))?.size ?? 0
          return { path: relative(directory, file), size }
        }),
      )
      return found.sort(byPath)
    })
  }

  async *#pieces(file: string): AsyncGenerator<Buffer> {
    const pieces: AsyncIterator<Buffer> = createReadStream(file)[Symbol.asyncIterator]()
    const next = () => this.#attempt(`Reading ${file}`, () => pieces.next())
    try {
      for (let found = await next(); found.done !== true; found = await next()) yield found.value
    } finally {
      await pieces.return?.()
    }
  }

  /** Names are on the disk once their folders are: the folder's own, and those of the folders above it. */
  async #settle(folder: string): Promise<void> {
    for (let above = folder; above.length >= this.name.length; above = dirname(above)) {
      const handle = await open(above, 'r')
      await handle.sync().finally(() => handle.close())
      if (above === this.name) return
    }
  }

  async #attempt<Value>(doing: string, work: () => Promise<Value>): Promise<Value> {
    try {
      return await work()
    } catch (error) {
      const code = systemCode(error)
      if (code === undefined) throw error
      const say = `name a directory that this process may write to with ${this.#setting}`
      const cause = `${doing} failed (${code})`
      const explanation = { code: 'DIRECTORY_UNUSABLE', cause, advice: { say } }
      throw new ArchiveError(explanation, code === 'ENOSPC', { cause: error })
    }
  }
}

async function writeThrough(
  file: string,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  const handle = await open(file, 'wx', PRIVATE.mode)
  try {
    for await (const piece of content) await handle.writeFile(piece)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function linked(draft: string, target: string): Promise<boolean> {
  try {
    await link(draft, target)
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    throw error
  }
}

function undefinedIf(code: string): (error: unknown) => undefined {
  return (error) => {
    if (systemCode(error) !== code) throw error
    return undefined
  }
}
