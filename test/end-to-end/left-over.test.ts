import assert from 'node:assert/strict'
import type { Gate } from '../../simulator/wire/call.js'
import { Stopped } from '../../src/google/time-limit.js'
import type { Instant } from '../../src/model.js'
import { attempt } from '../../src/run/attempt.js'
import { archiveIn, delivered, inDirectory, worldOf } from './remembered.js'
import { onStage } from './stage.js'

const AT_ONCE = 16
const PROJECTS = 560
const ANSWERED = 3 * AT_ONCE

/** Only a third of the projects has a key: what was left can not be seen from the keys that are known. */
const WORLD = worldOf('[]', {
  projects: Array.from({ length: PROJECTS }, (_, at) => {
    const keys = at % 3 === 0 ? `[{name: key ${at}, created: 400d ago}]` : '[]'
    return `  - {id: project-${at}, number: ${1000 + at}, services: [generativelanguage], keys: ${keys}}`
  }).join('\n'),
})

/** One day's run: which projects were asked, and what stops it. */
interface DayOfReading {
  readonly asked: Set<string>
  readonly stop: AbortController
  unanswered: number
}

/** After some projects nothing is answered any more, and the run is stopped once all hands wait in vain. */
function slow(): { readonly days: DayOfReading[]; readonly gate: Gate } {
  const days: DayOfReading[] = []
  const gate: Gate = async (call, real) => {
    if (call.operation !== 'apikeys.keys.list') return real()
    const day = days.at(-1)
    assert.ok(day)
    if (day.asked.size < ANSWERED) {
      day.asked.add(`${call.path.split('/')[3]}`)
      return real()
    }
    day.unanswered += 1
    if (day.unanswered === AT_ONCE) day.stop.abort(new Stopped('SIGTERM'))
    return { hangup: 'silence' }
  }
  return { days, gate }
}

describe('what is left for want of time', function () {
  this.timeout(30_000)

  it('is reported by its number, remembered in full, and read first the next time', () =>
    inDirectory(async (directory) => {
      const { days, gate } = slow()
      await onStage(
        WORLD,
        async ({ env }) => {
          const settings = {
            ...env,
            AUDIT_ARCHIVE: directory,
            AUDIT_INVENTORY: 'projects',
            AUDIT_NAME: 'slow',
          }
          for (const day of ['21', '22', '23']) {
            const stop = new AbortController()
            days.push({ asked: new Set(), stop, unanswered: 0 })
            const now = () => new Date(`2026-11-${day}T07:00:00Z`)
            const use = { now, deliver: true, stop: stop.signal }
            const run = delivered(await attempt({ flags: {}, env: settings }, use))
            const gap = run.gaps.find(({ missing }) => missing === 'keys')
            assert.equal(gap?.subjectCount, PROJECTS + 2 - ANSWERED)
            assert.equal(gap?.subjects.length, 500)
            assert.match(
              gap?.because ?? '',
              /^stopped by SIGTERM after 48 of 562 projects \(the same for 513 more\)$/,
            )
          }
        },
        { gates: [gate] },
      )
      const [first, second, third] = days.map(({ asked }) => asked)
      assert.ok(first && second && third)
      const everything = new Set([...first, ...second, ...third])
      assert.equal(everything.size, 3 * ANSWERED, 'no project was read twice while others waited')
      const next = '2026-11-24T07:00:00Z' as Instant
      const { baseline } = await archiveIn(directory).baseline({ audit: 'slow', time: next }, next)
      const leftFor = (numbers: ReadonlySet<string>) =>
        new Set([...numbers].map((number) => baseline?.backlog?.project(number).leftFor))
      const numbers = Array.from({ length: PROJECTS }, (_, at) => `${1000 + at}`)
      const never = new Set(numbers.filter((number) => !everything.has(number)))
      assert.deepEqual(
        [never, first, second, third].map((each) => [...leftFor(each)]),
        [[3], [2], [1], [0]],
      )
    }))
})
