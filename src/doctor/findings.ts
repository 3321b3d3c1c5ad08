import type { Policy } from '../policy/policy.js'

/** How many of something there are, as far as was counted. */
export interface Counted {
  readonly count: number
  /** Whether that is all. */
  readonly isAll: boolean
}

/** What one check finds and others go by. */
export class Findings {
  /** Projects to try rights on, most telling first: `projects/123`. */
  readonly samples = new Set<string>()
  /** Folders to try rights on: `folders/1`. */
  readonly folders = new Set<string>()
  readonly organizations = new Set<string>()
  readonly sizes: { projects: Counted[]; keys: Counted[]; gemini: Counted[] } = {
    projects: [],
    keys: [],
    gemini: [],
  }
  policy: Policy | undefined
  /** The number of projects and keys of the newest remembered run. */
  remembered: { readonly projects: number; readonly keys: number } | undefined
  /** Whose token it is: `gemini-key-audit in Acme`. */
  slackBot: string | undefined
  /** What the Slack token may do. */
  slackScopes: readonly string[] | undefined

  /** Takes note of what a project or folder lies in. */
  place(ancestors: readonly string[]): void {
    for (const name of ancestors) {
      if (name.startsWith('folders/')) this.folders.add(name)
      if (name.startsWith('organizations/')) this.organizations.add(name.slice('organizations/'.length))
    }
  }
}
