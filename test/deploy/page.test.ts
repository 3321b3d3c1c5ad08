import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { OPTIONS } from '../../src/config/options.js'
import { BUILD } from './build.js'
import { commandsIn } from './commands.js'
import { recorded } from './recorded.js'

const PAGE = readFileSync('docs/deploy.md', 'utf8')
const README = readFileSync('README.md', 'utf8')
const SHELL = [...PAGE.replaceAll(/ *\\\n\s*/g, ' ').matchAll(/^```sh\n([\s\S]*?)^```/gm)]
  .map(([, block = '']) => block)
  .join('')

/** What the page itself exports. */
const EXPORTED: Readonly<Record<string, string>> = {
  PROJECT: 'acme-key-audit',
  REGION: 'europe-west1',
  CHANNEL: 'projects/acme-key-audit/notificationChannels/1234567890',
}

describe('docs/deploy.md', () => {
  it('is read whole: every line of shell that calls gcloud is held against its parser', () => {
    const lines = SHELL.split('\n').filter((line) => line.startsWith('gcloud '))
    const commands = commandsIn(PAGE)
    assert.ok(lines.length > 25)
    for (const line of lines) assert.ok(commands.includes(line.replace(/ +#.*$/, '')), line)
  })

  it('exports what its commands use', () => {
    const used = new Set([...SHELL.matchAll(/\$([A-Z_]+)/g)].map(([, name = '']) => name))
    for (const name of used) assert.match(SHELL, new RegExp(`\\b${name}=`), name)
    for (const [name, value] of Object.entries(EXPORTED)) assert.ok(SHELL.includes(`${name}=${value}`), name)
  })

  const scripts = [...new Set(SHELL.split('\n').filter((line) => line.startsWith('deploy/')))]
  for (const line of scripts) {
    it(`names options that the script has: ${line.slice(0, 90)}`, () => {
      const { status, stderr, stdout } = recorded(
        ['-c', `bash ${line.replace(/ --plan$/, '')} --plan`],
        EXPORTED,
      )
      assert.equal(status, 0, stderr)
      assert.match(stdout, /^gcloud .*acme-key-audit/m)
    })
  }

  it('names substitutions that the build has, and variables that the program has', () => {
    const substitutions = [PAGE, README].flatMap((text) => [
      ...text.matchAll(/(?<![A-Z])_[A-Z][A-Z_]+(?==|`)/g),
    ])
    assert.ok(substitutions.length > 10)
    for (const [name] of substitutions) assert.ok(name in BUILD.substitutions, name)
    const variables: readonly string[] = Object.values(OPTIONS).map(({ variable }) => variable)
    for (const [name] of PAGE.matchAll(/\b(AUDIT|LOG|SLACK)_[A-Z_]+(?==)/g))
      assert.ok(variables.includes(name), name)
  })

  it('tells every API that setup enables, and every role that it binds', () => {
    const words = [
      'deploy/setup.sh',
      `--project=${EXPORTED['PROJECT']}`,
      `--notification-channel=${EXPORTED['CHANNEL']}`,
    ]
    const { stdout } = recorded([...words, '--plan'])
    const apis = [...stdout.matchAll(/ ([a-z]+\.googleapis\.com)(?= |$)/gm)].map(([, name = '']) => name)
    const roles = [...stdout.matchAll(/--role=(\S+)/g)].map(([, name = '']) =>
      name.replace(/^projects.*\//, ''),
    )
    assert.ok(apis.length > 10 && roles.length > 8)
    for (const name of [...apis, ...roles]) assert.ok(PAGE.includes(name), name)
    const told = [...PAGE.matchAll(/`([a-z]+\.googleapis\.com)`/g)].map(([, name = '']) => name)
    for (const name of told)
      assert.ok([...apis, 'private.googleapis.com', 'restricted.googleapis.com'].includes(name), name)
  })

  it('leads to files and headings that are there', () => {
    for (const [, target = ''] of PAGE.matchAll(/\]\((?!http)([^)#]*)(?:#[^)]*)?\)/g)) {
      assert.ok(target === '' || existsSync(join('docs', target)), target)
    }
    const anchors = [...PAGE.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    )
    for (const [, anchor = ''] of PAGE.matchAll(/\]\(#([^)]*)\)/g))
      assert.ok(anchors.includes(anchor), anchor)
  })
})
