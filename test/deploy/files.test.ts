import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { gcloud, withGcloud } from './gcloud.js'
import { onLoopback } from './loopback.js'

const PROJECT = '--project=auditor-prod'

const namesIn = (folder: string) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => `${folder}/${file}`)

describe('the files that gcloud takes', () => {
  /** What gcloud makes of a file, which it refuses with a field that it does not know. */
  async function sentWith(
    words: readonly string[],
    api: string,
    answer: object,
  ): Promise<Record<string, unknown>> {
    const sent = await onLoopback(answer, (origin) =>
      gcloud([...words, PROJECT, '--quiet'], { [api]: origin }),
    )
    const { body } = sent.find(({ method }) => method === 'POST') ?? assert.fail(JSON.stringify(sent))
    return body as Record<string, unknown>
  }

  // all of them are made by one function
  for (const file of namesIn('deploy/roles').slice(0, 2)) {
    withGcloud(`${file} is a role`, async () => {
      const id = /(\w+)\.yaml$/.exec(file)?.[1] ?? assert.fail()
      const words = ['iam', 'roles', 'create', id, `--file=${file}`]
      const body = await sentWith(words, 'iam', { name: `projects/auditor-prod/roles/${id}` })
      assert.deepEqual(body, { roleId: id, role: parse(readFileSync(file, 'utf8')) })
    })
  }

  for (const file of namesIn('deploy/metrics')) {
    withGcloud(`${file} is a metric`, async () => {
      const words = ['logging', 'metrics', 'create', 'gemini-key-audit-x', `--config-from-file=${file}`]
      const body = await sentWith(words, 'logging', { name: 'gemini-key-audit-x' })
      const { metricDescriptor, ...rest } = parse(readFileSync(file, 'utf8'))
      assert.deepEqual(
        { ...body, metricDescriptor },
        { name: 'gemini-key-audit-x', metricDescriptor, ...rest },
      )
    })
  }

  for (const file of [...namesIn('deploy/alerts'), ...namesIn('deploy/job-alerts')]) {
    withGcloud(`${file} is an alert policy`, async () => {
      const channel = 'projects/auditor-prod/notificationChannels/17'
      const words = ['alpha', 'monitoring', 'policies', 'create', `--policy-from-file=${file}`]
      const body = await sentWith([...words, `--notification-channels=${channel}`], 'monitoring', {
        name: 'projects/auditor-prod/alertPolicies/42',
      })
      assert.deepEqual(body, { ...parse(readFileSync(file, 'utf8')), notificationChannels: [channel] })
    })
  }
})

describe('what is uploaded to be built', () => {
  withGcloud('is the sources, tests and configuration, and nothing that is made from them', async () => {
    const { stdout } = await gcloud(['meta', 'list-files-for-upload', '.'], {})
    const files = stdout.trim().split('\n')
    const needed = [
      'package-lock.json',
      'scheduler.yaml',
      'src/index.ts',
      'test/deploy/files.test.ts',
      'worlds/acme.yaml',
    ]
    // the build uploads once more, for the function: what is left out has to be left out then, too
    for (const file of [...needed, '.gcloudignore', '.gitignore', '.mocharc.json'])
      assert.ok(files.includes(file), file)
    for (const folder of ['node_modules', 'dist', 'coverage', '.git']) {
      assert.deepEqual(
        files.filter((file) => file.startsWith(`${folder}/`)),
        [],
      )
    }
  })

  it('leaves out whatever git does', () => {
    const left = (file: string) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
    assert.deepEqual(
      left('.gcloudignore')
        .filter((line) => line !== '.git/')
        .sort(),
      left('.gitignore').sort(),
    )
    assert.ok(existsSync('.gcloudignore'))
  })
})
