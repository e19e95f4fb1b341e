import { Scalar, type ScalarTag, type Tags } from 'yaml'

// kubectl reads YAML 1.1 (sigs.k8s.io/yaml), the parser 1.2. Where the two differ in what a plain word is, the author of a
// manifest must hear what the cluster would make of it: `tier: yes` is a boolean there, `port: 010` is 8.

const TRUE = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/
const FALSE = /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/
const INTEGER = /^[-+]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]+|[0-9][0-9_]*)$/
const FLOAT = /^[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?$/

const booleans: ScalarTag = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: new RegExp(`${TRUE.source}|${FALSE.source}`),
  resolve: (text) => new Scalar(TRUE.test(text)),
}

const integers: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: INTEGER,
  resolve: (text) => integerOf(text.replace(/_/g, '')),
}

const floats: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  test: FLOAT,
  resolve: floatOf,
}

/** What overflows is a string, such as the hash 12e3456. */
function floatOf(text: string): number | string {
  const value = Number(text.replace(/_/g, ''))
  return Number.isFinite(value) ? value : text
}

function integerOf(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1
  const digits = text.replace(/^[-+]/, '')
  const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits
  // There is no -0 among integers.
  return sign * Number(octal) + 0
}

/** The core schema's tags with these in front of its own. */
export function withYaml11Scalars(tags: Tags): Tags {
  return [booleans, integers, floats, ...tags]
}

const WORD = /^[A-Za-z_/]/
const NULL = /^(?:~|[Nn]ull|NULL)$/
const INFINITE = /^[-+]?\.(?:inf|Inf|INF)$/
const NO_NUMBER = /^\.(?:nan|NaN|NAN)$/

/** What a plain scalar that is not empty means, by the same rules without the parser. */
export function scalarOf(text: string): unknown {
  if (text.length > LONGEST_WORD && WORD.test(text)) return text
  if (NULL.test(text)) return null
  if (TRUE.test(text)) return true
  if (FALSE.test(text)) return false
  if (INTEGER.test(text)) return integerOf(text.replace(/_/g, ''))
  if (FLOAT.test(text)) return floatOf(text)
  if (INFINITE.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  return NO_NUMBER.test(text) ? Number.NaN : text
}

/** `false`: longer ones that start with a letter are text. */
const LONGEST_WORD = 5
