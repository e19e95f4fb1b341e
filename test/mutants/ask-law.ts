import { join } from 'node:path'
import { execa } from 'execa'
import type { LawName } from './laws.ts'

/** Two cores are what the smallest supported machine has. */
const AT_ONCE = 2

let running = 0
const waiting: (() => void)[] = []

/** What the law says of the compiler in that folder: `holds`, or `fails: …`. Any other end of the process throws. */
export async function askLaw(folder: string, law: LawName): Promise<string> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
  else running += 1
  try {
    const program = join(folder, 'test/mutants/run-law.ts')
    const { stdout } = await execa(process.execPath, [program, law], { cwd: folder, timeout: 120_000 })
    if (!/^(holds|fails: )/.test(stdout)) throw new Error(`no answer: ${stdout}`)
    return stdout
  } finally {
    const next = waiting.shift()
    if (next === undefined) running -= 1
    else next()
  }
}
