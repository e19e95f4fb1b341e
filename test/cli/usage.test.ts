import { expect, test } from 'vitest'
import { refused, selvedge, SHOP } from './run-selvedge.ts'

const LABEL = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start"
const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start"
const invalid = (option: string, value: string, why: string) =>
  `error: option '${option}' argument '${value}' is invalid. ${why}.`
const QUESTION = 'say FROM, TO and PORT; --from-labels, with its namespace, stands for FROM, and --to-labels for TO'

test.each<[string, readonly string[], string]>([
  ['an unknown command', ['comple'], "error: unknown command 'comple'\n(Did you mean compile?)"],
  ['no -f', ['compile'], "error: required option '-f, --filename <path...>' not specified"],
  ['-f without a path', ['compile', '-f'], "error: option '-f, --filename <path...>' argument missing"],
  ['an unknown flag', ['compile', '-f', SHOP, '--force'], "error: unknown option '--force'"],
  [
    'an argument too many',
    ['compile', SHOP, '-f', SHOP],
    `error: too many arguments for 'compile'. Expected 0 arguments but got 1: ${SHOP}. Manifests are given with -f: -f ${SHOP}`,
  ],
  [
    'several arguments too many',
    ['lint', 'a', '-n', 'shop', 'b'],
    "error: too many arguments for 'lint'. Expected 0 arguments but got 2: a, b. Manifests are given with -f: -f a b",
  ],
  [
    'an argument too many of a command that has some',
    ['diff', 'a', 'b', 'c', 'd'],
    "error: too many arguments for 'diff'. Expected 2 arguments but got 4: a, b, c, d.",
  ],
  [
    'an argument of a command that reads none',
    ['status', 'x'],
    "error: too many arguments for 'status'. Expected 0 arguments but got 1: x.",
  ],
  ['no word of a question', ['explain', '-f', SHOP], `error: ${QUESTION}`],
  [
    'a question behind -f, which takes it',
    ['explain', '-f', SHOP, 'frontend', 'database', '5432'],
    `error: ${QUESTION}. -f takes every word behind it (${SHOP} frontend database 5432): put it last`,
  ],
  [
    'a pod behind -f',
    ['policies', '-f', SHOP, 'frontend'],
    `error: missing required argument 'pod'. -f takes every word behind it (${SHOP} frontend): put it last`,
  ],
  [
    'an unknown format',
    ['compile', '-f', SHOP, '-o', 'yaml'],
    invalid('-o, --output <format>', 'yaml', 'Allowed choices are nft, json'),
  ],
  [
    'a --deny that is none',
    ['compile', '-f', SHOP, '--deny', 'accept'],
    invalid('--deny <how>', 'accept', 'Allowed choices are drop, reject'),
  ],
  ...['', '0x0', '0x5', '0x1ffffffff'].map((mask): [string, string[], string] => [
    `the mask ${JSON.stringify(mask)}`,
    ['compile', '-f', SHOP, `--mark-mask=${mask}`],
    invalid('--mark-mask <hex>', mask, 'give contiguous bits of 32 as hex, such as 0xfff00000'),
  ]),
  [
    'a namespace that can be none',
    ['compile', '-f', SHOP, '-n', 'My Shop'],
    invalid('-n, --namespace <name>', 'My Shop', `${LABEL} and end with an alphanumeric character`),
  ],
  [
    'a node without a name, as a variable that is not set gives it',
    ['compile', '-f', SHOP, '--node', ''],
    invalid('--node <name>', '', `${SUBDOMAIN} and end with an alphanumeric character`),
  ],
  [
    'a --pod-cidr that is none',
    ['compile', '-f', SHOP, '--pod-cidr', '10.0.0.0/33\u001b[2J'],
    '--pod-cidr 10.0.0.0/33\\u{1b}[2J: is no CIDR; give one such as 10.244.0.0/16',
  ],
  [
    'a --pod-cidr that is too small',
    ['compile', '-f', SHOP, '--pod-cidr', '10.0.0.0/31'],
    '--pod-cidr 10.0.0.0/31: has fewer addresses than the input has pods; give a larger one',
  ],
])('%s is refused: exit 2, nothing on standard output', async (_, args, line) => {
  expect(await selvedge(args)).toEqual(refused(line))
})

test('no command at all shows the help, as an error', async () => {
  const run = await selvedge([])
  expect(run).toMatchObject({ exitCode: 2, stdout: '' })
  expect(run.stderr).toMatch(/^Usage: selvedge /)
})

test('the help of -k does not promise more than the machine allows', async () => {
  const { stdout } = await selvedge(['compile', '--help'])
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
    'without network, or where the machine allows no network namespace, with a proxy that leads nowhere',
  )
})
