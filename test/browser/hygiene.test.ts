import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import type { KeyAccount } from '../../src/account.js'
import { judgedKey } from '../../src/policy/judged-key.js'
import { builtInPolicy } from '../../src/policy/policy.js'
import { keyRecord } from '../../src/records/key-record.js'
import { affectedOf } from '../affected.js'
import { AUTH, account } from '../policy/hygiene-situations.js'
import { observation } from '../policy/keys.js'
import { reportText } from '../report/html/scene.js'
import { gathered, judged, NO_POLICY, RUN, runOf } from '../report/samples.js'
import { describeInChromium, startChromium } from './chromium.js'

function key(displayName: string, of: Partial<KeyAccount>, more = {}) {
  const name = `projects/123/locations/global/keys/${displayName}`
  const named = { ...AUTH.key, displayName, name, uid: `uid-${displayName}` }
  return judgedKey(
    observation({ ...AUTH, ...more, key: named, account: account(of) }),
    builtInPolicy(),
    RUN.asOf,
    'UTC',
  )
}

const KEYS = [
  key('shared', { keys: 2 }),
  key('twofold', { state: 'disabled' }, { restrictions: {} }),
  key('fine', {}),
  judged(),
]

describeInChromium('what is to be looked at, in the report', () => {
  let browser: Browser
  let folder: string
  let report: Page

  before(async () => {
    browser = await startChromium()
    folder = await mkdtemp(join(tmpdir(), 'hygiene-'))
    const records = KEYS.map((each) => keyRecord(each, RUN))
    const affectedKeys = records.filter(({ verdict }) => verdict === 'overdue')
    const facts = { run: runOf(KEYS), affected: affectedOf(affectedKeys), gaps: gathered([]).records(RUN) }
    const file = join(folder, 'report.html')
    await writeFile(file, await reportText({ ...facts, affectedKeys, keys: records, policy: NO_POLICY }))
    report = await (await browser.newContext()).newPage()
    await report.goto(pathToFileURL(file).href)
    await report.locator('#reading').waitFor({ state: 'hidden', timeout: 60_000 })
  })

  after(async () => {
    await browser.close()
    await rm(folder, { recursive: true })
  })

  const names = () =>
    report.locator('.line .key').evaluateAll((cells) => cells.map((cell) => cell.getAttribute('title')))

  it('stands below the affected keys, the worst first, and its tile shows it alone', async () => {
    assert.deepEqual(await names(), ['Maps web', 'twofold', 'shared'])
    await report.locator('a.tile.to-look-at').click()
    assert.deepEqual(await names(), ['twofold', 'shared'])
    assert.match(
      (await report.locator('.line').first().innerText()).replace(/\s+/g, ' '),
      /^To look at twofold .* Cannot work: its account is disabled, and 1 more Enable account or replace/,
    )
    await report.getByRole('button', { name: 'Clear filters' }).click()
  })

  it('is chosen by each of its rows, and by what is to be done', async () => {
    await report.getByLabel('Rule', { exact: true }).selectOption('auth-key-unrestricted')
    assert.deepEqual(await names(), ['twofold'])
    await report.getByRole('button', { name: 'Clear filters' }).click()
    await report.getByLabel('To do', { exact: true }).selectOption('own-account')
    assert.deepEqual(await names(), ['shared'])
    await report.getByRole('button', { name: 'Clear filters' }).click()
  })

  it('unfolds in the details of a key, each thing with its reason and steps, and the account with its roles', async () => {
    await report.locator('.line', { hasText: 'twofold' }).click()
    const dialog = report.getByRole('dialog')
    const steps = dialog.locator('.hygiene details')
    assert.equal(await steps.count(), 2)
    assert.equal(await steps.nth(0).locator('ol').isVisible(), true)
    assert.equal(await steps.nth(1).locator('ol').isVisible(), false)
    await steps.nth(1).locator('summary').click()
    await steps.nth(1).locator('ol').waitFor()
    const text = await dialog.innerText()
    for (const part of [
      'No deadline stops this auth key, but it cannot work: its account is disabled.',
      'gcloud iam service-accounts enable chat@acme-web.iam.gserviceaccount.com',
      'may call every API of its project',
      'gemini-only',
    ]) {
      assert.ok(text.includes(part), part)
    }
    const copies = dialog.getByRole('button', { name: /^Copy the command of step 1 of “/ })
    assert.equal(await copies.count(), 1)
    await report.evaluate(axe.source)
    const { violations } = await report.evaluate(() => Reflect.get(globalThis, 'axe').run())
    assert.deepEqual(
      violations.map(({ id }: { id: string }) => id),
      [],
    )
  })
})
