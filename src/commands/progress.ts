import ora from 'ora'
import type { RequestCount } from '../google/calls.js'
import type { ReadingListener } from '../inventory/reading.js'
import { type Terminal, write } from './terminal.js'

export interface Progress {
  readonly show: ReadingListener['progress']
  stop(): void
}

/** How much is said besides what was asked for. */
export type Loudness = 'quiet' | 'normal' | 'verbose'

/** Shows how far a reading is: on a terminal as it goes on, in a pipe only when each step is asked for. */
export function startProgress({ err }: Pick<Terminal, 'err'>, loudness: Loudness = 'normal'): Progress {
  if (loudness === 'verbose') return lines(err)
  if (err.isTTY !== true || loudness === 'quiet') return { show: () => {}, stop: () => {} }
  const spinner = ora({ stream: err, text: 'Reading' }).start()
  return {
    show: (...progress) => {
      spinner.text = said(...progress)
    },
    stop: () => {
      spinner.stop()
    },
  }
}

/** A line for each step, when the next one begins. */
function lines(err: Terminal['err']): Progress {
  let last: { readonly step: string; readonly line: string } | undefined
  const printLast = () => last !== undefined && err.write(`${last.line}\n`)
  return {
    show: (step, done, total) => {
      if (last !== undefined && last.step !== step) printLast()
      last = { step, line: said(step, done, total) }
    },
    stop: () => {
      printLast()
    },
  }
}

/** How often each operation was asked, on standard error. */
export function printRequests(requests: readonly RequestCount[], { err }: Terminal): Promise<void> {
  const sum = requests.reduce((all, { answered, failed }) => all + answered + failed, 0)
  const rows = requests.map(({ service, operation, answered, failed }) => {
    const failures = failed === 0 ? '' : `, ${count(failed)} of them failed`
    return `  ${service} ${operation}: ${count(answered + failed)}${failures}\n`
  })
  return write(err, `Requests: ${count(sum)}\n${rows.join('')}`)
}

function said(step: string, done: number, total?: number): string {
  return total === undefined ? `${step}: ${count(done)}` : `${step}: ${count(done)} of ${count(total)}`
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}
