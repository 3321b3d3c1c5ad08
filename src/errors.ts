/**
 * What the operator has to change before a run can start: every problem at once, none with a secret.
 * Answers exit status 2 on the command line and 500 from the function.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'

  constructor(readonly problems: readonly string[]) {
    super(
      problems.length === 1 ? `${problems[0]}` : `${problems.length} problems:\n- ${problems.join('\n- ')}`,
    )
  }
}
