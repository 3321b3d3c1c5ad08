// Google's libraries look for a metadata server unless told that there is none.
process.env['METADATA_SERVER_DETECTION'] = 'none'
process.env['TZ'] = process.env['TEST_ZONE'] ?? 'Pacific/Auckland' // no test may depend on the machine's zone
for (const name of ['GOOGLE_APPLICATION_CREDENTIALS', 'GOOGLE_CLOUD_PROJECT', 'SLACK_BOT_TOKEN']) {
  delete process.env[name]
}
