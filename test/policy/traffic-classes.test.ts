import { TRAFFIC, trafficClass } from '../../src/policy/traffic-classes.js'
import { seenTraffic } from '../../src/policy/traffic-facts.js'
import { assertGolden } from '../golden.js'
import { day, OBSERVATION, traffic } from './keys.js'

const BUSY = {
  ...traffic({ '2026-11-20': { accepted: 23_200 }, '2026-11-21': { refused: 7, failed: 5 } }, [
    'maps-backend.googleapis.com',
    'translate.googleapis.com',
  ]),
}

describe('A class of traffic', () => {
  it('has its words for people, in lists, in tables and in sentences', () => {
    const calls = seenTraffic({ usage: BUSY, evidence: OBSERVATION.evidence })
    if (calls === undefined) throw new Error('known traffic is seen')
    const seen = { ...calls, stoppedOn: day('2026-11-21') }
    const lines = TRAFFIC.flatMap((name) => {
      const { words, brief, clause } = trafficClass(name)
      const asOf = day('2026-11-23')
      return [name, `  ${words(seen, asOf)}`, `  ${brief(seen, asOf)}`, `  ${clause(seen)}`]
    })
    const partly = { ...seen, partlyFailing: { since: day('2026-11-13'), accepted: 24, calls: 1_324 } }
    const hardly = { ...seen, partlyFailing: { accepted: 0, calls: 100 } }
    const { words, brief, clause } = trafficClass('accepted')
    const failing = [partly, hardly].flatMap((each) => [
      'accepted, partly failing',
      `  ${words(each, day('2026-11-23'))}`,
      `  ${brief(each, day('2026-11-23'))}`,
      `  ${clause(each)}`,
    ])
    const { words: later } = trafficClass('newly-refused')
    const years = ['in January', `  ${later(seen, day('2027-01-02'))}`]
    assertGolden('policy/traffic.txt', `${[...lines, ...failing, ...years].join('\n')}\n`)
  })
})
