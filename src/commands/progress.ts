import ora from 'ora'
import type { ReadingListener } from '../inventory/inventory.js'
import type { Terminal } from './terminal.js'

export interface Progress {
  readonly show: ReadingListener['progress']
  stop(): void
}

/** Shows how far a reading is, on a terminal; in a pipe nothing. */
export function startProgress({ err }: Terminal): Progress {
  if (err.isTTY !== true) return { show: () => {}, stop: () => {} }
  const spinner = ora({ stream: err, text: 'Reading' }).start()
  return {
    show: (step, done, total) => {
      spinner.text =
        total === undefined ? `${step}: ${count(done)}` : `${step}: ${count(done)} of ${count(total)}`
    },
    stop: () => {
      spinner.stop()
    },
  }
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}
