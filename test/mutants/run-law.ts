import { LAWS } from './laws.ts'

// Runs in a process of its own, in a copy of the compiler: `run-law.ts LAW`. The first word of its output is the answer.
const name = process.argv[2] ?? ''
const law = Object.entries(LAWS).find(([one]) => one === name)?.[1]
if (law === undefined) throw new Error(`no such law: ${name}`)
try {
  await law()
  console.log('holds')
} catch (error) {
  console.log(`fails: ${error instanceof Error ? `${error.message}\n${String(error.cause)}` : String(error)}`)
}
