import { createHash } from 'node:crypto'
import type { GeminiState, Verdict } from '../model.js'
import { type Traffic, trafficClass } from './traffic-classes.js'

/** What an earlier run found at stake in a project, the most urgent first; `none` also where it found no key. */
export const STAKES = ['overdue-in-use', 'overdue', 'due-in-use', 'unknown', 'due', 'none'] as const

export type Stake = (typeof STAKES)[number]

/** What earlier runs say of a project. */
export interface EarlierProject {
  /** In how many runs in a row it was to be read, and the time was up or the run was stopped before its turn. */
  readonly leftFor: number
  readonly stake: Stake
  /** A key of it called the Gemini API when its traffic was last known; absent where none did. */
  readonly callsGemini?: true
}

/** What is known of a project when it is decided which is read first. */
export interface ProjectSigns {
  /** Absent where no run is remembered. */
  readonly earlier?: EarlierProject | undefined
  /** What the inventory shows of its candidates; `unseen` where there is no inventory of it. */
  readonly candidates: 'unrestricted' | 'unseen' | 'restricted'
  readonly gemini: GeminiState
  /** From 0 to below 1, from `tieBreakOf`: decides between equals. */
  readonly tieBreak: number
}

const CANDIDATES = ['restricted', 'unseen', 'unrestricted'] as const
const GEMINI = ['off', 'unknown', 'on'] as const

/**
 * How urgent it is to look at a project: the greater, the earlier. First those for which the run before
 * had no time left, the longest waiting ones before others; then by what was at stake in them, by whether the
 * Gemini API is on, and by their candidates.
 */
export function readingPriorityOf({ earlier, candidates, gemini, tieBreak }: ProjectSigns): number {
  const { leftFor = 0, stake = 'none' } = earlier ?? {}
  const atStake = STAKES.length - 1 - STAKES.indexOf(stake)
  const inventory = GEMINI.indexOf(gemini) * CANDIDATES.length + CANDIDATES.indexOf(candidates)
  return leftFor * 100 + atStake * 10 + inventory + tieBreak
}

/** What a key puts at stake, by its verdict and its traffic. */
export function stakeOf(verdict: Verdict, traffic: Traffic | undefined): Stake {
  const state = traffic && trafficClass(traffic).state
  const inUse = state === 'works' || state === 'stopped'
  switch (verdict) {
    case 'overdue':
      return inUse ? 'overdue-in-use' : 'overdue'
    case 'due':
      return inUse ? 'due-in-use' : 'due'
    case 'unknown':
      return 'unknown'
    case 'exempt':
    case 'latent':
    case 'compliant':
    case 'not-affected':
    case 'deleted':
      return 'none'
  }
}

/** Whether traffic shows calls of the Gemini API, whatever was answered. */
export function isCallingGemini(traffic: Traffic | undefined): boolean {
  const state = traffic && trafficClass(traffic).state
  return state === 'works' || state === 'worked-earlier' || state === 'stopped' || state === 'never-works'
}

/** The one of two stakes that is more urgent. */
export function greaterStake(one: Stake, other: Stake): Stake {
  return STAKES.indexOf(one) <= STAKES.indexOf(other) ? one : other
}

/**
 * The place of a project among equals, from 0 to below 1. It changes with the salt, such as the moment of the
 * reading: where nothing is remembered, it must not be the same projects that are left each time.
 */
export function tieBreakOf(project: string, salt: string): number {
  const digest = createHash('sha256').update(`${salt} ${project}`).digest()
  return digest.readUInt32BE() / 2 ** 32
}
