// Runs the built command for the stand-in of npx, again and again in one process: starting one takes most of a second.
import { once } from 'node:events'
import { createWriteStream, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'

const { main } = await import(process.argv[2])

const wordsOf = (file) => readFileSync(file, 'utf8').split('\0').slice(0, -1)

async function run(call) {
  const variables = wordsOf(`${call}.env`).map((line) => [
    line.slice(0, line.indexOf('=')),
    line.slice(line.indexOf('=') + 1),
  ])
  const [out, err] = ['out', 'err'].map((name) => createWriteStream(`${call}.${name}`))
  const env = Object.fromEntries(variables)
  process.chdir(readFileSync(`${call}.folder`, 'utf8').trimEnd())
  const status = await main(wordsOf(`${call}.args`), { out, err, env, now: () => new Date() })
  await Promise.all([out, err].map((stream) => once(stream.end(), 'close')))
  return status
}

const server = createServer(async (socket) => {
  for await (const call of createInterface({ input: socket })) socket.end(`${await run(call)}\n`)
}).listen(0, '127.0.0.1', () => process.send(server.address().port))
