import { readFileSync } from 'node:fs'

/**
 * A file of /proc or /sys with one value; undefined when it is not there or may not be read. Read at once: no disk is behind it, and
 * each way through Node's threads wakes the process three times, which costs an idle agent more than all that it reads.
 */
export function readValue(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}
