/**
 * The pictures of README.md, light and dark, from the demo: the digest drawn from its own blocks, the report, and
 * the table on a terminal. `npm run pictures` makes them anew in the machine's Chromium.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { type Content, markup, trusted } from '../src/report/html/markup.js'
import { type Block, slackPicture } from './slack-picture.js'

const FOLDER = 'docs/pictures'

/** A README with more than that takes long to load. */
const MOST_BYTES = 150_000

const SCHEMES = ['light', 'dark'] as const

/** The font of the report's page, so that pictures do not depend on the machine's fonts. */
const FONT = readFileSync('src/report/html/page/font/inter-latin.woff2').toString('base64')

const STYLE = `
@font-face { font-family: Inter; font-weight: 100 900; src: url(data:font/woff2;base64,${FONT}) format("woff2"); }
:root { color-scheme: light dark; --page: #fff; --text: #1d1c1d; --quiet: #616061; --line: #ddd; --raised: #f6f6f6; }
@media (prefers-color-scheme: dark) {
  :root { --page: #1a1d21; --text: #e8e8e8; --quiet: #ababad; --line: #3f4347; --raised: #222529; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/22px Inter, sans-serif; }
.slack { display: grid; grid-template-columns: 36px 1fr; gap: 8px; padding: 16px 20px; }
.avatar { border-radius: 6px; height: 36px; background: #2b4fc7; color: #fff; font: 700 18px/36px Inter; text-align: center; }
p { margin: 0 0 8px; }
.from { margin: -3px 0 2px; }
.app { border-radius: 2px; padding: 0 3px; background: var(--line); font-size: 10px; }
.quiet { color: var(--quiet); font-size: 13px; }
h1 { margin: 4px 0 8px; font-size: 18px; line-height: 24px; }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: 4px 24px; margin-bottom: 8px; }
.fields p { margin: 0; white-space: pre-line; }
table { border-collapse: collapse; margin-bottom: 8px; width: 100%; font-size: 13px; line-height: 18px; }
td { border: 1px solid var(--line); padding: 4px 8px; vertical-align: top; }
tr:first-child td { background: var(--raised); font-weight: 700; }
ul { margin: 0 0 8px; padding-left: 20px; }
.buttons span { display: inline-block; border: 1px solid var(--line); border-radius: 4px; margin-right: 8px; padding: 2px 12px; font-weight: 700; font-size: 13px; }
.circle { display: inline-block; border-radius: 50%; width: 10px; height: 10px; background: #d92d20; }
.orange { background: #e8830c; }
.yellow { background: #e6b800; }
.blue { background: #2b6fd9; }
.white { border: 1px solid var(--quiet); background: none; }
.terminal { padding: 16px 20px; background: var(--raised); }
.terminal pre { margin: 0; font: 13px/17px "DejaVu Sans Mono", Menlo, Consolas, monospace; }
`

/** Lines of the terminal that make the picture. */
const LINES = 20

const demo = mkdtempSync(join(tmpdir(), 'pictures-'))
try {
  const printed = execFileSync('npx', ['tsx', 'src/cli.ts', 'demo', '--out', demo], {
    encoding: 'utf8',
    env: { ...process.env, COLUMNS: '110', NO_COLOR: '1', METADATA_SERVER_DETECTION: 'none' },
  })
  mkdirSync(FOLDER, { recursive: true })
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-lcd-text',
    ],
  })
  try {
    for (const scheme of SCHEMES) await draw(browser, scheme, printed)
  } finally {
    await browser.close()
  }
} finally {
  rmSync(demo, { recursive: true })
}

async function draw(browser: Browser, scheme: (typeof SCHEMES)[number], printed: string): Promise<void> {
  const shown = async (name: string, width: number, height: number, content?: Content) => {
    const page = await browser.newPage({ colorScheme: scheme, viewport: { width, height } })
    if (content === undefined) {
      await page.goto(pathToFileURL(join(demo, 'report.html')).href)
      await page.locator('#reading').waitFor({ state: 'hidden' })
    } else {
      await page.setContent(
        markup`<!doctype html><style>${trusted(STYLE)}</style><body>${content}</body>`.markup,
      )
    }
    await page.evaluate('document.fonts.ready')
    const path = `${FOLDER}/${name}-${scheme}.png`
    await page.screenshot({ path })
    await page.close()
    const { size } = statSync(path)
    if (size > MOST_BYTES) throw new Error(`${path} has ${size} bytes, more than ${MOST_BYTES}`)
    process.stdout.write(`${path}  ${size} bytes\n`)
  }
  // The beginning of the message, as a screen of Slack has it.
  await shown('digest', 860, 640, slackPicture(digestBlocks()))
  await shown('report', 1280, 712)
  const table = tableOf(printed)
  await shown(
    'terminal',
    940,
    32 + 17 * (LINES + 1),
    markup`<main class="terminal"><pre>${table}</pre></main>`,
  )
}

/** The first message is the digest; the others are its thread and its routes. */
function digestBlocks(): readonly Block[] {
  const [digest]: readonly { readonly blocks: readonly Block[] }[] = JSON.parse(
    readFileSync(join(demo, 'slack.json'), 'utf8'),
  )
  if (digest === undefined) throw new Error('the demo has posted nothing')
  return digest.blocks
}

/** The beginning of the table, from its upper border on. */
function tableOf(printed: string): string {
  const lines = printed.split('\n')
  const first = lines.findIndex((line) => line.startsWith('┌'))
  if (first < 0) throw new Error('the demo has printed no table')
  return ['$ npm run demo', ...lines.slice(first, first + LINES)].join('\n')
}
