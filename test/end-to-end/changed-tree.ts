import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const COPIED = ['src', 'simulator', 'scripts', 'bench', 'worlds', 'package.json', 'tsconfig.json']

const run = promisify(execFile)

/** A copy of the tree in which something was changed. */
export class ChangedTree {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  /** Copies the tree, with `more` files of it. */
  static async with(more: readonly string[] = []): Promise<ChangedTree> {
    const folder = await mkdtemp(join(tmpdir(), 'changed-tree-'))
    for (const each of [...COPIED, ...more]) await cp(each, join(folder, each), { recursive: true })
    await symlink(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'))
    return new ChangedTree(folder)
  }

  /** Puts a text behind another one, which the file holds. */
  async insert(file: string, behind: string, text: string): Promise<void> {
    const path = join(this.folder, file)
    const before = await readFile(path, 'utf8')
    if (!before.includes(behind)) throw new Error(`${file} does not hold ${behind}`)
    await writeFile(
      path,
      before.replace(behind, () => `${behind}${text}`),
    )
  }

  /** Makes a file. */
  write(file: string, text: string): Promise<void> {
    return writeFile(join(this.folder, file), text)
  }

  /** Puts a text at the end of a file. */
  async append(file: string, text: string): Promise<void> {
    await this.write(file, `${await this.read(file)}${text}`)
  }

  read(file: string): Promise<string> {
    return readFile(join(this.folder, file), 'utf8')
  }

  /** What a program of the tree prints. */
  async node(...args: readonly string[]): Promise<string> {
    const options = { cwd: this.folder, maxBuffer: 2 ** 26 }
    return (await run(process.execPath, ['--import=tsx', ...args], options)).stdout
  }

  /** Compiles `src` without output. Throws where the compiler finds something. */
  async compile(): Promise<void> {
    const options = { extends: './tsconfig.json', include: ['src'] }
    await writeFile(join(this.folder, 'tsconfig.only.json'), JSON.stringify(options))
    const compiler = ['node_modules/typescript/bin/tsc', '--project', 'tsconfig.only.json']
    await run(process.execPath, compiler, { cwd: this.folder })
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true })
  }
}
