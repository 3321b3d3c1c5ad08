import type { Check } from './check.js'
import { outcomeOf, troubled, untried, works } from './trial.js'

/** Stays there, since nothing is deleted; named so that who fetches `*.ndjson` passes it over. */
const PROBE = 'doctor.txt'
const CONTENT = Buffer.from('Written once by gemini-key-audit doctor, which reads it again each time.\n')

const CHANGED = { say: 'find out who can change objects there, or name another place with AUDIT_OCSF' }

/** Whether findings can be written where AUDIT_OCSF says, and compared with what an earlier attempt wrote. */
export const ocsfWrites: Check = {
  call: 'OCSF: write and read',
  actor: 'google',
  covers: ['createObject', 'readObject'],
  needs: 'Writes the findings as OCSF, an object a run, with AUDIT_OCSF.',
  otherwise: 'The run’s delivery fails: the function answers 500. Everything else is delivered.',
  isNeeded: ({ ocsf }) => ocsf !== undefined,
  try: async ({ ocsf }) => {
    if (ocsf === undefined) return []
    const outcome = await outcomeOf(async () => {
      const isNew = await ocsf.create(PROBE, CONTENT)
      const there = await ocsf.read(PROBE)
      if (there === undefined) return untried(`${PROBE} is not there`)
      if (!there.equals(CONTENT)) return troubled('fails', `${PROBE} does not hold what was written`, CHANGED)
      return works(isNew ? `wrote ${PROBE}` : `${PROBE} stands there from an earlier time`)
    })
    return [{ on: ocsf.name, outcome }]
  },
}
