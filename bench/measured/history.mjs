// One question about a period by the compiled command; its answer is counted and left out.
import { Writable } from 'node:stream'
import { begin, done } from './done.mjs'

const { BENCH_DIST = '', BENCH_QUESTION = '[]' } = process.env
const { main } = await import(new URL('main.js', BENCH_DIST).href)

let characters = 0
const out = new Writable({
  write(chunk, _encoding, written) {
    characters += chunk.length
    written()
  },
})
const begun = begin()
const status = await main(JSON.parse(BENCH_QUESTION), {
  ...{ out, err: process.stderr, env: process.env },
  now: () => new Date(),
})
if (status !== 0) throw new Error(`history ended with ${status}`)
done(begun)
process.stderr.write(`${characters} characters\n`)
