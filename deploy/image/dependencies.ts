import { execa } from 'execa'

/** What a package needs of others, of which some version is in the image. */
interface Dependency {
  readonly name: string
  readonly operator: string
  readonly version: string
}

const OPERATORS: Readonly<Record<string, string>> = { '=': 'eq', '>=': 'ge', '<=': 'le', '>>': 'gt', '<<': 'lt' }

/**
 * What does not fit together of these packages (name to control file), one sentence each: a newer nft may ask for a newer
 * libc than the suite of the others has. Packages that are not in the image are not asked for: no file of theirs is needed.
 */
export async function unmetDependencies(controls: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const versions = new Map([...controls].map(([name, control]) => [name, fieldOf(control, 'Version')]))
  const unmet: string[] = []
  for (const [name, control] of controls) {
    for (const { name: other, operator, version } of dependenciesOf(control)) {
      const found = versions.get(other)
      const words = ['--compare-versions', found ?? '', OPERATORS[operator] ?? '', version]
      if (found === undefined || (await execa('dpkg', words, { reject: false })).exitCode === 0) continue
      unmet.push(`${name} ${versions.get(name)} needs ${other} ${operator} ${version}, and ${found} is the one`)
    }
  }
  return unmet
}

function dependenciesOf(control: string): readonly Dependency[] {
  const lists = [fieldOf(control, 'Depends'), fieldOf(control, 'Pre-Depends')].join(',')
  // With a choice (a | b) another may be what it needs.
  const single = lists.split(',').filter((one) => !one.includes('|'))
  return single.flatMap((one) => {
    const [, name, operator, version] = /^\s*([a-z0-9+.-]+)(?::\w+)? \((>>|<<|>=|<=|=) (\S+)\)\s*$/.exec(one) ?? []
    return name === undefined || operator === undefined || version === undefined ? [] : [{ name, operator, version }]
  })
}

function fieldOf(control: string, field: string): string {
  return new RegExp(`^${field}: (.*)$`, 'm').exec(control)?.[1] ?? ''
}
