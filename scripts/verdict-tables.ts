import { ACTIONS, type Action, VERDICTS, type Verdict } from '../src/model.js'
import { MEANINGS } from '../src/policy/answers.js'
import { type ControlName, controlsNamed } from '../src/policy/controls.js'
import { GOOGLE_DEADLINES } from '../src/policy/deadlines.js'
import { HYGIENE_RULES, HYGIENE_TABLE, type HygieneRule } from '../src/policy/hygiene.js'
import { WIDE_ROLES } from '../src/policy/reach.js'
import { RULE_TABLE, RULES, type Rule } from '../src/policy/rules.js'
import { LOOK_BACK_DAYS, TRAFFIC, trafficClass } from '../src/policy/traffic-classes.js'
import { EVENT } from '../src/records/enforcement.js'
import { markdownTable } from './markdown.js'

const MEANING: Readonly<Record<Verdict, string>> = {
  overdue: 'A rule applies, its deadline has come, and no exemption holds.',
  due: 'A rule applies, its deadline is ahead, and no exemption holds.',
  unknown: 'The type of the key, or whether the Gemini API is enabled in its project, could not be read.',
  exempt: 'Rules apply, and the policy exempts the key from all of them or has switched them off.',
  latent:
    'The key could call the Gemini API, but that is not enabled in its project; once it is enabled, the rules apply from that day.',
  compliant:
    'An auth key: it meets the announced requirements of the Gemini API. What else is to be looked at is said beside it, see below.',
  'not-affected': 'The API restriction of the key leaves the Gemini API out, whatever its type.',
  deleted: 'The key was deleted and can still be restored; it is in no other count.',
}

const MEANS: Readonly<Record<Action, string>> = {
  migrate:
    'It is used, or restricted, for the Gemini API only: restrict it to that at once if it is not, then put an auth key in its place.',
  restrict: 'It was seen calling other services only: restrict it to exactly these.',
  split:
    'It calls the Gemini API and others, or lists both: a new auth key for the one, a restriction for the rest.',
  retire:
    'Nothing has called it for the whole look-back, and it is older than that: ask, shut it off, wait, delete.',
  'move-to-backend':
    'It is restricted to websites or apps and calls, or lists, the Gemini API: an auth key must not lie in a client.',
  'provider-managed':
    'By its name, which is a guess, Firebase has made it: no command, but the page of Firebase that says what to do.',
  investigate: 'What is needed to decide is not known: how to find it out, and what follows.',
  none: 'Nothing is to be done.',
}

/** The words of a verdict: what it means, which rules there are, what traffic shows, and what is to be done. */
export function verdictTables(): Readonly<Record<string, string>> {
  return {
    verdicts: meanings('verdict', 'meaning', VERDICTS, (verdict) => MEANING[verdict]),
    rules: RULES.map(ruleSection).join('\n\n'),
    hygiene: HYGIENE_RULES.map(hygieneSection).join('\n\n'),
    'wide-roles': markdownTable(
      ['role', 'lets its holder', 'see'],
      Object.entries(WIDE_ROLES).map(([role, { can, source }]) => [`\`${role}\``, can, `[page](${source})`]),
    ),
    'traffic-classes': meanings('traffic', 'meaning', TRAFFIC, (traffic) => trafficClass(traffic).meaning),
    codes: markdownTable(
      ['code', 'may mean', 'where to look'],
      MEANINGS.map(({ label, say, look, url }) => [
        label,
        say,
        url === undefined ? look : `${look} ([page](${url}))`,
      ]),
    ),
    actions: meanings('action', 'when, and what', ACTIONS, (action) => MEANS[action]),
    'look-back': String(LOOK_BACK_DAYS),
    'event-keys': String(EVENT.keys),
    'event-projects': String(EVENT.projects),
  }
}

function meanings<Word extends string>(
  head: string,
  meaning: string,
  words: readonly Word[],
  meaningOf: (word: Word) => string,
): string {
  return markdownTable(
    [head, meaning],
    words.map((word) => [`\`${word}\``, meaningOf(word)]),
  )
}

function ruleSection(rule: Rule): string {
  const { date, precision, status, source, checked, note } = GOOGLE_DEADLINES[rule]
  return `### \`${rule}\`: ${RULE_TABLE[rule].title}

${RULE_TABLE[rule].says}

Deadline ${date}${precision === 'month' ? ' (the month alone is known)' : ''}, ${status}. ${note}
Source: <${source}>, last checked on ${checked}.

${controlTable(RULE_TABLE[rule])}`
}

function hygieneSection(id: HygieneRule): string {
  const row = HYGIENE_TABLE[id]
  const asked = row.isAskedFor ? ` Only where the policy says \`hygiene: {${id}: on}\`.` : ''
  return `### \`${id}\`: ${row.title}

${row.says}

Severity ${row.severity}.${asked}

${controlTable(row)}`
}

function controlTable(row: { readonly controls: readonly ControlName[] }): string {
  const controls = controlsNamed(row.controls)
  if (controls.length === 0) return 'It speaks to no control of a standard.'
  return markdownTable(
    ['control', 'why it fits'],
    controls.map(({ standard, version, id, why, source }) => [
      `[${standard} ${version}, ${id}](${source})`,
      why,
    ]),
  )
}
