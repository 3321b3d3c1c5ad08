import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { DirectoryStore } from '../../src/history/directory-store.js'
import { makeFolder, privateFile } from '../../src/history/folder.js'

describe('a folder', () => {
  let root = ''
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'folder-'))
  })
  afterEach(() => rm(root, { recursive: true }))

  const isFolder = async (path: string) => (await stat(path)).isDirectory()

  it('is made with those above it, by several at once, and once more', async () => {
    const path = join(root, 'a', 'b', 'c')
    await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(root, 'a', 'x'))])
    await makeFolder(path)
    assert.ok((await isFolder(path)) && (await isFolder(join(root, 'a', 'x'))))
  })

  it('is for its user alone, as are the files in it', async () => {
    const path = join(root, 'a', 'b')
    await makeFolder(path)
    await pipeline(['x'], privateFile(join(path, 'file')))
    await new DirectoryStore(path).create('audit/runs/x', Buffer.from('x'))
    const modes = ['', '/file', '/audit', '/audit/runs', '/audit/runs/x'].map(
      async (below) => (await stat(path + below)).mode & 0o777,
    )
    assert.deepEqual(await Promise.all(modes), [0o700, 0o600, 0o700, 0o700, 0o600])
    assert.equal((await stat(join(root, 'a'))).mode & 0o777, 0o700)
  })

  it('may be a link to one', async () => {
    await symlink(root, join(root, 'link'))
    await makeFolder(join(root, 'link', 'below'))
    assert.ok(await isFolder(join(root, 'below')))
  })

  it('is refused where a file stands, or a link leads nowhere', async () => {
    await writeFile(join(root, 'file'), '')
    await symlink(join(root, 'nowhere'), join(root, 'link'))
    await assert.rejects(makeFolder(join(root, 'file')), { code: 'EEXIST' })
    await assert.rejects(makeFolder(join(root, 'file', 'below', 'it')), { code: 'ENOTDIR' })
    await assert.rejects(makeFolder(join(root, 'link')), { code: 'EEXIST' })
  })

  it('is refused where writing is not allowed', async function () {
    if (process.getuid?.() === 0) return this.skip()
    await chmod(root, 0o500)
    await assert.rejects(makeFolder(join(root, 'a', 'b')), { code: 'EACCES' })
  })

  it('is refused where the system knows no such place, and not looked for without end', async function () {
    if (!existsSync('/proc/self')) return this.skip()
    await assert.rejects(makeFolder('/proc/nowhere'), { code: 'ENOENT' })
    await assert.rejects(makeFolder('/proc/nowhere/below/it'), { code: 'ENOENT' })
  })
})
