import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

/** Debian's, unless the environment names another one. */
const PATH = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'

/** Nothing of these lets the browser speak to anybody by itself. */
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

/** A suite of tests that need a browser; skipped with the reason in its title where there is none. */
export function describeInChromium(title: string, tests: () => void): void {
  if (existsSync(PATH)) patiently(title, tests)
  else
    describe.skip(`${title} (no Chromium at ${PATH}: apt-get install chromium, or set CHROMIUM_PATH)`, tests)
}

/** The page never asks what time it is, and under libfaketime Chromium hangs: it keeps the machine's clock. */
export async function startChromium(): Promise<Browser> {
  const { LD_PRELOAD: _, ...env } = process.env
  return chromium.launch({ executablePath: PATH, args: ARGUMENTS, env })
}

/** A browser on a busy machine takes its time. */
function patiently(title: string, tests: () => void): void {
  describe(title, function () {
    this.timeout(60_000)
    tests()
  })
}
