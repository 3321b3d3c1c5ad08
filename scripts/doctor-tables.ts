import { readFileSync } from 'node:fs'
import type { Check } from '../src/doctor/check.js'
import { CHECKS } from '../src/doctor/checks.js'
import { KEPT_DAYS } from '../src/doctor/log-checks.js'
import { LOG_CALLS } from '../src/google/logconfig.js'
import { markdownTable } from './markdown.js'

const ACTORS: Readonly<Record<Check['actor'], string>> = {
  google: 'the credentials',
  slack: 'the bot',
  process: 'this process',
}

/** What the doctor tries, made from its table of checks. */
export function doctorTables(): Readonly<Record<string, string>> {
  const rows = Object.values<Check>(CHECKS).map(({ call, actor, needs, otherwise }) => [
    `\`${call}\``,
    ACTORS[actor],
    needs,
    otherwise,
  ])
  return {
    checks: markdownTable(['call', 'as', 'what a run needs it for', 'without it'], rows),
    'kept-days': String(KEPT_DAYS),
    'doctor-permissions': Object.values(LOG_CALLS)
      .map(({ permission }) => `\`${permission}\``)
      .join(' and '),
    'doctor-example': `\`\`\`text\n${readFileSync('test/golden/doctor/ill.txt', 'utf8').trim()}\n\`\`\``,
  }
}
