interface Pair {
  readonly from: string
  readonly to: string
}

interface Citation {
  readonly policy: string
  readonly rule: string
  readonly file?: string
  readonly line?: number
}

/** Each connection with the rules by which the one end may connect to the other at all, as `graph -o csv` has them. */
export function rulesBehindPairs(edges: readonly Pair[], csv: string): readonly object[] {
  const rules = new Map<string, Citation[]>()
  for (const [from = '', to = '', , because = ''] of csvRows(csv)) {
    const key = JSON.stringify([from, to])
    rules.set(key, [...(rules.get(key) ?? []), ...because.split('; ').flatMap(citation)])
  }
  return edges.map((edge) => ({ ...edge, rules: rules.get(JSON.stringify([edge.from, edge.to])) ?? [] }))
}

/** `ns/policy egress[0] (file:1)` */
function citation(text: string): readonly Citation[] {
  const [, policy, rule, file, line] = /^(\S+) (\w+\[\d+\])(?: \((.*):(\d+)\))?$/.exec(text) ?? []
  if (policy === undefined || rule === undefined) return []
  return [{ policy, rule, ...(file === undefined ? {} : { file, line: Number(line) }) }]
}

/** The rows below the head. Cells with commas stand in quotes, in which a quote is doubled. */
function csvRows(text: string): readonly (readonly string[])[] {
  return text
    .split(/\r?\n/)
    .slice(1)
    .filter((line) => line !== '')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, bare = '']) => quoted?.replaceAll('""', '"') ?? bare,
      ),
    )
}
