import { http } from '@google-cloud/functions-framework'
import { limitBodies } from './body-limit.js'
import { createHandler } from './handler.js'
import { Interruption } from './run/interruption.js'
import { leaveOutWarnings } from './warnings.js'

leaveOutWarnings(process)
limitBodies()

const handler = createHandler({
  env: process.env,
  now: () => new Date(),
  interruption: new Interruption(process, { reraise: true }),
  report: (error) => process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`),
})

http('audit', handler)
