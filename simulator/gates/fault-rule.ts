import { SettingsError } from '../settings-error.js'
import { isSettingName, SETTINGS, type Settings } from './fault-settings.js'
import { FAULTS, type FaultName, isFaultName } from './faults.js'
import { isMeant } from './quotas.js'

/** Which of the requests that a rule means get its fault: from the first to the last, every so many, or by chance. */
export type Which =
  | { readonly kind: 'range'; readonly first: number; readonly last: number }
  | { readonly kind: 'every'; readonly step: number }
  | { readonly kind: 'chance'; readonly percent: number }

/** One fault, and the requests that get it. */
export interface FaultRule {
  /** `*` stands for any text: `storage.objects.*`. */
  readonly operation: string
  readonly fault: FaultName
  readonly which: Which
  readonly settings: Settings
}

/** How a rule is written. */
export const FAULT_FORM = 'OPERATION=FAULT[@WHICH][,SETTING=VALUE]…'

/** Which requests get a fault: all of them where a rule does not say. */
export const WHICH: Readonly<Record<string, string>> = {
  '@3': 'the third request only',
  '@1-2': 'the first two',
  '@3-': 'all from the third on',
  '@/4': 'every fourth',
  '@25%': 'a quarter of them, by chance: the same ones with the same --seed',
}

/** The rules out of their texts. Throws a `SettingsError` with all that is wrong, and with what is allowed. */
export function faultRules(texts: readonly string[], operations: readonly string[]): readonly FaultRule[] {
  const problems: string[] = []
  const rules = texts.flatMap((text) => {
    const rule = faultRule(text, operations)
    if (typeof rule !== 'string') return rule
    problems.push(`--fault ${text}: ${rule}`)
    return []
  })
  if (problems.length > 0) throw new SettingsError(problems)
  return rules
}

/** The rule, or what is wrong with its text. */
function faultRule(text: string, operations: readonly string[]): FaultRule | string {
  const [head = '', ...rest] = text.trim().split(',')
  const [, operation, fault = '', which] = /^([\w.*{}]+)=([\w-]*)(?:@(.*))?$/.exec(head) ?? []
  if (operation === undefined) return `must be ${FAULT_FORM}, such as apikeys.keys.list=429@1-2,retry-after=1`
  if (!operations.some((each) => isMeant(operation, each)))
    return `there is no operation ${operation}; there are ${operations.join(', ')}`
  if (!isFaultName(fault)) return `there is no fault "${fault}"; there are ${Object.keys(FAULTS).join(', ')}`
  const meant = which === undefined ? ALL : whichOf(which)
  if (meant === undefined) return `"@${which}" must be one of ${Object.keys(WHICH).join(', ')}`
  const settings = settingsOf(fault, rest)
  return typeof settings === 'string' ? settings : { operation, fault, which: meant, settings }
}

const ALL: Which = { kind: 'range', first: 1, last: Number.POSITIVE_INFINITY }

function whichOf(text: string): Which | undefined {
  const [, percent] = /^(\d{1,3}(?:\.\d+)?)%$/.exec(text) ?? []
  if (percent !== undefined)
    return Number(percent) <= 100 ? { kind: 'chance', percent: Number(percent) } : undefined
  const [, step] = /^\/([1-9]\d{0,6})$/.exec(text) ?? []
  if (step !== undefined) return { kind: 'every', step: Number(step) }
  const [, first, to, last] = /^([1-9]\d{0,6})(-(\d{0,7}))?$/.exec(text) ?? []
  if (first === undefined) return undefined
  const end = to === undefined ? Number(first) : last ? Number(last) : Number.POSITIVE_INFINITY
  return end < Number(first) ? undefined : { kind: 'range', first: Number(first), last: end }
}

function settingsOf(fault: FaultName, texts: readonly string[]): Settings | string {
  const allowed: readonly string[] = ['on', ...FAULTS[fault].settings]
  let settings: Settings = {}
  for (const text of texts) {
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/.exec(text) ?? []
    if (!isSettingName(name) || !allowed.includes(name))
      return `${fault} has no setting "${name}"; it has ${allowed.join(', ')}`
    const read = SETTINGS[name].read(value)
    if (read === undefined) return `${name}=${SETTINGS[name].argument}: "${value}" is not allowed`
    settings = { ...settings, ...read }
  }
  return settings
}
