import type { Key, Project, TrafficLine, World } from '../world/world.js'

const DAY_SECONDS = 86_400

/** Calls of one kind by one key, with the labels under which Cloud Monitoring keeps them. */
export interface Series {
  readonly resource: Readonly<Record<string, string>>
  readonly metric: Readonly<Record<string, string>>
  readonly line: TrafficLine
}

/** So many calls at one moment, in seconds since 1970. */
export interface Point {
  readonly second: number
  readonly calls: number
}

/** Every series of a project's consumed APIs; keys are told by the resource label `credential_id`. */
export function seriesOf(world: World, project: Project): readonly Series[] {
  return world.keysOf(project).flatMap((key) => key.traffic.map((line) => seriesOfLine(project, key, line)))
}

/** The calls of a line between two moments, both included, oldest first. */
export function pointsOf(line: TrafficLine, from: number, to: number): readonly Point[] {
  const points: Point[] = []
  const skipped = Math.ceil((from / DAY_SECONDS - 1 - line.firstDay) / line.every)
  for (let day = line.firstDay + Math.max(0, skipped) * line.every; day <= line.lastDay; day += line.every) {
    const second = day * DAY_SECONDS + line.secondOfDay
    if (second > to) break
    if (second >= from) points.push({ second, calls: line.calls })
  }
  return points
}

function seriesOfLine(project: Project, key: Key, line: TrafficLine): Series {
  return {
    line,
    resource: {
      project_id: project.id,
      service: line.service,
      method: line.method,
      version: 'v1beta',
      location: 'global',
      credential_id: `apikey:${key.uid}`,
    },
    metric: {
      response_code: String(line.code),
      response_code_class: `${Math.floor(line.code / 100)}xx`,
      protocol: 'http',
      grpc_status_code: '',
    },
  }
}
