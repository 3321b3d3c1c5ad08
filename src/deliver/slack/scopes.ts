/**
 * Every method of Slack that is called, and the scopes of which the token needs one: the first for public channels,
 * the second for private ones. `deploy/slack-app.yaml` asks for these and no others.
 * @see https://docs.slack.dev/reference/methods
 */
export const SLACK_METHODS = {
  'auth.test': [],
  'chat.postMessage': ['chat:write'],
  'conversations.history': ['channels:history', 'groups:history'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.replies': ['channels:history', 'groups:history'],
  'files.completeUploadExternal': ['files:write'],
  'files.getUploadURLExternal': ['files:write'],
} as const satisfies Readonly<Record<string, readonly string[]>>
