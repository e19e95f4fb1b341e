import type { BenchRuleset } from './bench-case.ts'

/** The baseline: conntrack, and one rule that accepts. Loaded into a second router it shows how far noise reaches. */
export function bareRuleset(name: string): BenchRuleset {
  const text = `table inet bare {
  chain forward {
    type filter hook forward priority filter + 5; policy accept;
    ct state new,established accept
  }
}
`
  return { name, text, growing: undefined }
}
