import type { Project } from '../../model.js'
import { commandLine, type Word } from '../shell.js'

/** The flag that names a project. */
export function ofProject(project: Project): Word {
  return withId(project, (id) => `--project=${id}`)
}

/** The flag that names a service account of a project, by its ID in the project. */
export function asServiceAccount(project: Project, account: string): Word {
  return withId(project, (id) => `--service-account=${emailOf(account, id)}`)
}

/** The e-mail address of a service account of a project. */
export function serviceAccount(project: Project, account: string): Word {
  return withId(project, (id) => emailOf(account, id))
}

/** @see https://cloud.google.com/iam/docs/service-account-types#user-managed on IDs such as `example.com:acme` */
function emailOf(account: string, projectId: string): string {
  return `${account}@${projectId.split(':').toReversed().join('.')}.iam.gserviceaccount.com`
}

/** A word with the project's ID in it. Where only the number is known, the shell asks gcloud for the ID. */
function withId({ id, number }: Project, word: (id: string) => string): Word {
  if (id !== number) return word(id)
  const ask = commandLine('gcloud', 'projects', 'describe', number, '--format=value(projectId)')
  return { shell: `"${word(`$(${ask})`)}"` }
}
