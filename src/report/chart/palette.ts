import type { Rule } from '../../model.js'

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
  rule: {
    'dormant-key': 'var(--rule-dormant)',
    'unrestricted-key': 'var(--rule-unrestricted)',
    'standard-key': 'var(--rule-standard)',
  },
}

/** For pictures, which do not know where they will be looked at: dark on white. */
export const LIGHT: Palette = {
  surface: '#ffffff',
  text: '#1b1f24',
  quiet: '#58606b',
  grid: '#dde1e6',
  rule: { 'dormant-key': '#6a3fb5', 'unrestricted-key': '#b3261e', 'standard-key': '#0b5cad' },
}

/** Dashes and gaps of the lines. */
export const DASHES: Readonly<Record<Rule, string | undefined>> = {
  'dormant-key': '2 4',
  'unrestricted-key': undefined,
  'standard-key': '9 4',
}
