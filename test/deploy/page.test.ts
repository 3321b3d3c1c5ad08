import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { OPTIONS } from '../../src/config/options.js'
import { BUILD } from './build.js'
import { commandsIn } from './commands.js'
import { recorded } from './recorded.js'

const DEPLOY = readFileSync('docs/deploy.md', 'utf8')
const TUTORIAL = readFileSync('docs/tutorial.md', 'utf8')
/** What leads to the first digest, and what few need. */
const PAGE = `${DEPLOY}${readFileSync('docs/platform.md', 'utf8')}`
const README = readFileSync('README.md', 'utf8')
const SHELL = shellIn(PAGE)

/** What stands in the shell blocks of a text, a command on each line. */
function shellIn(markdown: string): string {
  return [...markdown.replaceAll(/ *\\\n\s*/g, ' ').matchAll(/^```sh\n([\s\S]*?)^```/gm)]
    .map(([, block = '']) => block)
    .join('')
}

/** The commands of a section of docs/deploy.md. */
function commandsOf(title: string): readonly string[] {
  const [, section = ''] =
    new RegExp(`^## ${title}\\n([\\s\\S]*?)^## `, 'm').exec(DEPLOY) ?? assert.fail(title)
  return shellIn(section)
    .split('\n')
    .filter((line) => line !== '')
}

/** What the page itself exports. */
const EXPORTED: Readonly<Record<string, string>> = {
  PROJECT: 'acme-key-audit',
  REGION: 'europe-west1',
  CHANNEL: 'projects/acme-key-audit/notificationChannels/1234567890',
  KEY: 'projects/acme-keys/locations/europe-west1/keyRings/audit/cryptoKeys/records',
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
    for (const [name, value] of Object.entries(EXPORTED)) {
      const said = `${name}=${value}`
      assert.ok(SHELL.replaceAll('"', '').replaceAll('$REGION', 'europe-west1').includes(said), name)
    }
  })

  for (const way of ['By script', 'By Terraform']) {
    it(`leads to the first digest by at most 15 commands: ${way}`, () => {
      const seen = commandsOf('The first run').slice(0, 1)
      const commands = [...commandsOf(way), ...seen]
      assert.ok(commands.length > 8 && commands.length <= 15, commands.join('\n'))
      assert.ok(commands.some((line) => line.startsWith('gcloud scheduler jobs run')))
    })
  }

  it('says the same as the tutorial of Cloud Shell', () => {
    const tutorial = shellIn(TUTORIAL)
      .split('\n')
      .filter((line) => line !== '')
    assert.deepEqual(tutorial, [...commandsOf('By script'), ...commandsOf('The first run').slice(0, 1)])
  })

  it('leaves the person’s own credentials alone', () => {
    const logins = commandsOf('Ask the doctor').filter((line) => line.includes('application-default'))
    assert.equal(logins.length, 1)
    for (const line of logins) assert.match(line, /^CLOUDSDK_CONFIG="\$BORROWED" gcloud /)
  })

  it('names resources and folders of the module that are there', () => {
    const made = readFileSync('test/golden/deploy/terraform-example-project.txt', 'utf8')
    const targets = [...DEPLOY.matchAll(/-target=module\.key_audit\.(\S+)/g)].map(([, name = '']) => name)
    assert.ok(targets.length > 0)
    for (const target of targets)
      assert.ok(made.includes(`${target}[`) || made.includes(`${target}\n`), target)
    for (const [, folder = ''] of DEPLOY.matchAll(/-chdir=(\S+)/g))
      assert.ok(existsSync(join(folder, 'main.tf')))
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
    const { stdout } = recorded([...words, '--events', '--plan'])
    const apis = [...stdout.matchAll(/ ([a-z]+\.googleapis\.com)(?= |$)/gm)].map(([, name = '']) => name)
    const roles = [...stdout.matchAll(/--role=(\S+)/g)].map(([, name = '']) =>
      name.replace(/^projects.*\//, ''),
    )
    assert.ok(apis.length > 10 && roles.length > 8)
    for (const name of [...apis, ...roles]) assert.ok(PAGE.includes(name), name)
    const named = [...PAGE.matchAll(/`([a-z]+\.googleapis\.com)`/g)].map(([, name = '']) => name)
    for (const name of named)
      assert.ok([...apis, 'private.googleapis.com', 'restricted.googleapis.com'].includes(name), name)
  })

  it('leads to files and headings that are there', () => {
    for (const [, target = ''] of `${PAGE}${TUTORIAL}`.matchAll(/\]\((?!http)([^)#]*)(?:#[^)]*)?\)/g)) {
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
