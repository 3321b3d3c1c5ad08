import { FAULT_FORM, WHICH } from '../../simulator/gates/fault-rule.js'
import { SETTINGS } from '../../simulator/gates/fault-settings.js'
import { FAULTS } from '../../simulator/gates/faults.js'

/** What help says about `--fault`: every form, fault and setting. */
export function faultHelp(): string {
  const settings = Object.entries(SETTINGS).map(([name, { argument, says }]): [string, string] => [
    `${name}=${argument}`,
    says,
  ])
  const faults = Object.entries(FAULTS).map(([name, fault]): [string, string] => {
    const its = fault.settings.length > 0 ? ` (${fault.settings.join(', ')})` : ''
    return [name, fault.says + its]
  })
  return `
Faults: --fault ${FAULT_FORM}
  OPERATION is one as the simulator names it, such as apikeys.keys.list, logging.entries.write or
  slack.chat.postMessage; * stands for any text. An operation that is not there is answered with the list.
  Each rule counts the requests that it means; one that refuses keeps them from the rules behind it.

  npx gemini-key-audit simulate --fault apikeys.keys.list=429@1-2,retry-after=1
  npx gemini-key-audit simulate --fault 'storage.objects.*=503@25%' --seed 7
  npx gemini-key-audit simulate --fault monitoring.timeSeries.list=denied,on=projects/acme-web

FAULT is one of
${rows(faults)}

WHICH requests get it; without it all of them
${rows(Object.entries(WHICH))}

SETTING
${rows(settings)}`
}

function rows(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2
  return rows.map(([name, says]) => `  ${name.padEnd(width)}${says}`).join('\n')
}
