import { GEMINI_API, type Key, type Project } from '../../model.js'

/** Google's pages that remedies lead to. */

const CONSOLE = 'https://console.cloud.google.com/apis/'

/** Where a key's restrictions are seen and edited. */
export function keyPage({ uid }: Pick<Key, 'uid'>, project: Pick<Project, 'id'>): string {
  const path = uid === '' ? 'credentials' : `credentials/key/${encodeURIComponent(uid.toWellFormed())}`
  return inProject(`${CONSOLE}${path}`, project)
}

/** The keys of a project. */
export function keysPage(project: Project): string {
  return inProject(`${CONSOLE}credentials`, project)
}

/** The service accounts of a project. */
export function accountsPage(project: Pick<Project, 'id'>): string {
  return inProject('https://console.cloud.google.com/iam-admin/serviceaccounts', project)
}

/** The calls of the Gemini API in a project, which can be filtered by credential. */
export function geminiTraffic(project: Project): string {
  return inProject(`${CONSOLE}api/${GEMINI_API}/metrics`, project)
}

/** The calls of all APIs in a project. */
export function allTraffic(project: Project): string {
  return inProject(`${CONSOLE}dashboard`, project)
}

/** Where keys used for the Gemini API only are restricted to it. */
export const AI_STUDIO = 'https://aistudio.google.com/api-keys'

/** What Google says of the move to auth keys. */
export const AUTH_KEYS = 'https://ai.google.dev/gemini-api/docs/api-key'

/** How websites and apps call the Gemini API without holding a key for it. */
export const FIREBASE_AI_LOGIC = 'https://firebase.google.com/docs/ai-logic'

/** What Firebase asks of the keys that it has made. */
export const FIREBASE_FAQ = 'https://firebase.google.com/docs/ai-logic/faq-and-troubleshooting'

/** What Firebase says of the keys that it makes for apps. */
export const FIREBASE_KEYS = 'https://firebase.google.com/docs/projects/api-keys'

/** What Google asks to do about a key that others may have. */
export const COMPROMISED = 'https://cloud.google.com/docs/security/compromised-credentials'

function inProject(page: string, { id }: Pick<Project, 'id'>): string {
  // URLSearchParams takes two microseconds, and nearly no ID needs it
  return PLAIN_ID.test(id) ? `${page}?project=${id}` : `${page}?${new URLSearchParams({ project: id })}`
}

const PLAIN_ID = /^[\w-]+$/
