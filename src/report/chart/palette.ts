import { byRule, RULE_TABLE, RULES, type Rule, type RuleStyle } from '../../policy/rules.js'

/** Colours as SVG and CSS have them; each also has a dash pattern and a label, so that none carries a meaning alone. */
export interface Palette {
  readonly surface: string
  readonly text: string
  readonly quiet: string
  readonly grid: string
  readonly rule: Readonly<Record<Rule, string>>
}

/** The colours of the page that the chart stands in, which knows light and dark. */
export const OF_THE_PAGE: Palette = {
  surface: 'var(--surface)',
  text: 'var(--text)',
  quiet: 'var(--quiet)',
  grid: 'var(--line)',
  rule: byRule((rule) => `var(${variableOf(rule)})`),
}

/** For pictures, which do not know where they will be looked at: dark on white. */
export const LIGHT: Palette = {
  surface: '#ffffff',
  text: '#1b1f24',
  quiet: '#58606b',
  grid: '#dde1e6',
  rule: byRule((_, { style }) => style.color.light),
}

/** The part of the page's style that the rules bring: their colours, and the line beside the section of each. */
export const RULE_STYLES = [
  `:root{${colors('light')}}`,
  `@media(prefers-color-scheme:dark){:root{${colors('dark')}}}`,
  `@media print{:root{${colors('print')}}}`,
  ...RULES.map(
    (rule) => `.rules .${rule}{border-left:4px ${RULE_TABLE[rule].style.border} var(${variableOf(rule)})}`,
  ),
].join('')

function colors(where: keyof RuleStyle['color']): string {
  return RULES.map((rule) => `${variableOf(rule)}:${RULE_TABLE[rule].style.color[where]}`).join(';')
}

function variableOf(rule: Rule): string {
  return `--rule-${rule}`
}
