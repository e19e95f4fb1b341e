import { onTestFinished } from 'vitest'

const NOBODY = 65534

/** Root may read everything, as it may not under SELinux; so until the test is over we are somebody else. Who is not root stays who they are. */
export function dropRoot(): void {
  if (process.geteuid?.() !== 0) return
  process.seteuid?.(NOBODY)
  onTestFinished(() => process.seteuid?.(0))
}
