import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { digestOf, imageOf, imagesIn, pinned } from '../scripts/images.js'
import { BUILD } from './deploy/build.js'

const MANIFEST = '{"schemaVersion":2,"manifests":[]}'
const DIGEST = `sha256:${createHash('sha256').update(MANIFEST).digest('hex')}`

/** A registry on loopback that gives manifests to those who have its token. */
async function onRegistry(
  use: (origin: string, asked: readonly string[]) => Promise<void>,
  { stated = DIGEST, status = 200 } = {},
): Promise<void> {
  const asked: string[] = []
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const { url = '', headers } = request
    asked.push(url)
    const origin = `http://${headers.host}`
    if (url.startsWith('/token')) return response.end('{"token":"anybody"}')
    if (headers.authorization !== 'Bearer anybody') {
      const challenge = `Bearer realm="${origin}/token",service="registry",scope="repository:library/node:pull"`
      return response.writeHead(401, { 'www-authenticate': challenge }).end()
    }
    response.writeHead(status, { 'docker-content-digest': stated })
    return response.end(MANIFEST)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

describe('npm run images', () => {
  it('knows where an image is', () => {
    const { registry, repository } = imageOf('node:24')
    assert.deepEqual([registry, repository], ['registry-1.docker.io', 'library/node'])
    const sdk = imageOf(`gcr.io/google.com/cloudsdktool/google-cloud-cli:slim@${DIGEST}`)
    assert.deepEqual(
      [sdk.registry, sdk.repository, sdk.tag, sdk.digest],
      ['gcr.io', 'google.com/cloudsdktool/google-cloud-cli', 'slim', DIGEST],
    )
    for (const reference of ['node', 'node:latest', 'node:24@sha256:abc', 'Node:24'])
      assert.throws(() => imageOf(reference), /must name an image by a tag/)
  })

  it('takes the digest of what the registry sends, with a token where it asks for one', async () => {
    await onRegistry(async (origin, asked) => {
      assert.equal(await digestOf(imageOf('node:24'), origin), DIGEST)
      assert.deepEqual(asked, [
        '/v2/library/node/manifests/24',
        '/token?service=registry&scope=repository%3Alibrary%2Fnode%3Apull',
        '/v2/library/node/manifests/24',
      ])
    })
  })

  it('takes no digest that the registry states and does not send, and none of what is not there', async () => {
    const stated = `sha256:${'0'.repeat(64)}`
    await onRegistry(
      (origin) => assert.rejects(digestOf(imageOf('node:24'), origin), /it states .* and sends/),
      {
        stated,
      },
    )
    await onRegistry((origin) => assert.rejects(digestOf(imageOf('node:24'), origin), /HTTP 404/), {
      status: 404,
    })
  })

  it('pins each image where it is named, again as well, and changes nothing else', () => {
    const text = 'steps:\n  - id: a\n    name: node:24\n  - name: node:24 # twice\n'
    const once = pinned(text, new Map([['node:24', DIGEST]]))
    assert.equal(once, text.replaceAll('node:24', `node:24@${DIGEST}`))
    const other = `sha256:${'1'.repeat(64)}`
    assert.equal(pinned(once, new Map([['node:24', other]])), text.replaceAll('node:24', `node:24@${other}`))
    assert.equal(pinned(text, new Map()), text)
  })

  it('finds every image of the build, each by tag, and by digest once it is pinned', () => {
    const named = new Set(BUILD.steps.map(({ name }) => imageOf(name).name))
    const found = imagesIn(readFileSync('cloudbuild.yaml', 'utf8'))
    assert.deepEqual(new Set(found.map(({ name }) => name)), named)
    if (existsSync('Dockerfile')) assert.ok(imagesIn(readFileSync('Dockerfile', 'utf8')).length > 0)
  })
})
