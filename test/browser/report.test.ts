import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { instant } from '../policy/keys.js'
import {
  HISTORY,
  manyKeys,
  replacedBy,
  reportText,
  runsOf,
  type Sketch,
  sceneOf,
} from '../report/html/scene.js'
import { GAP } from '../report/samples.js'
import { describeInChromium, startChromium } from './chromium.js'

const READ_AT = instant('2026-11-23T07:00:04Z')
const ATTACK = '<img src=x onerror=alert(1)>'

const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] }

const KEYS: readonly Sketch[] = [
  {
    name: 'Maps web',
    verdict: 'overdue',
    calls: [1200, 3],
    history: HISTORY,
    alsoReaches: { services: ['maps-backend.googleapis.com'], more: 1_200, readAt: READ_AT },
  },
  {
    name: 'Embeddings',
    verdict: 'due',
    project: 'acme-rag',
    isStopped: true,
    replacement: replacedBy('Embeddings (auth)', 900),
  },
  { name: 'Notebook', verdict: 'overdue', project: 'acme-lab', owner: 'research', calls: [5, 0] },
  { name: ATTACK, verdict: 'overdue', project: 'sandbox', owner: '', calls: [0, 9] },
  { name: 'Chat', verdict: 'due', project: 'acme-lab', owner: 'research', calls: [70, 0] },
  { name: 'Sealed', verdict: 'unknown' },
  { name: 'Vendor', verdict: 'exempt' },
  { name: 'Old', verdict: 'latent', project: 'sandbox' },
]

/** Stopped keys first, then by state, in a state the most urgent first. */
const IN_ORDER = ['Embeddings', 'Maps web', 'Notebook', ATTACK, 'Chat', 'Sealed', 'Vendor', 'Old']

describeInChromium('the report in a browser', () => {
  let browser: Browser
  let folder: string
  let small: string
  const complaints: string[] = []

  before(async () => {
    browser = await startChromium()
    folder = await mkdtemp(join(tmpdir(), 'report-'))
    small = await page('small.html', await reportText({ ...sceneOf(KEYS, [GAP]), runs: runsOf(10) }))
  })

  after(async () => {
    await browser.close()
    await rm(folder, { recursive: true })
  })

  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
    assert.deepEqual(complaints.splice(0), [])
  })

  async function page(name: string, text: string): Promise<string> {
    await writeFile(join(folder, name), text)
    return pathToFileURL(join(folder, name)).href
  }

  /** The report at an address; whatever the page complains of or asks for fails the test. */
  async function opened(address = small, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext(options)
    const opening = await context.newPage()
    opening.on('console', (message) => complaints.push(`console: ${message.text()}`))
    opening.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
    opening.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`))
    opening.on('request', (request) => {
      if (request.url().split('#')[0] !== address.split('#')[0]) complaints.push(`request: ${request.url()}`)
    })
    await opening.goto(address)
    await opening.locator('#reading').waitFor({ state: 'hidden', timeout: 60_000 })
    return opening
  }

  const names = (report: Page) =>
    report.locator('.line .key').evaluateAll((cells) => cells.map((cell) => cell.getAttribute('title')))
  const shown = (report: Page) => report.locator('#shown').textContent()
  const hash = (report: Page) => report.evaluate(() => location.hash)
  const choice = (report: Page, name: string) => report.getByLabel(name, { exact: true })
  const heads = (report: Page, name: string) => report.getByRole('columnheader', { name, exact: true })
  const line = (report: Page, name: string) => report.locator('.line', { hasText: name })

  it('shows every affected, exempt and latent key, the most urgent ones first, names as they are', async () => {
    const report = await opened()
    assert.deepEqual(await names(report), IN_ORDER)
    assert.equal(await shown(report), '8 keys')
    assert.equal(await report.locator('img').count(), 0)
  })

  it('marks the keys that stopped working, and shows by which column it is sorted', async () => {
    const report = await opened()
    const [first] = await report.locator('.line').all()
    assert.ok(first)
    assert.match(
      await first.innerText(),
      /^Stopped working\s+Embeddings[\s\S]*Refused since Nov 18 · 7,000 calls a week/,
    )
    assert.match((await first.getAttribute('class')) ?? '', /\bstopped\b/)
    assert.equal(await heads(report, 'State').getAttribute('aria-sort'), 'ascending')
    assert.equal(await heads(report, 'State').isVisible(), true)
  })

  it('each tile is a filter of the table, and shows as many keys as it says', async () => {
    const report = await opened()
    const tiles = await report.locator('a.tile').all()
    assert.ok(tiles.length > 4)
    for (const tile of tiles) {
      await tile.click()
      await tile.and(report.locator('[aria-current=true]')).waitFor() // the address changes after the click
      assert.equal(await report.locator('[aria-current]').count(), 1)
      const number = (await tile.locator('strong').textContent()) ?? ''
      assert.equal(await shown(report), `${number} of 8 keys`)
      assert.equal((await names(report)).length, Number(number))
    }
    await tiles.at(-1)?.click()
    assert.equal(await shown(report), '8 keys', 'a second click ends it')
    assert.equal(await hash(report), '')
  })

  it('filters by state, project, owner, rule and what to do, and says how many are left', async () => {
    const report = await opened()
    await choice(report, 'State').selectOption('unused')
    assert.deepEqual(await names(report), [ATTACK])
    await report.getByRole('button', { name: 'Clear filters' }).click()
    await choice(report, 'Project').selectOption('acme-lab')
    assert.deepEqual(await names(report), ['Notebook', 'Chat'])
    await choice(report, 'State').selectOption('due')
    assert.equal(await shown(report), '1 of 8 keys')
    assert.equal(await hash(report), '#show=due&project=acme-lab')
    await report.getByRole('button', { name: 'Clear filters' }).click()
    await choice(report, 'Owner').selectOption('owner unknown')
    assert.deepEqual(await names(report), [ATTACK])
    await report.getByRole('button', { name: 'Clear filters' }).click()
    await choice(report, 'Rule').selectOption('unrestricted-key')
    assert.deepEqual(await names(report), ['Maps web', 'Notebook', ATTACK])
    await report.getByRole('button', { name: 'Clear filters' }).click()
    await choice(report, 'To do').selectOption({ index: 1 })
    const label = await choice(report, 'To do').locator('option:checked').textContent()
    assert.match(label ?? '', new RegExp(`\\(${(await names(report)).length}\\)$`))
  })

  it('finds every word of a search anywhere in a key, whatever the case', async () => {
    const report = await opened()
    await report.getByLabel('Search').fill('RESEARCH chat')
    assert.deepEqual(await names(report), ['Chat'])
    await report.getByLabel('Search').fill('uid-key-000006')
    assert.deepEqual(await names(report), ['Vendor'])
    await report.getByLabel('Search').fill('no such key')
    assert.equal(await shown(report), '0 of 8 keys')
    const none = report.locator('#none')
    assert.match(await none.innerText(), /^No key matches\.\s+Clear filters$/)
    assert.equal(await report.locator('#table').isVisible(), false)
    await none.getByRole('button', { name: 'Clear filters' }).click()
    assert.equal(await shown(report), '8 keys')
    assert.equal(await none.isVisible(), false)
    assert.equal(await report.evaluate(() => document.activeElement?.id), 'q')
  })

  it('sorts by a column, upwards and downwards, and tells screen readers', async () => {
    const report = await opened()
    await heads(report, 'Key').getByRole('button').click()
    assert.deepEqual((await names(report)).slice(0, 3), [ATTACK, 'Chat', 'Embeddings'])
    await heads(report, 'Key').getByRole('button').click()
    assert.deepEqual((await names(report)).slice(0, 3), ['Vendor', 'Sealed', 'Old'])
    assert.equal(await heads(report, 'Key').getAttribute('aria-sort'), 'descending')
    await heads(report, 'Key').getByRole('button').click()
    assert.equal(await hash(report), '', 'a third click ends it')
    await heads(report, 'What happened').getByRole('button').click()
    assert.deepEqual((await names(report)).slice(0, 3), ['Embeddings', 'Maps web', 'Chat'])
    await heads(report, 'State').getByRole('button').click()
    assert.deepEqual((await names(report)).slice(0, 3), ['Embeddings', 'Maps web', 'Notebook'])
    await heads(report, 'State').getByRole('button').click()
    assert.deepEqual((await names(report)).slice(0, 3), ['Old', 'Vendor', 'Sealed'])
  })

  it('opens a key with its facts, history and commands, and copies a command', async () => {
    const report = await opened(small, CLIPBOARD)
    await line(report, 'Maps web').click()
    const dialog = report.getByRole('dialog', { name: 'Maps web in acme-web' })
    const text = await dialog.innerText()
    for (const part of ['uid-key-000000', 'worse', '2026-06-19', '1,200 accepted, 3 refused', 'keys.list']) {
      assert.ok(text.includes(part), part)
    }
    assert.match(text, /Also reaches\s+maps-backend\.googleapis\.com, and 1,200 more/)
    await dialog.getByRole('button', { name: 'Copy the command of step 1' }).click()
    const copied = await report.evaluate(() => navigator.clipboard.readText())
    assert.match(copied, /^gcloud services api-keys update projects\/123/)
    assert.equal(await report.locator('#told').textContent(), 'Copied')
  })

  it('an address carries filter, order and open key', async () => {
    const first = await opened()
    await first.getByLabel('Search').fill('acme')
    await heads(first, 'Project').getByRole('button').click()
    await line(first, 'Chat').click()
    const address = `${small}${await hash(first)}`
    const second = await opened(address, CLIPBOARD)
    assert.equal(
      await second.getByRole('dialog').getByRole('heading', { level: 2 }).textContent(),
      'Chat in acme-lab',
    )
    await second.keyboard.press('Escape')
    assert.deepEqual(await names(second), await names(first))
    assert.equal(await second.getByLabel('Search').inputValue(), 'acme')
    assert.equal(await hash(second), '#q=acme&sort=project')
    await second.getByRole('button', { name: 'Copy link' }).click()
    assert.equal(await second.evaluate(() => navigator.clipboard.readText()), `${small}#q=acme&sort=project`)
  })

  it('what has to be done is a link to its keys, where there is no run to compare with', async () => {
    const report = await opened(await page('first.html', await reportText(sceneOf(KEYS))))
    const parts = report.locator('#development li')
    const numbers = await parts.locator('strong').allTextContents()
    assert.equal(
      numbers.reduce((sum, number) => sum + Number(number), 0),
      8,
    )
    for (const part of await parts.filter({ has: report.locator('a') }).all()) {
      await part.getByRole('link').click()
      assert.equal(await shown(report), `${await part.locator('strong').textContent()} of 8 keys`)
    }
  })

  it('what could not be read is one line that unfolds', async () => {
    const report = await opened()
    const gap = report.locator('.gaps li').first()
    assert.equal(await gap.isVisible(), false)
    await report.getByText(/^Could not read: /).click()
    assert.equal(await gap.isVisible(), true)
  })

  it('the keyboard reaches a key, opens it, closes it, and stands where it was', async () => {
    const report = await opened()
    await report.getByRole('columnheader').last().getByRole('button').focus()
    await report.keyboard.press('Tab')
    for (const key of ['ArrowDown', 'PageDown', 'ArrowUp', 'Home', 'ArrowDown', 'ArrowDown', 'ArrowDown']) {
      await report.keyboard.press(key)
    }
    await report.keyboard.press('Enter')
    assert.equal(
      await report.getByRole('dialog').getByRole('heading', { level: 2 }).textContent(),
      `${ATTACK} in sandbox`,
    )
    await report.keyboard.press('Escape')
    const focused = () =>
      report.evaluate(() => document.activeElement?.querySelector('.key')?.getAttribute('title'))
    assert.equal(await focused(), ATTACK)
    await report.keyboard.press('End')
    assert.equal(await focused(), 'Old')
    await report.keyboard.press('Home')
    assert.equal(await focused(), 'Embeddings')
  })

  it('is printed with all keys that are shown, as a plain table with margins', async () => {
    const report = await opened()
    await report.emulateMedia({ media: 'print' })
    await report.evaluate(() => dispatchEvent(new Event('beforeprint')))
    const rows = report.locator('#print tbody tr')
    assert.deepEqual(await rows.locator('td:nth-child(2)').allTextContents(), IN_ORDER)
    assert.equal(await rows.first().isVisible(), true)
    assert.equal(await report.locator('#table').isVisible(), false)
    await report.evaluate(() => dispatchEvent(new Event('afterprint')))
    assert.equal(await rows.count(), 0)
    await report.emulateMedia({ media: null })
    const pdf = await report.pdf({ preferCSSPageSize: true })
    assert.equal(pdf.subarray(0, 5).toString(), '%PDF-')
  })

  it('the table is on the first screen of a desk, and begins on that of a phone', async () => {
    const sizes = [
      [1440, 900, 5],
      [390, 844, 1],
    ] as const
    for (const [width, height, lines] of sizes) {
      const report = await opened(small, { viewport: { width, height } })
      const bottoms = await report
        .locator('.line')
        .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().top))
      assert.ok(bottoms.filter((top) => top < height).length >= lines, `${width}: ${bottoms}`)
    }
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 360]) {
      it(`axe finds nothing to complain of: ${colorScheme}, ${width} pixels wide, a key open or not`, async () => {
        const report = await opened(small, { colorScheme, viewport: { width, height: 800 } })
        assert.deepEqual(await violationsOf(report), [])
        await line(report, 'Maps web').click()
        assert.deepEqual(await violationsOf(report), [])
      })
    }
  }

  it('nothing is wider than a phone', async () => {
    const report = await opened(small, { viewport: { width: 360, height: 740 } })
    assert.equal(await report.evaluate(() => document.documentElement.scrollWidth), 360)
  })

  it('shows the hand-over to an auth key as a picture with a name, and as a table', async () => {
    const report = await opened()
    const pair = report.locator('.pairs li')
    assert.match((await pair.innerText()) ?? '', /^Embeddings → probably Embeddings \(auth\)/)
    assert.match(
      (await pair.getByRole('img').getAttribute('aria-label')) ?? '',
      /of the standard key 0 and 2,000, of the auth key 0 and 5,400$/,
    )
    await pair.getByText('The calls of 43 days').click()
    const cells = await pair.locator('tbody tr').nth(1).locator('th, td').allInnerTexts()
    assert.deepEqual(cells, ['2026-11-22', '0', '900'])
  })

  it('prints the hand-over within its frame, without the table', async () => {
    const report = await opened()
    await report.emulateMedia({ media: 'print' })
    const [frame, picture] = await Promise.all([
      report.locator('.pairs li').boundingBox(),
      report.locator('.pairs svg').boundingBox(),
    ])
    assert.ok(frame && picture && picture.width <= frame.width)
    assert.equal(await report.locator('.pairs details').isVisible(), false)
  })

  it('a key’s dialog names the auth key that probably replaces it', async () => {
    const report = await opened()
    await line(report, 'Embeddings').click()
    const text = await report.locator('dialog dl').first().innerText()
    assert.match(text, /Replaced\s+probably by Embeddings \(auth\): It is an example/)
  })

  it('a script that is added does not run', async () => {
    const text = await reportText(sceneOf(KEYS))
    const report = await opened(
      await page('added.html', text.replace('</main>', '<script>window.added = 1</script></main>')),
    )
    assert.equal(await report.evaluate(() => 'added' in window), false)
    const refused = complaints.splice(0)
    assert.equal(refused.length, 1)
    assert.match(refused[0] ?? '', /Content Security Policy/)
  })

  it('20,000 keys: only the lines in view are in the page, and each can be reached', async function () {
    this.timeout(120_000)
    const address = await page('large.html', await reportText(sceneOf(manyKeys(20_000))))
    const report = await opened(address)
    assert.equal(await shown(report), '20,000 keys')
    assert.ok((await report.locator('.line').count()) < 100)
    await report.locator('.line').first().focus()
    await report.keyboard.press('End')
    assert.equal(await report.locator('.line:focus').getAttribute('aria-rowindex'), '20001')
    const milliseconds = await report.evaluate(timeOfFilters)
    assert.equal(await shown(report), '4,000 of 20,000 keys')
    const worst = Math.max(...milliseconds)
    if (this.test) this.test.title += ` (filtered and drawn within ${worst.toFixed(0)} ms)`
    assert.ok(worst < 5_000, `${worst} ms`)
  })
})

/** Milliseconds from each of some inputs to the frame that shows what it selects. */
async function timeOfFilters(): Promise<readonly number[]> {
  const search = document.querySelector<HTMLInputElement>('input[name=q]')
  const box = document.querySelector<HTMLSelectElement>('select[name=show]')
  if (search === null || box === null) throw new Error('no filters')
  const times: number[] = []
  for (const text of ['k', 'ke', 'key 1', 'team-7', 'no such key', '', 'due']) {
    if (text === 'due') box.value = 'due'
    else search.value = text
    const start = performance.now()
    search.dispatchEvent(new Event('input', { bubbles: true }))
    document.body.getBoundingClientRect()
    times.push(performance.now() - start)
    await new Promise((resolve) => requestAnimationFrame(resolve))
  }
  return times
}

async function violationsOf(report: Page): Promise<readonly string[]> {
  await report.evaluate(axe.source)
  const violations = await report.evaluate(async () => {
    const run = (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe
    return (await run.run()).violations
  })
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string
    readonly nodes: readonly { readonly html: string }[]
  }[]
}
