/** What a rule may say of its fault. */
export interface Settings {
  /** The part of an address that a request must have; `*` stands for any text. */
  readonly on?: string
  /** Seconds. */
  readonly retryAfter?: number
  /** Seconds by which the clock of the service is ahead. */
  readonly skew?: number
  readonly bytes?: number
  readonly pageSize?: number
}

interface Setting {
  readonly argument: string
  readonly says: string
  /** The setting out of its text; undefined where it is not allowed. */
  readonly read: (text: string) => Settings | undefined
}

/** Every setting that a rule may have; `on` goes with all faults. */
export const SETTINGS = {
  on: {
    argument: 'TEXT',
    says: 'only requests with this in their address, such as projects/102; * stands for any text',
    read: (text) => (text === '' ? undefined : { on: text }),
  },
  'retry-after': {
    argument: 'SECONDS',
    says: 'what the header Retry-After asks for',
    read: (text) => number(text, (retryAfter) => ({ retryAfter })),
  },
  skew: {
    argument: 'SECONDS',
    says: 'how far the clock of the service is ahead, or behind with a minus; Retry-After is then a date',
    read: (text) => number(text, (skew) => ({ skew }), /^-?\d{1,9}$/),
  },
  bytes: {
    argument: 'NUMBER',
    says: 'how many bytes come before the answer',
    read: (text) => number(text, (bytes) => ({ bytes }), /^\d{1,12}$/),
  },
  'page-size': {
    argument: 'NUMBER',
    says: 'most items of a page',
    read: (text) => number(text, (pageSize) => ({ pageSize }), /^[1-9]\d{0,5}$/),
  },
} as const satisfies Record<string, Setting>

export type SettingName = keyof typeof SETTINGS

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name)
}

function number(
  text: string,
  setting: (value: number) => Settings,
  form = /^\d{1,6}$/,
): Settings | undefined {
  return form.test(text) ? setting(Number(text)) : undefined
}
