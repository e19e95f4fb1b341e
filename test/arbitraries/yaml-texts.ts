import fc from 'fast-check'

/** Texts of one document as people write manifests, with the oddities of YAML 1.1 and 1.2, and small slips of the hand. */
export function yamlTexts(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: written },
    { weight: 3, arbitrary: fc.tuple(written, edits).map(([text, list]) => list.reduce(edited, text)) },
    { weight: 1, arbitrary: fc.array(fc.tuple(fc.nat(5), fc.constantFrom(...PIECES)), { maxLength: 9 }).map(joined) },
  )
}

// Below, ¦ stands between two spellings.

/** Plain scalars that one version or the other, or both, read as something else than text; and what starts like one. */
const WORDS = split(
  'web¦a b¦yes¦No¦on¦OFF¦y¦N¦true¦False¦~¦null¦Null¦nUll¦NULL¦<<¦=¦--x¦-x¦0¦-0¦+1¦8080¦010¦08¦0o17¦0o8¦-0o7¦0x1F¦0b11¦0b12',
  '1_000¦_1¦1__¦12e03¦1e3¦1e400¦12e3456¦.5¦5.¦-.5¦.¦.e1¦1.2.3¦1.5e-3¦.inf¦-.INF¦+.inf¦.nan¦.NaN¦-.nan¦1:30¦190:20:30¦2026-11-28',
  '2026-11-28T10:00:00Z¦10.0.0.0/8¦fd00::/8¦::¦::1¦a:b¦a: b¦a:¦:a¦a#b¦a #b¦#a¦- a¦-¦--¦---¦a, b¦a]¦}¦,a¦ä¦a\u00a0¦\u00a0¦a\u2028b',
)
const QUOTED = split(
  '""¦"a"¦"a b"¦"a\\nb"¦"\\u0041"¦"\\x41"¦"\\/"¦"\\e"¦"a" ¦"a"#c¦"a" #c¦"a" b¦"a: b"¦"\\""¦"\\ud83d\\ude00"',
  "''¦'a'¦'it''s'¦'a' #c¦'a'b¦'#'",
)
const FLOW = split(
  '[]¦{}¦[a, b]¦[ a , b ]¦[a,b]¦[a, b] #c¦[a]#c¦[a, ]¦[, a]¦[[a], {b: c}]¦{a: b}¦{ a: b }¦{a: b, c: [1, 010]}¦{a: }¦{a}¦{a:b}',
  '{"a": b}¦{"a":b}¦{\'a\': \'b\'}¦{a: b, a: c}¦[a: b]¦{a: b c}¦{? a}¦[yes, 1e3, ~]¦[fd00::/8, a:b]¦{cidr: fd00::/8}¦{a: -1, b: - 1}',
  '[a #c]¦{__proto__: a}¦{a: "b" , c: d}¦[-a, -, .]¦[::, a::b]¦[a:]¦{a: [}¦[]]',
)
const STRANGE = split('&a b¦*a¦!!str 1¦!x¦|¦>¦@a¦`a¦%a¦?¦? a¦|-¦|2¦>-')
const SCALARS = [...WORDS, ...QUOTED, ...FLOW, ...STRANGE]
const KEYS = split('a¦kind¦app.kubernetes.io/name¦"a"¦\'b c\'¦yes¦null¦1¦~¦<<¦__proto__¦a b¦-a¦"<<"¦"\\u0041"¦é')
const PIECES = [
  ...KEYS.flatMap((key) => [`${key}: `, `${key}:`]),
  ...SCALARS,
  ...split('- a¦- a: b¦- - a¦a: |¦-\ta¦a:\tb¦'),
]

/** Most documents have one or two oddities: with more of them nearly all would be errors. */
const scalar = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...split("web¦a b¦yes¦No¦False¦010¦0o17¦1e3¦~¦.5¦1_000¦\"a\\nb\"¦'it''s'¦[a, b]¦{a: b}¦a#b¦-1"),
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(...SCALARS) },
)
const key = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...split('b¦c¦d¦e¦f¦matchLabels¦k8s-app')) },
  { weight: 1, arbitrary: fc.constantFrom(...KEYS) },
)
const comment = fc.oneof(
  { weight: 8, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom(' # c', '  #c', '#c', ' ') },
)

/** On the line of its key or dash, or on lines below it. */
interface Written {
  readonly inline?: string
  readonly below: readonly string[]
}

const { map, list } = fc.letrec<Record<'node' | 'map' | 'list' | 'leaf' | 'literal', Written>>((tie) => ({
  node: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('leaf'), tie('literal'), tie('map'), tie('list')),
  leaf: fc.tuple(scalar, comment).map(([text, behind]) => ({ inline: `${text}${behind}`, below: [] })),
  literal: fc
    .tuple(
      fc.constantFrom('|', '|-', '|', '|-', '|+', '>', '| # c', '|1'),
      fc.array(fc.constantFrom(...split('a¦ b¦¦# c¦k: v¦  ¦- x')), { maxLength: 4 }),
      fc.nat(3),
    )
    .map(([inline, body, width]) => ({ inline, below: body.map((line) => indented(line, width)) })),
  map: fc
    .tuple(
      fc.uniqueArray(fc.tuple(key, tie('node'), comment), { selector: ([one]) => one, minLength: 1, maxLength: 3 }),
      fc.nat(2),
    )
    .map(([entries, width]) => ({
      below: entries.flatMap(([one, value, behind]) => placed(`${one}:`, value, width, behind)),
    })),
  list: fc
    .tuple(fc.array(fc.tuple(tie('node'), comment, fc.boolean()), { minLength: 1, maxLength: 3 }), fc.nat(2))
    .map(([items, width]) => ({
      below: items.flatMap(([value, behind, isCompact]) => item(value, width, behind, isCompact)),
    })),
}))

function placed(head: string, { inline, below }: Written, width: number, behind: string): readonly string[] {
  const first = inline === undefined ? `${head}${behind}` : `${head}${width === 2 ? '  ' : ' '}${inline}`
  return [first, ...below.map((line) => indented(line, width))]
}

function item(value: Written, width: number, behind: string, isCompact: boolean): readonly string[] {
  if (value.inline !== undefined || !isCompact) return placed('-', value, width + 1, behind)
  const [first = '', ...rest] = value.below
  return [`- ${' '.repeat(width)}${first}`, ...rest.map((line) => indented(line, width + 2))]
}

/** With empty lines and comments among its lines, a line of dashes before it, an end with and without a line break. */
const written = fc
  .tuple(
    fc.oneof(map, map, list),
    fc.array(fc.tuple(fc.nat(20), fc.constantFrom('', '  ', '# c', '   # c', ' #c')), { maxLength: 2 }),
    fc.constantFrom('', '', '', '---\n', '--- # c\n', '# c\n', '---  \n\n', '--- '),
    fc.constantFrom('\n', '\n', '\n', '', '\n\n', '\n# c'),
  )
  .map(([{ below }, between, before, after]) => {
    const all = [...below]
    for (const [position, line] of between) all.splice(position % (all.length + 1), 0, line)
    return `${before}${all.join('\n')}${after}`
  })

const edits = fc.array(
  fc.tuple(
    fc.nat(400),
    fc.nat(2),
    fc.constantFrom(
      ...split('¦ ¦  ¦\n¦:¦: ¦- ¦#¦ #¦"¦\'¦[¦]¦{¦}¦,¦&a ¦*a¦!t ¦|¦>¦\t¦\r\n¦\r¦~¦?¦\uFEFF¦---¦\n---\n¦\n...\n¦%¦\\'),
    ),
  ),
  { minLength: 1, maxLength: 2 },
)

function edited(text: string, [at, gone, come]: readonly [number, number, string]): string {
  const position = at % (text.length + 1)
  return text.slice(0, position) + come + text.slice(position + gone)
}

function joined(list: readonly (readonly [number, string])[]): string {
  return list.map(([width, text]) => `${indented(text, width)}\n`).join('')
}

function indented(line: string, width: number): string {
  return line === '' ? '' : ' '.repeat(width) + line
}

function split(...texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => text.split('¦'))
}
