import { styleText } from 'node:util'
import { withVisibleControls } from '../records/visible-text.js'
import { counted, listed, scopeText } from '../report/wording.js'
import type { Diagnosis } from './diagnosis.js'
import type { Line } from './diagnosis-lines.js'
import type { Result } from './trial.js'

const WORDS: Readonly<Record<Result, string>> = {
  works: 'ok',
  warning: 'warning',
  gaps: 'GAPS',
  fails: 'FAILS',
  untried: 'not tried',
}

const PAINT: Readonly<Record<Result, 'green' | 'yellow' | 'red' | 'dim'>> = {
  works: 'green',
  warning: 'yellow',
  gaps: 'yellow',
  fails: 'red',
  untried: 'dim',
}

/** What the doctor found, for people: a line for each check under whose identity it was made, and a last sentence. */
export function diagnosisText(diagnosis: Diagnosis, isColorful: boolean): string {
  const { checks, scope } = diagnosis
  const width = Math.max(...checks.map(({ call }) => call.length))
  const reach = Math.max(...checks.map(({ on }) => on.length))
  const identities = [...new Set(checks.map((line) => line.as))]
  const parts = identities.map((as) => {
    const lines = checks.filter((line) => line.as === as)
    return [
      `As ${withVisibleControls(as)}`,
      ...lines.map((line) => lineText(line, { call: width, on: Math.min(reach, MOST), isColorful })),
    ].join('\n')
  })
  return `What an audit of ${scopeText(scope)} needs\n\n${parts.join('\n\n')}\n\n${lastSentence(diagnosis)}\n`
}

/** How wide each part of a line is, and whether the terminal shows colours. */
interface Form {
  readonly call: number
  readonly on: number
  readonly isColorful: boolean
}

/** Longer names of resources push the rest of their own line only. */
const MOST = 48

function lineText({ call, on, result, says, otherwise, fix }: Line, form: Form): string {
  const padded = WORDS[result].padEnd(9)
  const word = form.isColorful ? styleText(PAINT[result], padded, { validateStream: false }) : padded
  const line = `  ${word}  ${call.padEnd(form.call)}  ${withVisibleControls(on).padEnd(form.on)}  ${oneLine(says)}`
  const more = [otherwise, fix === undefined ? undefined : `→ ${fix}`]
  const below = more.flatMap((text) => (text === undefined ? [] : `\n             ${oneLine(text)}`))
  return line + below.join('')
}

function oneLine(text: string): string {
  return withVisibleControls(text.replaceAll('\n', ' '))
}

function lastSentence({ checks, counts, run }: Diagnosis): string {
  const { fails, gaps, warning, untried } = counts
  const parts = [
    `${fails === 0 ? 'none' : fails} would fail the run`,
    `${gaps === 0 ? 'none' : gaps} would make gaps`,
    warning === 0 ? 'no warning' : counted(warning, 'warning'),
    ...(untried === 0 ? [] : [`${untried} not tried`]),
  ]
  return `${counted(checks.length, 'check')}: ${listed(parts)}. As far as this shows, a run ${run}.`
}
