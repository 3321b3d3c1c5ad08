/**
 * The service account as which an auth key acts: who holds the key may do what the account may do, within the key's
 * API targets.
 * @see https://docs.cloud.google.com/docs/authentication/api-keys
 */

/** `missing`: Google knows no such account; `unknown`: it could not be read. */
export type AccountState = 'active' | 'disabled' | 'missing' | 'unknown'

/**
 * How far an account reaches by its roles, the first that fits. `owner`: the basic role Owner or Editor; `broad`: a role
 * that gives rights, acts as others or lifts restrictions, or any role on a folder or an organization; `unknown`: not all
 * of its roles could be read, or not what a custom role permits; `narrow`: other roles; `gemini-only`: none, or none
 * that gives more than calling an enabled API.
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
  /** Its address. */
  readonly email: string
  /** The ID of the project that holds the account; its number, or absent, where the ID is not known. */
  readonly project?: string
  readonly state: AccountState
  /**
   * At most 25 roles, the widest first, by bindings that name the account itself; those of groups, domains and
   * everybody are not resolved. Absent where none could be read: unknown is never none. Where `reach` is `unknown`
   * there may be more.
   */
  readonly roles?: readonly HeldRole[]
  /** How many roles there are beyond those; absent where all are named. */
  readonly moreRoles?: number
  readonly reach: Reach
  /** How many keys that were read are bound to it, this one included. */
  readonly keys: number
  /** Whether the account was made for this key alone; absent where that is not known. */
  readonly createdForKey?: boolean
}
