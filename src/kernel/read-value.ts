import { readFile } from 'node:fs/promises'

/** A file of /proc or /sys with one value; undefined when it is not there or may not be read. */
export async function readValue(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch {
    return undefined
  }
}
