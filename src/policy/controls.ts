/** A control of a standard to which rules speak. Its title is its publisher's and is not repeated. */
export interface Control {
  readonly standard: Standard
  /** The edition that was looked at: others may number it otherwise. */
  readonly version: string
  /** The number of the control in that edition: `1.14`, `A.8.3`, `CC6.3`. */
  readonly id: string
  /** Why its text fits a rule that names it. */
  readonly why: string
  /** Where it was looked up. */
  readonly source: string
}

export type Standard = 'CIS Google Cloud Platform Foundation Benchmark' | 'ISO/IEC 27001' | 'SOC 2'

const CIS = { standard: 'CIS Google Cloud Platform Foundation Benchmark', version: '4.0.0' } as const
const CIS_PAGES = 'https://www.tenable.com/audits/items/CIS_Google_Cloud_Platform_Foundation_v4.0.0_L2.audit:'
const ISO = { standard: 'ISO/IEC 27001', version: '2022' } as const
const ISO_PAGES = 'https://www.isms.online/iso-27001/annex-a/'
/** The criteria of 2017, with the points of focus of 2022. */
const SOC = { standard: 'SOC 2', version: '2017' } as const

/** The controls that rules name. */
const CONTROLS = {
  'CIS 1.12': {
    ...CIS,
    id: '1.12',
    why: 'It asks that no unused key be kept; nothing has called a key with this finding.',
    source: `${CIS_PAGES}d6c0cb3b4adfda6c52f17e1d9559159f`,
  },
  'CIS 1.14': {
    ...CIS,
    id: '1.14',
    why: 'It asks that each key be restricted to the APIs that its application needs; a key with this finding may call any.',
    source: `${CIS_PAGES}2eeb2f0d6ae49da5771fe86bbd7598c7`,
  },
  'CIS 1.5': {
    ...CIS,
    id: '1.5',
    why: 'It asks that service accounts have no administrator’s rights; a key with this finding acts as one that has wide rights.',
    source: 'https://hub.guardrails.turbot.com/mods/gcp/policies/gcp-cisv4-0/r0105',
  },
  'ISO A.5.16': {
    ...ISO,
    id: 'A.5.16',
    why: 'It asks for identities that show who or what had access; the identity of a key with this finding is not its own.',
    source: `${ISO_PAGES}5-16-identity-management-2022`,
  },
  'ISO A.8.2': {
    ...ISO,
    id: 'A.8.2',
    why: 'It asks that privileged rights be few and managed; anybody who has the string of a key with this finding has them.',
    source: `${ISO_PAGES}8-2-use-of-privileged-access-rights-2022`,
  },
  'ISO A.8.3': {
    ...ISO,
    id: 'A.8.3',
    why: 'It asks that access be restricted to what is needed; a key with this finding opens every API of its project that takes keys.',
    source: `${ISO_PAGES}8-3-information-access-restriction-2022`,
  },
  'ISO A.8.5': {
    ...ISO,
    id: 'A.8.5',
    why: 'It asks for secure authentication of people and programs; a standard key names no caller, an auth key a service account.',
    source: `${ISO_PAGES}8-5-secure-authentication-2022`,
  },
  'SOC CC6.3': {
    ...SOC,
    id: 'CC6.3',
    why: 'It asks that access follow the least privilege; a key with this finding has more than its callers need.',
    source: 'https://ssae-16.com/2023/08/27/',
  },
  'SOC CC6.1': {
    ...SOC,
    id: 'CC6.1',
    why: 'It asks that callers be identified and authenticated before they get access; a standard key identifies a project and no caller.',
    source: 'https://truvocyber.com/blog/soc-2-cc6-1-logical-access-security-1',
  },
} as const satisfies Readonly<Record<string, Control>>

export type ControlName = keyof typeof CONTROLS

/** The controls of a rule that names them. */
export function controlsNamed(names: readonly ControlName[]): readonly Control[] {
  return names.map((name) => CONTROLS[name])
}

/** `ISO/IEC 27001 2022`. */
export function standardText({ standard, version }: Pick<Control, 'standard' | 'version'>): string {
  return `${standard} ${version}`
}

/** `ISO/IEC 27001 2022 A.8.3`. */
export function controlText(control: Pick<Control, 'standard' | 'version' | 'id'>): string {
  return `${standardText(control)} ${control.id}`
}
