import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import type { Browser } from 'playwright-core'
import { AFFECTED_VERDICTS } from '../../src/model.js'
import { openHygiene } from '../../src/records/findings.js'
import type { KeyRecord } from '../../src/records/key-record.js'
import { withVisibleControls } from '../../src/records/visible-text.js'
import type { DigestFacts } from '../../src/report/digest/digest-facts.js'
import type { ReportFacts } from '../../src/report/html/data.js'
import { htmlReport } from '../../src/report/html/report.js'
import { describeInChromium, startChromium } from '../browser/chromium.js'
import { keysIn } from '../report/html/scene.js'
import { cases } from './cases.js'
import { digestFacts } from './records.js'

type Facts = DigestFacts & Pick<ReportFacts, 'affectedKeys'> & { readonly keys: readonly KeyRecord[] }

const reports: fc.Arbitrary<Facts> = digestFacts.map((facts) => ({
  ...facts,
  affectedKeys: facts.keys.filter(({ verdict }) => AFFECTED_VERDICTS.includes(verdict)),
}))

async function reportOf(facts: ReportFacts): Promise<string> {
  let text = ''
  for await (const part of htmlReport(facts)) text += part
  return text
}

const TAG = /<(\/?[a-z][a-z0-9]*|!--|!doctype)\b[^>]*>?/gi

/** The tags of a page in their order, lists of the same ones as one; script and style elements without content. */
function tagsOf(html: string): readonly string[] {
  const bare = html.replaceAll(/<(script|style)\b([^>]*)>.*?<\/\1>/gs, '<$1$2></$1>')
  return [...bare.matchAll(TAG)].map(([, name = '']) => name.toLowerCase())
}

/** All elements that the report's own markup has. */
const OWN = [
  'small',
  ...[
    '!doctype',
    'html',
    'head',
    'meta',
    'title',
    'style',
    'body',
    'a',
    'header',
    'p',
    'h1',
    'h2',
    'h3',
    'main',
  ],
  ...[
    'nav',
    'section',
    'svg',
    'rect',
    'ul',
    'li',
    'strong',
    'div',
    'details',
    'summary',
    'code',
    'noscript',
    'form',
    'label',
    'input',
  ],
  ...['select', 'option', 'fieldset', 'legend', 'span', 'output', 'button', 'dialog', 'script', 'footer'],
]

const IN_TABLE: readonly string[] = [...AFFECTED_VERDICTS, 'exempt', 'latent']

describe('Hostile names in the HTML report', function () {
  this.timeout(60_000)

  it('bring no element, attribute or script of their own', async () => {
    await fc.assert(
      fc.asyncProperty(reports, async (facts) => {
        const html = await reportOf(facts)
        const tags = tagsOf(html).map((name) => name.replace('/', ''))
        assert.deepEqual(
          [...new Set(tags)].filter((name) => !OWN.includes(name)),
          [],
        )
        assert.doesNotMatch(html.replaceAll(/<(script|style)\b.*?<\/\1>/gs, ''), /<[^>]*\son[a-z]+=/)
        assert.equal(html.match(/<script\b/g)?.length, 3)
        for (const [, url = ''] of html.matchAll(/\bhref="([^"]*)"/g)) assert.match(url, /^(https:\/\/|#)/)
      }),
      cases(80),
    )
  })

  it('are carried as data that is the same again', async () => {
    await fc.assert(
      fc.asyncProperty(reports, async (facts) => {
        const html = await reportOf(facts)
        const listed = facts.keys.filter(
          (record) => IN_TABLE.includes(record.verdict) || openHygiene(record).length > 0,
        )
        assert.equal(keysIn(html).length, listed.length)
      }),
      cases(60),
    )
  })
})

describeInChromium('Hostile names in the HTML report in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hostile-report-'))
  let browser: Browser

  before(async () => {
    browser = await startChromium()
  })

  after(async () => {
    await browser.close()
    rmSync(folder, { recursive: true })
  })

  it('are shown as they are, and run, fetch and open nothing', async () => {
    const samples = fc.sample(reports, cases(3))
    for (const [index, facts] of samples.entries()) {
      const file = join(folder, `${index}.html`)
      writeFileSync(file, await reportOf(facts))
      const page = await browser.newPage()
      const complaints: string[] = []
      page.on('console', (message) => complaints.push(message.text()))
      page.on('pageerror', (error) => complaints.push(String(error)))
      page.on('dialog', (dialog) => complaints.push(`dialog ${dialog.message()}`))
      page.on('request', (request) => {
        if (!request.url().startsWith(pathToFileURL(file).href)) complaints.push(request.url())
      })
      await page.goto(pathToFileURL(file).href)
      await page.locator('#reading').waitFor({ state: 'hidden' })
      const dialog = page.locator('#key')
      assert.ok(!(await dialog.isVisible()), 'a key is open that nobody has opened')
      const rows = page.locator('#table .line')
      for (let row = 0; row < Math.min(await rows.count(), 3); row += 1) {
        await rows.nth(row).click()
        assert.ok(((await dialog.textContent()) ?? '').length > 100)
        await page.keyboard.press('Escape')
        await dialog.waitFor({ state: 'hidden', timeout: 5_000 })
      }
      assert.equal(await page.evaluate('window.obeyed'), undefined)
      assert.equal(
        await page.evaluate(
          'document.querySelectorAll("img, svg:not(figure svg, #development > svg), link, base, iframe").length',
        ),
        0,
      )
      const scope = facts.run.scope[0] ?? ''
      assert.ok((await page.locator('header p').first().textContent())?.includes(withVisibleControls(scope)))
      assert.deepEqual(complaints, [])
      await page.close()
    }
  })
})
