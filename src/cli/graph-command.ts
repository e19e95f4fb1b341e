import { Command, Option } from 'commander'
import { type FoldBy } from '../../compiler/reach/fold.ts'
import { reachGraph } from '../../compiler/reach/reach-graph.ts'
import { dotText } from '../views/dot-text.ts'
import { mermaidText } from '../views/mermaid-text.ts'
import { pictureOf } from '../views/picture.ts'
import { reachGraphJson } from '../views/reach-graph-json.ts'
import { readClusterInput, withNotes } from './read-cluster-input.ts'
import { addReadingOptions, type ReadingFlags } from './reading-options.ts'

type Output = 'html' | 'svg' | 'dot' | 'mermaid' | 'json'

interface GraphFlags extends ReadingFlags {
  readonly output: Output
  readonly by: FoldBy
}

/** `selvedge graph`: who can reach whom, to look at. */
export function graphCommand(): Command {
  const command = new Command('graph').description('draw who can reach whom')
  return addReadingOptions(command)
    .addOption(
      new Option('--by <what>', 'fold pods that behave alike')
        .choices(['workload', 'pod', 'namespace'])
        .default('workload'),
    )
    .addOption(
      new Option(
        '-o, --output <format>',
        'html: a page to search and click; svg; dot: for Graphviz; mermaid: for Markdown; json',
      )
        .choices(['html', 'svg', 'dot', 'mermaid', 'json'])
        .default('html'),
    )
    .action(graph)
}

async function graph(flags: GraphFlags): Promise<void> {
  const cluster = await readClusterInput(flags)
  if (cluster === undefined) return
  if (flags.output === 'html') {
    // The layout engine is only for those who draw.
    const { graphPage } = await import('../views/page/graph-page.ts')
    process.stdout.write(graphPage(cluster, flags.by))
    if (process.stdout.isTTY)
      process.stderr.write('that was a page: write it into a file (> graph.html), or say -o mermaid\n')
    return
  }
  const reach = reachGraph(cluster.graph, flags.by)
  switch (flags.output) {
    case 'json':
      process.stdout.write(
        `${JSON.stringify({ ...reachGraphJson(reach), ...withNotes(cluster.notes) }, undefined, 2)}\n`,
      )
      return
    case 'svg': {
      const { graphSvg } = await import('../views/svg/graph-svg.ts')
      process.stdout.write(graphSvg(reach))
      return
    }
    case 'dot':
      process.stdout.write(dotText(pictureOf(reach)))
      return
    case 'mermaid':
      process.stdout.write(mermaidText(pictureOf(reach)))
  }
}
