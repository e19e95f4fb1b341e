import type { Fault } from '../fault.ts'

const law = 'what stands reads as what was written, and nothing else does'
const [rule, element, ruleset] = ['rule', 'element', 'ruleset'].map((name) => `nftables/read-${name}.ts`) as [
  string,
  string,
  string,
]

/** Reading a table back: what is taken for ours though it is not is adopted, and nobody looks at it again. */
export const READING: readonly Fault[] = [
  {
    fault: 'a negation is lost',
    law,
    file: rule,
    find: "operator === '!=' ? join([field, '!=']) : field",
    replace: 'field',
  },
  {
    fault: 'jump and goto are one in a rule',
    law,
    file: rule,
    find: "return readJump(key, member(value, 'target'))",
    replace: "return readJump('goto', member(value, 'target'))",
  },
  {
    fault: 'a counter is passed over',
    law,
    file: rule,
    find: 'const statements = expressions.map(readStatement)',
    replace: "const statements = expressions.map(readStatement).filter((one) => one !== 'counter')",
  },
  {
    fault: 'a drop reads as an accept',
    law,
    file: rule,
    find: "    case 'return':\n      return key\n",
    replace: "    case 'return':\n      return key === 'drop' ? 'accept' : key\n",
  },
  {
    fault: "a block's length is not looked at",
    law,
    file: rule,
    find: '`${readValue(address, field)}/${length}`',
    replace: "`${readValue(address, field)}/${field === 'ip6 saddr' ? 10 : length}`",
  },
  {
    fault: 'of a range only the first end is read',
    law,
    file: rule,
    find: "return range.map((end) => readValue(end, field)).join('-')",
    replace: "return range.map(() => readValue(range[0] ?? null, field)).join('-')",
  },
  {
    fault: 'the mask of a comparison is not looked at',
    law,
    file: rule,
    find: 'return `ct mark & ${hex(masked[1])} == ${hex(right)}`',
    replace: 'return `ct mark & 0xfff00000 == ${hex(right)}`',
  },
  {
    fault: 'the bits that a mark keeps are not looked at',
    law,
    file: rule,
    find: 'ct mark set ct mark & ${hex((mask & ~bits) >>> 0)} |',
    replace: 'ct mark set ct mark & 0x000fffff |',
  },
  {
    fault: 'the field of a fib look-up is not looked at',
    law,
    file: rule,
    find: "text(Array.isArray(flags) ? flags.join(' . ') : flags)",
    replace: "'daddr'",
  },
  {
    fault: 'the set of a look-up is not looked at',
    law,
    file: rule,
    find: "'map', text(member(value, 'data'))",
    replace: "'map', text(member(value, 'data'))?.replace('in4', 'eg4')",
  },
  {
    fault: 'jump and goto are one in a map',
    law,
    file: element,
    find: 'readJump(word, member',
    replace: "readJump('jump', member",
  },
  {
    fault: 'an element of a concatenation is cut',
    law,
    file: element,
    find: "texts.join(' . ')",
    replace: "texts.slice(0, 2).join(' . ')",
  },
  {
    fault: 'a range of an element has one end',
    law,
    file: element,
    find: "ends.join('-')",
    replace: 'ends[0]',
  },
  {
    fault: 'where the base chain hangs is not looked at',
    law,
    file: ruleset,
    find: "typeof hook === 'string' ? HOOKS.get(hook) : undefined",
    replace: "HOOKS.get('forward')",
  },
  {
    fault: "the base chain's policy is not looked at",
    law,
    file: ruleset,
    find: " && policy === 'accept'",
    replace: '',
  },
  {
    fault: 'flags of a set are not looked at',
    law,
    file: ruleset,
    find: "interval: flags.includes('interval')",
    replace: 'interval: false',
  },
  {
    fault: 'a rule that cannot be read is left out',
    law,
    file: ruleset,
    find: "if (typeof owner === 'string') chains",
    replace: "if (typeof owner === 'string' && readRule(member(rule, 'expr')) !== undefined) chains",
  },
  {
    fault: 'what nft 1.0.2 lists is none of ours',
    law,
    file: rule,
    find: "    case 'map':\n    case 'vmap':",
    replace: "    case 'vmap':",
  },
]
