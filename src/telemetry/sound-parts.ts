import { isRecord } from './ask-agent.ts'

/*
 * Parts of answers that are what they should be. An answer that came by exec is as good as the node that gave it: whoever has that node
 * must not be able to end the program of whoever asks.
 */

/** More than any agent has room for. */
const MOST = 1_000_000
/** A thousand years: more than a Date bears. */
const OLDEST_SECONDS = 31_536_000_000

export function isListOf(list: unknown, isOne: (value: Readonly<Record<string, unknown>>) => boolean): boolean {
  return Array.isArray(list) && list.length <= MOST && list.every((one) => isRecord(one) && isOne(one))
}

export function isText(value: unknown): value is string {
  return typeof value === 'string'
}

/** RFC 3339, in the span that a Date bears. */
export function isInstant(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) && !Number.isNaN(Date.parse(value))
}

/** Seconds. */
export function isAge(value: unknown): boolean {
  return isWhole(value, OLDEST_SECONDS)
}

export function isCount(value: unknown): boolean {
  return isWhole(value, Number.MAX_SAFE_INTEGER)
}

export function isWhole(value: unknown, most: number): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= most
}

/** What every agent says of itself, whatever it was asked. */
export function isOfAgent(answer: unknown): answer is Readonly<Record<string, unknown>> {
  return isRecord(answer) && isText(answer['version']) && isText(answer['node']) && isInstant(answer['at'])
}
