import type { Answer } from './call.js'

/** An error that is an answer: what a service says when it does not do what it was asked. */
export abstract class Refusal extends Error {
  abstract answer(): Answer
}
