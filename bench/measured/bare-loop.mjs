// The least that any reader of the same pages has to do: fetch and parse them. Pages of one listing come one after
// the other, since each has the token of the next; what is asked project by project goes 16 at once, beside them.
import { readFileSync } from 'node:fs'
import { begin, done } from './done.mjs'
import { writeAll } from './logging-alone.mjs'

const AT_ONCE = 16
const LISTINGS = ['cloudasset.assets.list', 'cloudasset.searchAllResources']

/** Operations with the addresses that were asked, in their order. */
const asked = JSON.parse(readFileSync(process.env.BENCH_ASKED, 'utf8'))

const begun = begin()
await Promise.all(
  Object.entries(asked).map(([operation, urls]) => readAll(urls, LISTINGS.includes(operation) ? 1 : AT_ONCE)),
)
const { BENCH_ENTRIES: entries } = process.env
if (entries !== undefined) await writeAll(JSON.parse(readFileSync(entries, 'utf8')))
done(begun)

async function readAll(urls, atOnce) {
  const left = urls.values()
  const reader = async () => {
    for (const url of left) await read(url)
  }
  await Promise.all(Array.from({ length: atOnce }, reader))
}

async function read(url) {
  const response = await fetch(url, { headers: { authorization: 'Bearer simulated' } })
  await response.json()
}
