import { HYGIENE_TABLE } from '../../../policy/hygiene.js'
import { RULE_TABLE } from '../../../policy/rules.js'
import type { KeyRecord } from '../../../records/key-record.js'
import { withVisibleControls, withVisibleControlsInData } from '../../../records/visible-text.js'
import {
  alsoReachesText,
  callsText,
  matterText,
  ownerText,
  possibilities,
  possibilityText,
  replacementText,
  rolesText,
  titleOf,
  trafficText,
} from '../../key-words.js'
import { amount, sentenceCase } from '../../wording.js'
import { copyButton } from './copying.js'
import { element } from './element.js'

/** Everything about a key, as the content of the dialog. */
export function detailsOf(record: KeyRecord): readonly Node[] {
  return [
    element('p', { class: 'impact' }, withVisibleControls(record.impact)),
    ...section('Why', whyOf(record)),
    ...section('What it may mean', meaningOf(record)),
    ...section('What to do', stepsOf(record.remedy.steps, '')),
    ...section('To look at', hygieneOf(record)),
    ...section('Facts', pairs(factsOf(record))),
    ...section('History', pairs(historyOf(record))),
    ...section('Evidence', pairs(evidenceOf(record))),
  ]
}

/** The heading of the dialog: what people call the key, and its project. */
export function headingOf(record: KeyRecord): string {
  return withVisibleControls(`${titleOf(record)} in ${record.key.project.id}`)
}

function section(title: string, content: Node | undefined): readonly Node[] {
  return content === undefined ? [] : [element('h3', {}, title), content]
}

function whyOf(record: KeyRecord): Node | undefined {
  const { findings, exemption, verdict } = record
  const lines = findings.map(
    ({ rule, deadline, status, because }) =>
      `${RULE_TABLE[rule].title}: deadline ${deadline}, ${status === 'announced' ? 'announced' : 'in force'}. ${because}`,
  )
  if (exemption !== undefined) {
    const { rules, until, reason, approvedBy } = exemption
    lines.push(
      `Exempt from “${rules.map((rule) => RULE_TABLE[rule].title).join('”, “')}” until ${until}: ${reason} (approved by ${approvedBy})`,
    )
  }
  if (lines.length === 0 && verdict === 'unknown') lines.push(sentenceCase(matterText(record)))
  if (lines.length === 0) return undefined
  return element('ul', {}, ...lines.map((line) => element('li', {}, withVisibleControls(line))))
}

function meaningOf(record: KeyRecord): Node | undefined {
  const items = possibilities(record).map((possibility) => {
    const { url } = possibility
    const item = element('li', {}, withVisibleControls(possibilityText(possibility)))
    if (url !== undefined) item.append(' ', linkTo(url))
    return item
  })
  return items.length === 0 ? undefined : element('ul', {}, ...items)
}

/** What is to be looked at, each with its reason; its steps unfold. */
function hygieneOf({ hygiene }: KeyRecord): Node | undefined {
  if (hygiene === undefined) return undefined
  return element(
    'div',
    { class: 'hygiene' },
    ...hygiene.map((finding, index) => hygieneFinding(finding, index === 0)),
  )
}

function hygieneFinding(finding: NonNullable<KeyRecord['hygiene']>[number], isFirst: boolean): Node {
  const { id, because, steps, exemption } = finding
  const { title } = HYGIENE_TABLE[id]
  const lines = [
    because,
    ...(exemption === undefined
      ? []
      : [`Exempt until ${exemption.until}: ${exemption.reason} (approved by ${exemption.approvedBy})`]),
  ]
  const shown = element('details', isFirst ? { open: '' } : {}, element('summary', {}, title))
  shown.append(...lines.map((line) => element('p', {}, withVisibleControls(line))))
  const list = stepsOf(steps, ` of “${title}”`)
  if (list !== undefined) shown.append(list)
  return shown
}

function stepsOf(steps: KeyRecord['remedy']['steps'], of: string): Node | undefined {
  if (steps.length === 0) return undefined
  return element('ol', { class: 'steps' }, ...steps.map((step, index) => stepOf(step, index, of)))
}

function stepOf(
  { say, command, url }: KeyRecord['remedy']['steps'][number],
  index: number,
  of: string,
): Node {
  const step = element('li', {}, element('p', {}, withVisibleControls(say)))
  if (command !== undefined) {
    const name = `Copy the command of step ${index + 1}${of}`
    step.append(
      element(
        'div',
        { class: 'command' },
        element('pre', {}, element('code', {}, withVisibleControlsInData(command))),
        copyButton(name, () => command),
      ),
    )
  }
  if (url !== undefined) step.append(element('p', {}, linkTo(url)))
  return step
}

function linkTo(url: string): Node | string {
  if (!url.startsWith('https://')) return withVisibleControls(url)
  return element('a', { href: url, rel: 'noreferrer', target: '_blank' }, withVisibleControls(url))
}

type Pair = readonly [name: string, value: string | undefined]

function pairs(all: readonly Pair[]): Node | undefined {
  const known = all.filter((pair): pair is readonly [string, string] => (pair[1] ?? '') !== '')
  if (known.length === 0) return undefined
  return element(
    'dl',
    {},
    ...known.flatMap(([name, value]) => [
      element('dt', {}, name),
      element('dd', {}, withVisibleControls(value)),
    ]),
  )
}

function factsOf(record: KeyRecord): readonly Pair[] {
  const { key, geminiAccess, dormant, usage, notes } = record
  return [
    ['Key', key.name],
    ['uid', key.uid],
    ['Type', key.type],
    ['Service account', key.serviceAccountEmail],
    ...accountFacts(record),
    ['Project', `${key.project.id} (${key.project.number})`],
    ['Owner', ownerText(record)],
    ['Under', key.project.ancestors.join(', ')],
    ['API restriction', [key.apiRestriction, ...key.apiTargets.map(targetText)].join(', ')],
    ['Client restriction', key.clientRestriction],
    ['Also reaches', alsoReachesText(record)],
    ['Gemini access', geminiAccess],
    ['Traffic', sentenceCase(trafficText(record))],
    ['Calls', callsText(record)],
    [
      'Last accepted',
      'unknown' in usage ? undefined : (usage.gemini.lastAccepted ?? usage.gemini.lastAcceptedSeen),
    ],
    ['Last refused', 'unknown' in usage ? undefined : usage.gemini.lastRefused],
    ['Last request', 'unknown' in usage ? undefined : usage.lastRequest],
    ['Replaced', replacementText(record)],
    ['Dormant', dormant === 'unknown' ? 'unknown' : dormant ? 'yes' : 'no'],
    ['Created', key.createTime],
    ['Updated', key.updateTime],
    ['Deleted', key.deleteTime],
    ['Notes', notes.join(', ')],
  ]
}

/** As which account an auth key acts, and what that may do. */
function accountFacts({ account }: KeyRecord): readonly Pair[] {
  if (account === undefined) return []
  const { state, reach, keys } = account
  return [
    ['Account state', state],
    ['Account reach', reach],
    ['Account roles', rolesText(account)],
    ['Keys of the account', amount(keys)],
  ]
}

function targetText({ service, methods = [] }: KeyRecord['key']['apiTargets'][number]): string {
  return methods.length === 0 ? service : `${service} (${methods.join(', ')})`
}

function historyOf(record: KeyRecord): readonly Pair[] {
  const { change, changeCause, previousVerdict, firstSeen, overdueSince } = record
  return [
    ['Since the last run', change],
    ['Because of', changeCause],
    ['Verdict before', previousVerdict],
    ['First seen', firstSeen],
    ['Overdue since', overdueSince],
  ]
}

function evidenceOf({ evidence, truncated }: KeyRecord): readonly Pair[] {
  const { key, type, services } = evidence
  return [
    ['The key', `${key.from}, ${key.readAt}`],
    ['Its type', `${type.from}, ${type.readAt}`],
    ['Enabled services', `${services.from}, ${services.readAt}`],
    ['Cut short', truncated === undefined ? undefined : Object.keys(truncated).join(', ')],
  ]
}
