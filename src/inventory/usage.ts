import type { Usage } from '../model.js'

/** The traffic of a key for which Cloud Monitoring was not asked: unknown, never none. */
export const UNREAD_USAGE: Usage = {
  unknown: 'traffic was not read: this version does not ask Cloud Monitoring',
}
