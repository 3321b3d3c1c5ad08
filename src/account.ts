/**
 * The service account as which an auth key acts: who holds the key may do what the account may do, within the key's
 * API targets.
 * @see https://docs.cloud.google.com/docs/authentication/api-keys
 */

/** `missing`: Google knows no such account; `unknown`: it could not be read. */
export type AccountState = 'active' | 'disabled' | 'missing' | 'unknown'

/**
 * How far an account reaches by its roles:
 * - `gemini-only`: it holds no role, or none that gives more than calling the Gemini API
 * - `narrow`: other roles, none of them `broad`
 * - `broad`: a role that gives rights or acts as others, or one on a folder or an organization
 * - `owner`: a basic role, Owner or Editor
 * - `unknown`: its roles could not be read, or not what one of them permits
 */
export type Reach = 'gemini-only' | 'narrow' | 'broad' | 'owner' | 'unknown'

/** A role that an account holds, by a binding that names it. */
export interface HeldRole {
  /** `roles/editor`, `projects/acme/roles/custom`. */
  readonly role: string
  /** The resource whose policy gives it: `projects/123`, `folders/7`, `organizations/9`, else its full name. */
  readonly on: string
  /** Whether the binding has a condition: it may hold at some times or for some resources only. */
  readonly conditional?: true
}

/** What is known of the account to which an auth key is bound. */
export interface KeyAccount {
  readonly email: string
  /** The ID of the project that holds the account; its number, or absent, where the ID is not known. */
  readonly project?: string
  readonly state: AccountState
  /** At most 25 roles, the widest first; absent where they could not be read: unknown is never none. */
  readonly roles?: readonly HeldRole[]
  /** How many roles there are beyond those; absent where all are named. */
  readonly moreRoles?: number
  readonly reach: Reach
  /** How many keys that were read are bound to it, this one included. */
  readonly keys: number
  /** Whether the account was made for this key alone; absent where that is not known. */
  readonly createdForKey?: boolean
}
