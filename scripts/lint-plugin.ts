/** A part of the tree that oxlint hands to a rule (ESTree); only what is looked at here. */
interface Node {
  readonly type: string
  readonly argument?: Node
  readonly arguments?: readonly Node[]
  readonly elements?: readonly (Node | null)[]
  readonly consequent?: Node
  readonly alternate?: Node
}

interface Context {
  report(finding: { readonly node: Node; readonly message: string }): void
}

/**
 * V8 puts every argument of a call on the stack, and refuses some 125,000: `list.push(...more)` works until a cluster
 * is large. A list that cannot grow with the input may say so: `// oxlint-disable-next-line selvedge/no-spread-into-call
 * -- why it is bounded`.
 */
const noSpreadIntoCall = {
  create(context: Context) {
    function check(call: Node): void {
      for (const node of call.arguments ?? []) {
        if (node.type === 'SpreadElement' && !isWrittenOut(node.argument)) {
          context.report({
            node,
            message: 'a call takes some 125,000 arguments: loop, or concat, where the list may grow',
          })
        }
      }
    }
    return { CallExpression: check, NewExpression: check }
  },
}

/** Is it an array, or a choice of arrays, whose elements all stand in the source? */
function isWrittenOut(node: Node | undefined): boolean {
  if (node?.type === 'ConditionalExpression') return isWrittenOut(node.consequent) && isWrittenOut(node.alternate)
  return node?.type === 'ArrayExpression' && (node.elements ?? []).every((each) => each?.type !== 'SpreadElement')
}

// oxlint takes a plugin as the default export.
export default { meta: { name: 'selvedge' }, rules: { 'no-spread-into-call': noSpreadIntoCall } }
