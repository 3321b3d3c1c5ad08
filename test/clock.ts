/** The variables by which libfaketime gives a program another time, for programs that inherit nothing else. */
export function clockVariables(): NodeJS.ProcessEnv {
  const names = Object.keys(process.env).filter((name) => /^(LD_PRELOAD|(DONT_)?FAKE.*)$/.test(name))
  return Object.fromEntries(names.map((name) => [name, process.env[name]]))
}
