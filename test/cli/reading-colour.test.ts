import { execaSync } from 'execa'
import { expect, test } from 'vitest'
import { describeWhere } from '../support/describe-where.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { MAIN } from './run-selvedge.ts'

const hasTerminal = execaSync('script', ['--version'], { reject: false }).exitCode === 0
const QUESTION = `explain frontend database 5432 -n production -f examples/shop`

/** What the command writes to a terminal, with these variables. */
function onTerminal(env: Readonly<Record<string, string>>): string {
  const command = `${process.execPath} ${MAIN} ${QUESTION}`
  const options = {
    cwd: PROJECT_ROOT,
    env: { ...env, TERM: 'xterm' },
    reject: false,
    stripFinalNewline: false,
  } as const
  return execaSync('script', ['-qec', command, '/dev/null'], options).stdout
}

describeWhere(hasTerminal ? undefined : 'there is no program `script`', 'on a terminal', () => {
  test('it gets colour, unless NO_COLOR says otherwise', () => {
    const [plain, colored] = [onTerminal({ NO_COLOR: '1' }), onTerminal({ NO_COLOR: '' })]
    expect(plain).not.toContain('\u001b[')
    expect(colored).toContain('\u001b[31mdenied\u001b[39m: production/frontend')
    // oxlint-disable-next-line no-control-regex
    expect(colored.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain)
  })
})
