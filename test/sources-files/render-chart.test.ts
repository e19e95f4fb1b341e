import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { formatDiagnostic } from '../../compiler/objects/diagnostic.ts'
import { renderChart } from '../../src/sources/files/render-chart.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** Renders `c` of a folder with a helm, which is this script; undefined: there is none. */
function render(script: string | undefined, timeout = 20_000) {
  const helm: Record<string, string> = script === undefined ? {} : { 'bin/helm': `#!/bin/sh\n${script}\n` }
  const folder = temporaryFolder({ ...helm, 'c/Chart.yaml': 'name: c\n' })
  const { sources, diagnostics } = renderChart(join(folder, 'c'), { path: join(folder, 'bin'), timeout })
  const clean = (text: string) => text.replaceAll(folder, '')
  return {
    texts: sources.map(({ file, text }) => [clean(file), clean(text)]),
    told: diagnostics.map((one) => clean(formatDiagnostic(one))),
  }
}

test('what helm prints is what is read; the chart is a folder, never a word for a registry', () => {
  expect(render('echo "$@"')).toEqual({ texts: [['/c (rendered)', 'template review /c\n']], told: [] })
})

test('it runs without plugins, without anything of its user, and without a way out', () => {
  const [[, text = ''] = []] = render(
    'echo "$PATH|$HOME|$HELM_PLUGINS|$HELM_CACHE_HOME|$HELM_CONFIG_HOME|$HELM_DATA_HOME|$HTTP_PROXY|$HTTPS_PROXY|$KUBECONFIG"',
  ).texts
  const nowhere = Array.from({ length: 5 }, () => '/nonexistent').join('|')
  expect(text).toBe(`|${nowhere}|http://127.0.0.1:9|http://127.0.0.1:9|\n`)
})

test('it has a network of its own, with nothing in it', () => {
  const [[, text = ''] = []] = render('/bin/cat /proc/net/dev /proc/net/route').texts
  expect(text).not.toMatch(/eth|en[ps]|wlan|docker|cni/)
  expect(text.match(/:/g)).toHaveLength(1)
})

describe('a helm that', () => {
  test.each([
    [
      'fails',
      'echo "Error: values do not meet the schema" >&2; exit 1',
      '/c: cannot be rendered: values do not meet the schema',
    ],
    [
      'misses a dependency',
      'echo "Error: found in Chart.yaml, but missing in charts/ directory: redis" >&2; exit 1',
      '/c: cannot be rendered: found in Chart.yaml, but missing in charts/ directory: redis; ' +
        'nothing is fetched: helm dependency build /c, before',
    ],
    ['fails without a word', 'exit 3', '/c: cannot be rendered: helm template ended with exit status 3'],
    ['prints nothing', '', 'warning: /c: helm template makes nothing of it; the answer is of nothing'],
  ])('%s is told', (_, script, line) => {
    expect(render(script).told).toEqual([line])
  })

  test('hangs is ended', () => {
    expect(render('while :; do :; done', 300)).toEqual({
      texts: [],
      told: ['/c: helm template did not end within 0.3 s; try it: helm template /c'],
    })
  })
})

test('without helm the hint says how', () => {
  expect(render(undefined).told).toEqual([
    '/c: a chart is rendered by helm, which is not in PATH; render it where helm is: helm template /c | selvedge ... -f -',
  ])
})

test('a word that is no directory is told', () => {
  const { diagnostics } = renderChart('oci://example.com/chart', { path: '', timeout: 1_000 })
  expect(diagnostics.map(formatDiagnostic)).toEqual(['oci://example.com/chart: is no directory'])
})
