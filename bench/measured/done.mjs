/** Begins the measuring: after a script has loaded its code, before its first request. */
export function begin() {
  return { at: performance.now(), cpu: process.cpuUsage() }
}

/** Tells what the script took since it began, as its last line of output. */
export function done(begun) {
  const { user, system } = process.cpuUsage(begun.cpu)
  const measured = {
    milliseconds: Math.round(performance.now() - begun.at),
    cpu: Math.round((user + system) / 1000),
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  }
  process.stdout.write(`${JSON.stringify(measured)}\n`)
}
