/** What a document says that it is. */
export interface DocumentHead {
  readonly apiVersion: string
  readonly kind: string
  /** Where its first field starts in the text. */
  readonly offset: number
}

/** Empty lines and comments, with the line of dashes that a piece of a file may start with. */
const BEFORE = /^(?:---[ \t]*(?:#[^\n]*)?\r?(?:\n|$))?(?:[ \t]*(?:#[^\n]*)?\r?\n)*/

/** The two fields at the margin, each a plain word, with nothing but empty lines and comments between them. */
const FIELD = /(apiVersion|kind):[ ]+([A-Za-z][A-Za-z0-9./-]*)[ ]*(?:[ ]#[^\n]*)?\r?\n(?:(?:#[^\n]*|[ ]*)\r?\n)*/y

/** Words that are no strings in YAML 1.1; no kind is called so. */
const NO_STRING = /^(?:y|yes|n|no|true|false|on|off|null)$/i

/** At the margin: one of the fields again, a key in another form, the end of the document. */
const DOUBT = /\n(?:kind\b|apiVersion\b|["'?<!&*{[%]|---|\.\.\.)|\r(?!\n)/

/**
 * apiVersion and kind of a YAML document, without parsing the rest of it; undefined where there is the least doubt. A first
 * field at the margin shows that the root is a block mapping, and then all its fields stand at the margin. So the two have
 * to be the first fields, each a plain word that no indented line continues, and no later line at the margin may name
 * either again.
 */
export function peekHead(text: string): DocumentHead | undefined {
  const offset = BEFORE.exec(text)?.[0].length ?? 0
  const words = new Map<string, string>()
  FIELD.lastIndex = offset
  let end = offset
  for (let field = FIELD.exec(text); field !== null && words.size < 2; field = FIELD.exec(text)) {
    const [, name = '', word = ''] = field
    if (words.has(name) || NO_STRING.test(word)) return undefined
    words.set(name, word)
    end = FIELD.lastIndex
  }
  const apiVersion = words.get('apiVersion')
  const kind = words.get('kind')
  if (apiVersion === undefined || kind === undefined || /^[ \t]/.test(text.slice(end, end + 1))) return undefined
  // From the line break before what follows, which may be such a line itself.
  return DOUBT.test(text.slice(end - 1)) ? undefined : { apiVersion, kind, offset }
}
