import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { type Ask, everything, SMALL, simulated } from '../simulated.js'

const put = (
  ask: Ask,
  name: string,
  content: string | Uint8Array<ArrayBuffer>,
  more = '',
  bucket = 'archive',
) =>
  ask(`/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${encodeURIComponent(name)}${more}`, {
    method: 'POST',
    body: content,
    headers: { 'content-type': 'application/x-test' },
  })
const get = (ask: Ask, name: string, more = '', headers: Record<string, string> = {}) =>
  ask(`/storage/v1/b/archive/o/${encodeURIComponent(name)}?alt=media${more}`, { headers })

describe('Cloud Storage', () => {
  it('gives back what was put, whatever its name', async () => {
    await simulated(SMALL, async (ask) => {
      for (const name of ['a', 'runs/2026-11-23T07:00:00Z.json', 'ü %?#&+ "x"']) {
        const { status, body } = await put(ask, name, 'content')
        assert.deepEqual(
          [status, body.name, body.size, body.contentType],
          [200, name, '7', 'application/x-test'],
        )
        assert.equal((await get(ask, name)).body, 'content')
      }
    })
  })

  it('counts the folders that a delimiter makes as it counts objects, and pages them', async () => {
    await simulated(SMALL, async (ask) => {
      for (const name of ['a/1', 'a/2', 'b', 'c/1', 'd/1', 'd/2']) await put(ask, name, 'x')
      const path = '/storage/v1/b/archive/o?delimiter=/&maxResults=2'
      const objects = await everything(ask, path, 'items')
      const folders = await everything(ask, path, 'prefixes')
      assert.deepEqual(
        [objects.items.map(({ name }) => name), folders.items, folders.pages],
        [['b'], ['a/', 'c/', 'd/'], 2],
      )
    })
  })

  it('gives the fields that are asked for, and refuses what cannot be read before anything is written', async () => {
    await simulated(SMALL, async (ask) => {
      assert.deepEqual((await put(ask, 'a', 'x', '&fields=name,size')).body, { name: 'a', size: '1' })
      const { body } = await ask('/storage/v1/b/archive/o?fields=items(name)')
      assert.deepEqual(body, { items: [{ name: 'a' }] })
      assert.equal((await put(ask, 'b', 'x', '&fields=name(')).status, 400)
      assert.equal((await get(ask, 'b')).status, 404)
    })
  })

  it('creates once with ifGenerationMatch=0', async () => {
    await simulated(SMALL, async (ask) => {
      assert.equal((await put(ask, 'a', '1', '&ifGenerationMatch=0')).status, 200)
      const { status, body } = await put(ask, 'a', '2', '&ifGenerationMatch=0')
      assert.deepEqual([status, body.error.errors[0].reason], [412, 'conditionNotMet'])
      assert.equal((await get(ask, 'a')).body, '1')
    })
  })

  it('takes an upload of metadata and content in one body', async () => {
    await simulated(SMALL, async (ask, simulator) => {
      const body = [
        '--cut here\r\nContent-Type: application/json\r\n\r\n{"name": "m", "metadata": {"run": "7"}}\r\n',
        '--cut here\r\nContent-Type: text/csv\r\n\r\na,b\r\n\r\n1,2\r\n\r\n',
        '--cut here--',
      ].join('')
      const { status } = await ask('/upload/storage/v1/b/archive/o?uploadType=multipart', {
        method: 'POST',
        body,
        headers: { 'content-type': 'multipart/related; boundary="cut here"' },
      })
      assert.equal(status, 200)
      const stored = simulator.buckets.get('archive')?.get('m')
      assert.equal(stored?.content.toString(), 'a,b\r\n\r\n1,2\r\n')
      assert.deepEqual([stored?.contentType, stored?.metadata], ['text/csv', { run: '7' }])
    })
  })

  for (const address of ['/upload/storage/v1/b/archive/o', '/resumable/upload/storage/v1/b/archive/o']) {
    it(`takes an upload in pieces at ${address}`, async () => {
      await simulated(SMALL, async (ask, simulator) => {
        const begun = await ask(`${address}?uploadType=resumable&name=big`, {
          method: 'POST',
        })
        const path = begun.headers.get('location')?.replace(simulator.origin, '') ?? ''
        const piece = (body: string, range: string) =>
          ask(path, { method: 'PUT', body, headers: { 'content-range': range } })
        const first = await piece('hello ', 'bytes 0-5/*')
        assert.deepEqual([first.status, first.headers.get('range')], [308, 'bytes=0-5'])
        assert.equal((await piece('again', 'bytes 0-4/*')).status, 400)
        assert.equal((await piece('world', 'bytes 6-10/11')).status, 200)
        assert.equal((await get(ask, 'big')).body, 'hello world')
        assert.equal((await piece('more', 'bytes 11-14/15')).status, 404)
      })
    })
  }

  it('unpacks gzip for those who do not take it', async () => {
    await simulated(SMALL, async (ask) => {
      await put(ask, 'z', new Uint8Array(gzipSync('packed')), '&contentEncoding=gzip')
      const plain = await get(ask, 'z', '', { 'accept-encoding': 'identity' })
      assert.deepEqual([plain.headers.get('content-encoding'), plain.body], [null, 'packed'])
      const packed = await get(ask, 'z', '', { 'accept-encoding': 'gzip' })
      assert.deepEqual([packed.headers.get('content-encoding'), packed.body], ['gzip', 'packed'])
    })
  })

  it('gives the generation that its link names, and no other', async () => {
    await simulated(SMALL, async (ask, simulator) => {
      const { mediaLink } = (await put(ask, 'a/b c', 'one')).body
      const path = mediaLink.replace(simulator.origin, '')
      assert.equal((await ask(path)).body, 'one')
      await put(ask, 'a/b c', 'two')
      assert.equal((await ask(path)).status, 404)
    })
  })

  it('gives a part', async () => {
    await simulated(SMALL, async (ask) => {
      await put(ask, 'a', 'hello')
      const part = await get(ask, 'a', '', { range: 'bytes=1-3' })
      assert.deepEqual(
        [part.status, part.headers.get('content-range'), part.body],
        [206, 'bytes 1-3/5', 'ell'],
      )
      assert.equal((await get(ask, 'a', '', { range: 'bytes=5-' })).status, 416)
    })
  })

  it('lists by prefix, in pages, and folders by delimiter', async () => {
    await simulated(SMALL, async (ask) => {
      for (const name of ['runs/1/a', 'runs/1/b', 'runs/2/a', 'runs/x', 'other']) await put(ask, name, '1')
      const path = '/storage/v1/b/archive/o?prefix=runs/'
      const all = await everything(ask, `${path}&maxResults=3`, 'items')
      assert.deepEqual(
        [all.items.map(({ name }) => name), all.pages],
        [['runs/1/a', 'runs/1/b', 'runs/2/a', 'runs/x'], 2],
      )
      const { body } = await ask(`${path}&delimiter=/`)
      assert.deepEqual(body.prefixes, ['runs/1/', 'runs/2/'])
      assert.deepEqual(
        body.items.map(({ name }: { name: string }) => name),
        ['runs/x'],
      )
      const later = await ask(`${path}&startOffset=runs/2/`)
      assert.deepEqual(
        later.body.items.map(({ name }: { name: string }) => name),
        ['runs/2/a', 'runs/x'],
      )
      assert.deepEqual((await ask('/storage/v1/b/archive/o?prefix=none')).body, { kind: 'storage#objects' })
    })
  })

  it('deletes, but not what is retained', async () => {
    await simulated(SMALL, async (ask) => {
      await put(ask, 'a', '1')
      await put(ask, 'a', '1', '', 'locked')
      assert.equal((await ask('/storage/v1/b/archive/o/a', { method: 'DELETE' })).status, 204)
      assert.equal((await ask('/storage/v1/b/archive/o/a', { method: 'DELETE' })).status, 404)
      const kept = await ask('/storage/v1/b/locked/o/a', { method: 'DELETE' })
      assert.deepEqual([kept.status, kept.body.error.errors[0].reason], [403, 'retentionPolicyNotMet'])
      assert.equal((await put(ask, 'a', '2', '', 'locked')).status, 403)
    })
  })

  it('says of a bucket how long it retains', async () => {
    await simulated(SMALL, async (ask) => {
      assert.deepEqual((await ask('/storage/v1/b/locked')).body.retentionPolicy, {
        retentionPeriod: '864000',
        isLocked: true,
      })
      assert.equal((await ask('/storage/v1/b/archive')).body.retentionPolicy, undefined)
    })
  })

  it('answers a missing object as text where content was asked for, else as JSON', async () => {
    await simulated(SMALL, async (ask) => {
      const content = await get(ask, 'none')
      assert.deepEqual([content.status, content.body], [404, 'No such object: archive/none'])
      const { status, body } = await ask('/storage/v1/b/archive/o/none')
      assert.deepEqual([status, body.error.errors[0].reason], [404, 'notFound'])
    })
  })

  it('refuses a bucket that is not there, a caller without token, and an upload without a name', async () => {
    await simulated(SMALL, async (ask) => {
      assert.equal((await ask('/storage/v1/b/nowhere/o')).status, 404)
      assert.equal((await ask('/storage/v1/b/archive/o', { headers: { authorization: '' } })).status, 401)
      assert.equal(
        (await ask('/upload/storage/v1/b/archive/o?uploadType=media', { method: 'POST', body: 'x' })).status,
        400,
      )
      assert.equal(
        (await ask('/upload/storage/v1/b/archive/o?uploadType=x&name=a', { method: 'POST', body: 'x' }))
          .status,
        400,
      )
    })
  })
})
