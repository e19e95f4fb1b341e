import { describe, expect, test } from 'vitest'
import { policyOf, specProblems } from './read-text.ts'

const specOf = (port: string) => `{ingress: [{ports: [${port}]}]}`
const AT = 'spec.ingress[0].ports[0]'

describe('ports that the API server takes', () => {
  test.each([
    ['null is all of TCP', 'null', { kind: 'all', protocol: 'TCP' }],
    ['no field is all of TCP', '{}', { kind: 'all', protocol: 'TCP' }],
    ['null fields are missing fields', '{port: null, protocol: ~, endPort: }', { kind: 'all', protocol: 'TCP' }],
    ['protocol alone', '{protocol: UDP}', { kind: 'all', protocol: 'UDP' }],
    ['number', '{port: 80}', { kind: 'range', protocol: 'TCP', from: 80, to: 80 }],
    ['lowest and highest', '{port: 1, endPort: 65535}', { kind: 'range', protocol: 'TCP', from: 1, to: 65535 }],
    [
      'endPort equal to port',
      '{port: 9, endPort: 9, protocol: SCTP}',
      { kind: 'range', protocol: 'SCTP', from: 9, to: 9 },
    ],
    ['name', '{port: http-alt, protocol: UDP}', { kind: 'name', protocol: 'UDP', name: 'http-alt' }],
    ['name of 15 bytes', '{port: abcdefghijklmno}', { kind: 'name', protocol: 'TCP', name: 'abcdefghijklmno' }],
    ['octal, as YAML 1.1 has it', '{port: 010}', { kind: 'range', protocol: 'TCP', from: 8, to: 8 }],
  ])('%s', (_, port, expected) => {
    expect(specProblems(specOf(port))).toEqual([])
    expect(policyOf(specOf(port))?.ingress).toMatchObject({ kind: 'rules', rules: [{ ports: [expected] }] })
  })
})

describe('ports that the API server refuses close the direction', () => {
  const range = 'must be between 1 and 65535, inclusive'
  test.each([
    ['{port: 70000}', [`${AT}.port: Invalid value: 70000: ${range}`]],
    ['{port: 0}', [`${AT}.port: Invalid value: 0: ${range}`]],
    ['{port: -1}', [`${AT}.port: Invalid value: -1: ${range}`]],
    ['{port: 80.5}', [`${AT}.port: Invalid value: 80.5: must be an integer`]],
    ['{port: true}', [`${AT}.port: Invalid value: true: must be a port number or a port name`]],
    ['{port: {}}', [`${AT}.port: Invalid value: {...}: must be a port number or a port name`]],
    [
      '{port: "8080"}',
      [`${AT}.port: Invalid value: "8080": must contain at least one letter (a-z); write a number without quotes`],
    ],
    [
      '{port: ""}',
      [
        `${AT}.port: Invalid value: "": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)`,
        `${AT}.port: Invalid value: "": must contain at least one letter (a-z)`,
      ],
    ],
    ['{port: abcdefghijklmnop}', [`${AT}.port: Invalid value: "abcdefghijklmnop": must be no more than 15 bytes`]],
    ['{port: a--b}', [`${AT}.port: Invalid value: "a--b": must not contain consecutive hyphens`]],
    ['{port: a-}', [`${AT}.port: Invalid value: "a-": must not begin or end with a hyphen`]],
    [
      '{port: HTTP}',
      [
        `${AT}.port: Invalid value: "HTTP": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)`,
        `${AT}.port: Invalid value: "HTTP": must contain at least one letter (a-z)`,
      ],
    ],
    [
      '{protocol: tcp}',
      [`${AT}.protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"; did you mean "TCP"?`],
    ],
    [
      '{protocol: ICMP}',
      [
        `${AT}.protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"; ` +
          'a rule without ports lets ICMP pass too; nothing narrower can',
      ],
    ],
    ['{protocol: ""}', [`${AT}.protocol: Unsupported value: "": supported values: "SCTP", "TCP", "UDP"`]],
    ['{protocol: 6}', [`${AT}.protocol: Invalid value: 6: must be a string; put it in quotes: "6"`]],
    ['{endPort: 9}', [`${AT}.endPort: Invalid value: 9: may not be specified when \`port\` is not specified`]],
    [
      '{port: http, endPort: 9}',
      [`${AT}.endPort: Invalid value: 9: may not be specified when \`port\` is non-numeric`],
    ],
    [
      '{port: 9, endPort: 8}',
      [
        `${AT}.endPort: Invalid value: 8: must be greater than or equal to \`port\`; ` +
          'port is 9; a range begins at its lower number: port: 8, endPort: 9',
      ],
    ],
    ['{port: 9, endPort: 65536}', [`${AT}.endPort: Invalid value: 65536: ${range}`]],
    ['{port: 9, endPort: "10"}', [`${AT}.endPort: Invalid value: "10": must be an integer; write it without quotes`]],
    ['{port: [], endPort: 9}', [`${AT}.port: Invalid value: [...]: must be a port number or a port name`]],
    ['[80]', [`${AT}: Invalid value: [...]: must be a mapping; write it without the leading "- "`]],
    ['80', [`${AT}: Invalid value: 80: must be a mapping`]],
  ])('%s', (port, lines) => {
    expect(specProblems(specOf(port))).toEqual(lines)
    expect(policyOf(specOf(port))?.ingress).toEqual({ kind: 'closed', reason: lines[0]!.replace(/; .*/, '') })
  })
})
