// One audit by the compiled program, as the function would make it. Tells records where LOG_PROJECT is not none.
import { begin, done } from './done.mjs'

const { BENCH_DIST = '', BENCH_MINUTE } = process.env
const { attempt } = await import(new URL('attempt.js', BENCH_DIST).href)
const minute = BENCH_MINUTE === undefined ? undefined : Number(BENCH_MINUTE)

const begun = begin()
const how = { now: () => new Date(), deliver: process.env.LOG_PROJECT !== 'none', minute }
const { run, undelivered } = await attempt({ flags: {}, env: process.env }, how)
if (run.kind === 'failed') throw new Error(run.record.error)
if (undelivered.length > 0) throw undelivered[0]
done(begun)
const { outcome, counts, records } = run.record
process.stderr.write(`${JSON.stringify({ outcome, ...counts.verdict, records: records.count })}\n`)
