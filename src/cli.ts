#!/usr/bin/env node
import { main } from './commands/main.js'
import { Interruption } from './run/interruption.js'
import { suppressWarnings } from './warnings.js'

suppressWarnings(process)

// Without a listener an error of the stream would end the process; write() sees each of them and says so.
process.stdout.on('error', () => {})

process.exitCode = await main(process.argv.slice(2), {
  out: process.stdout,
  err: process.stderr,
  env: process.env,
  now: () => new Date(),
  interruption: new Interruption(process, { reraise: false }),
})
