import { quote } from 'shlex'

/** A word of a command: text that is quoted, or shell syntax of this program's own making that is not. */
export type Word = string | { readonly shell: string }

/** A command line for POSIX shells. Whatever the words hold, each reaches the program as exactly one. */
export function commandLine(...words: readonly Word[]): string {
  return words.map((word) => (typeof word === 'string' ? quote(word) : word.shell)).join(' ')
}

const END = 'END_OF_INPUT'

/** A command with text as its standard input, as it is. Throws RangeError where a line of it is the end mark. */
export function withInput(command: string, text: string): string {
  if (text.split('\n').includes(END))
    throw new RangeError(`a line of the input of a command must not be ${END}`)
  return `${command} <<'${END}'\n${text}\n${END}`
}
